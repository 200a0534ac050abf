// The simulated Cloudflare: the Pages API and the sites that it serves, as two functions over a
// clock and a store.

import { randomBytes } from 'node:crypto';
import { ConnectionLost, type Fetch } from '../base/contract.ts';
import { underFault } from '../base/faults.ts';
import { type Budget, createBudget } from './budget.ts';
import type { Call } from './call.ts';
import { type CallRecord, createCallLog } from './call_log.ts';
import { errorAnswer, invalidBody, refusal, statusAnswer } from './errors.ts';
import { createIds } from './ids.ts';
import { keys, type World } from './model.ts';
import {
  type AccountOptions,
  type Behaviour,
  type CloudflareOptions,
  defaultLimits,
} from './options.ts';
import { findRoute, type Route } from './routes.ts';
import { serveSite } from './site.ts';
import { stateOf } from './state.ts';
import { verifyUploadToken } from './upload_token.ts';

export type { CallRecord } from './call_log.ts';
export type { AccountOptions, Behaviour, CloudflareOptions, Limits } from './options.ts';

/** A running simulated Cloudflare. */
export interface Cloudflare {
  /** Serves `/client/v4/...`. */
  fetch: Fetch;
  /** Serves `/sites/<host>/...`, or any path when the Host is `<name>.pages.localhost`. */
  site: Fetch;
  /** Every call so far, oldest first, at most 10,000. */
  readonly log: CallRecord[];
  /** A short picture of what is stored, as JSON. */
  state(): object;
  /** Sets what happens to the next deployments of a project, or of all (`*`). */
  behave(project: string, behaviour: Behaviour): void;
  /** Changes the settings of an account; an unknown id throws. */
  configure(account: string, change: Partial<Omit<AccountOptions, 'id'>>): void;
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
      return recorded(operation, request, path + url.search, () =>
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
    state: () => stateOf(world),
    behave: (project, behaviour) => world.store.put(keys.behaviour(project), behaviour),
    configure(id, change) {
      const account = world.accounts.find((candidate) => candidate.id === id);
      if (account === undefined) throw new RangeError(`no account ${id}`);
      Object.assign(account, change);
    },
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
    accounts: structuredClone(options.accounts),
    takenLabels: new Set(options.takenSubdomains),
    uploadsIntoGitProjects: options.uploadsIntoGitProjects ?? false,
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
  const call =
    found?.route.bearer === 'upload' ? uploadCall(common, token) : apiCall(common, token);
  const left = budget.spend(call.account.user ?? call.account.id);
  if (found === undefined) throw refusal('noRoute');
  requireAccount(call);
  for (const name of query.keys()) {
    if (!found.route.query.includes(name) || query.getAll(name).length > 1) {
      throw invalidBody('', `query parameter "${name}" is unknown or repeated`);
    }
  }
  const response = await found.route.run(call);
  response.headers.set('x-ratelimit-limit', String(world.limits.rate_calls));
  response.headers.set('x-ratelimit-remaining', String(left));
  return response;
}

type Common = Pick<Call, 'world' | 'request' | 'query' | 'params'>;

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
  if (wanted !== undefined && wanted !== call.account.id) throw refusal('authentication');
}
