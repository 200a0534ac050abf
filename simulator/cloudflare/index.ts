// The simulated Cloudflare: the Pages API and the sites that it serves, as two functions over a
// clock and a store.

import { randomBytes } from 'node:crypto';
import { ConnectionLost, type Fetch } from '../base/contract.ts';
import { underFault } from '../base/faults.ts';
import { type Budget, createBudget, type Spent } from './budget.ts';
import { createBuildHooks } from './build_hooks.ts';
import type { Call } from './call.ts';
import { type CallRecord, createCallLog } from './call_log.ts';
import { planDomain } from './domains.ts';
import { errorAnswer, invalidBody, refusal, statusAnswer } from './errors.ts';
import type { Push } from './git_source.ts';
import { findHook } from './hooks.ts';
import { createIds } from './ids.ts';
import { keys, type World } from './model.ts';
import {
  type AccountOptions,
  type Behaviour,
  type CloudflareOptions,
  type DomainPlan,
  defaultLimits,
  type HookOptions,
} from './options.ts';
import { overwrite } from './overwrite.ts';
import { type PlantedProject, plantProject } from './plant.ts';
import { type PushOutcome, receivePush } from './pushes.ts';
import { findRoute, type Route } from './routes.ts';
import { serveSite } from './site.ts';
import { stateOf } from './state.ts';
import { verifyUploadToken } from './upload_token.ts';

export type { Spent } from './budget.ts';
export type { CallRecord } from './call_log.ts';
export type { Push } from './git_source.ts';
export type {
  AccountOptions,
  Behaviour,
  BuildHook,
  BuildHookOptions,
  CloudflareOptions,
  DomainPlan,
  HookOptions,
  Limits,
} from './options.ts';
export type { PlantedProject } from './plant.ts';
export type { PushOutcome } from './pushes.ts';

/** Settings of an account that replace those it has. */
export type AccountChange = Partial<Omit<AccountOptions, 'id'>>;

/** A running simulated Cloudflare. */
export interface Cloudflare {
  /** Serves `/client/v4/...`. */
  fetch: Fetch;
  /** Serves `/sites/<host>/...`, or any path when the Host is `<name>.pages.localhost`. */
  site: Fetch;
  /** Every call so far, oldest first, at most 10,000. */
  readonly log: CallRecord[];
  /** What every user's budget was asked for since the start. */
  budgets(): Spent[];
  /** A short picture of what is stored, as JSON. */
  state(): object;
  /** Sets what happens to the next deployments of a project, or of all (`*`). */
  behave(project: string, behaviour: Behaviour): void;
  /** Changes the settings of an account for good; an unknown id throws RangeError. */
  configure(account: string, change: AccountChange): void;
  /** Changes whether deploy hooks can be listed and deleted, for good. */
  hooks(change: Partial<HookOptions>): void;
  /** Sets what the world outside does about a custom domain, whether it exists yet or not. */
  domain(name: string, plan: DomainPlan): void;
  /**
   * Puts other bytes behind the production alias of a project, until another deployment is served
   * there. An unknown name throws RangeError.
   */
  overwrite(project: string): void;
  /** Hears of a push: the automatic deployments of every project connected to the repository. */
  push(push: Push): PushOutcome[];
  /** Makes a project past the API, deployed and old; see `plantProject`. Returns its subdomain. */
  plant(account: string, project: PlantedProject): string;
}

/** A Cloudflare that continues from whatever the store holds. */
export function createCloudflare(options: CloudflareOptions): Cloudflare {
  const world = createWorld(options);
  const log = createCallLog();
  const budget = createBudget(world.clock, world.limits);
  const recorded = async (
    operation: string,
    request: Request,
    path: string,
    call: () => Promise<Response>,
  ): Promise<Response> => {
    const fault = options.faults?.take(operation);
    const at_ms = world.clock.now();
    const { method } = request;
    const ended = log.begin({ at_ms, method, path, operation, faulty: fault !== undefined });
    try {
      const surroundings = { clock: world.clock, fault, refuse: statusAnswer };
      const response = await underFault(surroundings, call);
      ended(response.status);
      return response;
    } catch (error) {
      ended(error instanceof ConnectionLost ? 0 : 500);
      throw error;
    }
  };
  return {
    async fetch(request) {
      const url = new URL(request.url);
      const path = url.pathname.replace(/^\/client\/v4\//, '/');
      const found = path === url.pathname ? undefined : findRoute(request.method, path.slice(1));
      const operation = found?.route.operation ?? 'cloudflare.unknown';
      return recorded(operation, request, withoutSecret(path + url.search), () =>
        answered(() => perform(world, budget, request, found)),
      );
    },
    async site(request) {
      const url = new URL(request.url);
      return recorded('cloudflare.site.get', request, url.host + url.pathname, async () =>
        serveSite(world, request),
      );
    },
    get log() {
      return log.records();
    },
    budgets: () => budget.spent(),
    state: () => stateOf(world),
    behave: (project, behaviour) => world.store.put(keys.behaviour(project), behaviour),
    configure(id, change) {
      const account = world.accounts.find((candidate) => candidate.id === id);
      if (account === undefined) throw new RangeError(`no account ${id}`);
      Object.assign(account, change);
      const before = world.store.get<AccountChange>(keys.account(id));
      world.store.put(keys.account(id), { ...before, ...change });
    },
    hooks(change) {
      Object.assign(world.deployHooks, change);
      world.store.put(keys.hookOptions, world.deployHooks);
    },
    domain: (name, plan) => planDomain(world, name, plan),
    overwrite: (project) => overwrite(world, project),
    push: (push) => receivePush(world, push),
    plant: (account, project) => plantProject(world, account, project),
  };
}

function createWorld(options: CloudflareOptions): World {
  const { store } = options;
  const signingKey =
    store.get<string>('cloudflare/signing_key') ?? randomBytes(32).toString('base64url');
  store.put('cloudflare/signing_key', signingKey);
  return {
    clock: options.clock,
    store,
    limits: { ...defaultLimits, ...options.limits },
    accounts: options.accounts.map((account) => ({
      ...structuredClone(account),
      ...store.get<AccountChange>(keys.account(account.id)),
    })),
    takenLabels: new Set(options.takenSubdomains),
    buildHooks: createBuildHooks(options.clock, options.buildHooks),
    deployHooks: {
      ...(options.deployHooks ?? { listed: false, deletable: true }),
      ...store.get<HookOptions>(keys.hookOptions),
    },
    git: options.git,
    ids: createIds(store, options.seed ?? 1),
    signingKey,
    checkedAssets: new Map(),
  };
}

async function answered(run: () => Promise<Response>): Promise<Response> {
  try {
    return await run();
  } catch (error) {
    const answer = errorAnswer(error);
    if (answer === undefined) throw error;
    return answer;
  }
}

async function perform(
  world: World,
  budget: Budget,
  request: Request,
  found: { route: Route; params: Record<string, string> } | undefined,
): Promise<Response> {
  const token = /^Bearer (\S+)$/.exec(request.headers.get('authorization') ?? '')?.[1] ?? '';
  const query = new URL(request.url).searchParams;
  const common = { world, request, query, params: found?.params ?? {} };
  const call = authenticated(common, token, found?.route);
  // An unknown path is paid for, too; a hook and an upload token belong to no user.
  const paid = found === undefined || found.route.bearer === 'api';
  const left = paid ? budget.spend(call.account.user ?? call.account.id) : undefined;
  if (found === undefined) throw refusal('noRoute');
  requireAccount(call);
  requirePermission(call, token, found.route);
  for (const name of query.keys()) {
    if (!found.route.query.includes(name) || query.getAll(name).length > 1) {
      throw invalidBody('', `query parameter "${name}" is unknown or repeated`);
    }
  }
  const response = await found.route.run(call);
  if (left === undefined) return response;
  response.headers.set('x-ratelimit-limit', String(world.limits.rate_calls));
  response.headers.set('x-ratelimit-remaining', String(left));
  return response;
}

// A hook's id is the secret, in a wrong call of its address, too.
function withoutSecret(path: string): string {
  return path.replace(/(\/deploy_hooks\/)[^?]+/, '$1:hook');
}

type Common = Pick<Call, 'world' | 'request' | 'query' | 'params'>;

function authenticated(common: Common, token: string, route: Route | undefined): Call {
  if (route?.bearer === 'hook') return hookCall(common);
  if (route?.bearer === 'build_hook') return buildHookCall(common);
  return route?.bearer === 'upload' ? uploadCall(common, token) : apiCall(common, token);
}

// Nobody proves anything here: the address itself is the secret, and no user pays for the call.
function hookCall(common: Common): Call {
  const found = findHook(common.world, common.params.hook ?? '');
  const account = common.world.accounts.find(({ id }) => id === found?.project.account_id);
  if (account === undefined) throw refusal('hookNotFound');
  return { ...common, account, visibleAccounts: [] };
}

function buildHookCall(common: Common): Call {
  const hook = common.world.buildHooks.find(common.params.hook ?? '');
  const account = common.world.accounts.find(({ id }) => id === hook?.account);
  if (account === undefined) throw refusal('hookNotFound');
  return { ...common, account, visibleAccounts: [] };
}

function uploadCall(common: Common, token: string): Call {
  const claims = verifyUploadToken(common.world, token);
  const account = common.world.accounts.find(({ id }) => id === claims.account_id);
  if (account === undefined) throw refusal('uploadUnauthorized');
  return { ...common, account, visibleAccounts: [], claims };
}

// The account is the one that the path names where the token may use it, so that its user pays.
function apiCall(common: Common, token: string): Call {
  const visibleAccounts = common.world.accounts.filter(({ tokens }) => tokens.includes(token));
  const named = visibleAccounts.find(({ id }) => id === common.params.account);
  const account = named ?? visibleAccounts[0];
  if (account === undefined) throw refusal('invalidToken');
  return { ...common, account, visibleAccounts };
}

function requireAccount(call: Call): void {
  const wanted = call.params.account;
  if (wanted === undefined || wanted === call.account.id) return;
  const exists = call.world.accounts.some(({ id }) => id === wanted);
  throw refusal(exists || /^[0-9a-f]{32}$/.test(wanted) ? 'authentication' : 'noRoute');
}

// Hooks and uploads carry no API token. A token may always ask about itself and its accounts.
function requirePermission(call: Call, token: string, { bearer, method, parts }: Route): void {
  if (bearer !== 'api' || !parts.includes('pages')) return;
  const given = call.account.permissions?.[token];
  if (given === 'none' || (given === 'read' && method !== 'GET')) throw refusal('authentication');
}
