// The simulated GitHub REST API: repositories that are local directories, their workflows, and the
// runs that a runner executes. Stricter than the real one where the real one is vague.

import { Hono } from 'hono';
import type { Clock, Faults, Fetch, Store } from '../base/contract.ts';
import { underFault } from '../base/faults.ts';
import type { Run, Runner } from '../runner/contract.ts';
import { type Call, conditional, json, refuse } from './answers.ts';
import { type AppBook, type AppOptions, appBook } from './apps.ts';
import { type BehaviourBook, type GithubBehaviour, openBehaviour } from './behaviour.ts';
import { type Limits, type RateLimits, rateLimits, type Spent } from './limits.ts';
import { type LogLinks, logLinks } from './log_links.ts';
import { runPage } from './pages.ts';
import { openRepositories, type RepositoryBook } from './repositories.ts';
import { ROUTES, type Route } from './routes.ts';
import { openRuns, type RunBook } from './runs.ts';
import { type WorkflowFiles, workflowFiles } from './workflows.ts';

/** What the simulated GitHub is made of. */
export interface GithubOptions {
  readonly clock: Clock;
  readonly store: Store;
  readonly faults?: Faults;
  readonly runner: Runner;
  /** Accepted as `Bearer` or `token`; each sees every repository. */
  readonly tokens: readonly string[];
  /** GitHub Apps; their installation tokens count as they were narrowed. */
  readonly apps?: readonly AppOptions[];
  /**
   * By `owner/name`: the directory that is the content of branch `main`. More of them may be
   * planted in the store.
   */
  readonly repositories: Record<string, { directory: string }>;
  readonly limits?: Limits;
  /** How long a new run is missing from lists, in milliseconds. Default 0. */
  readonly listLag_ms?: number;
  /** Decides where the ids of runs and jobs begin. */
  readonly seed?: number;
  /** Address of the API in answers. Default: where the request came in. */
  readonly apiUrl?: string;
  /** Address of the web pages in answers. Default `https://github.com`. */
  readonly webUrl?: string;
}

/** One call that was answered. `status` 0: the connection was cut. */
export interface LogEntry {
  readonly at_ms: number;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

/** The running simulation. */
export interface Github {
  /** The REST API. */
  readonly fetch: Fetch;
  /** The web page of a run, at the path of its `html_url`; for people. */
  readonly pages: Fetch;
  /** The repositories, to be read, planted and committed to. */
  readonly repositories: RepositoryBook;
  /** Changes how GitHub behaves; kept in the store. */
  behave(behaviour: GithubBehaviour): void;
  /** What every token's limits were asked for since the start. */
  budgets(): Spent[];
  /** The latest calls, oldest first, at most 10,000. */
  readonly log: LogEntry[];
}

/** What the operations work with. */
export interface Service {
  readonly runs: RunBook;
  readonly repositories: RepositoryBook;
  readonly workflows: WorkflowFiles;
  readonly limits: RateLimits;
  readonly apps: AppBook;
  readonly runner: Runner;
  readonly behaviour: BehaviourBook;
  readonly links: LogLinks;
  /** Runs that lists show by now. */
  listed(repository: string): Run[];
}

const VERSIONS = ['2022-11-28', '2026-03-10'];
const MAX_LOG = 10_000;

/** Makes the service and hands the runner its book. Runs left by an earlier process go on. */
export function createGithub(options: GithubOptions): Github {
  const { clock, store, runner } = options;
  const runs = openRuns(store, clock, options.seed);
  const repositories = openRepositories(options.repositories, store, clock);
  const behaviour = openBehaviour(store);
  const service: Service = {
    runs,
    repositories,
    workflows: workflowFiles(repositories, store, clock),
    limits: rateLimits(clock, options.limits ?? {}),
    apps: appBook(clock, options.apps ?? []),
    runner,
    behaviour,
    links: logLinks(clock),
    listed(repository) {
      const latest = clock.now() - (behaviour.listLag_ms() ?? options.listLag_ms ?? 0);
      const seen = (run: Run): boolean => run.repository === repository && run.created_ms <= latest;
      return runs.all().filter(seen);
    },
  };
  runner.attach({ runs, repositories });

  const log: LogEntry[] = [];
  const note = (operation: string, request: Request, status: number): void => {
    const path = new URL(request.url).pathname;
    log.push({ at_ms: clock.now(), operation, method: request.method, path, status });
    if (log.length > MAX_LOG) log.shift();
  };
  const app = new Hono();
  for (const route of ROUTES) {
    app.on(route.method, route.path, async (context) => {
      const request = context.req.raw;
      const fault = options.faults?.take(route.operation);
      const surroundings = { clock, fault, refuse: serverError };
      const answer = underFault(surroundings, () =>
        perform(service, options, route, request, context.req.param()),
      );
      return answer.then(
        (response) => {
          note(route.operation, request, response.status);
          return response;
        },
        (error: unknown) => {
          note(route.operation, request, 0);
          throw error;
        },
      );
    });
  }
  app.get('/_logs/*', (context) => {
    const job = service.links.jobAt(context.req.path);
    if (job === undefined) return new Response('Gone', { status: 410 });
    return context.body(runs.log(job), 200, { 'content-type': 'text/plain; charset=utf-8' });
  });
  app.notFound(() => refuse(404, 'Not Found'));
  app.onError((error) => {
    throw error;
  });
  const pages: Fetch = async (request) => runPage(runs, new URL(request.url).pathname);
  return {
    fetch: async (request) => app.fetch(request),
    pages,
    repositories,
    behave: (change) => behaviour.change(change),
    budgets: () => service.limits.spent().map((spent) => named(spent, options.tokens)),
    log,
  };
}

// Nobody is to read a token off a test's output.
function named(spent: Spent, tokens: readonly string[]): Spent {
  const place = tokens.indexOf(spent.account);
  return place < 0 ? spent : { ...spent, account: `token ${place + 1}` };
}

async function perform(
  service: Service,
  options: GithubOptions,
  route: Route,
  request: Request,
  params: Record<string, string>,
): Promise<Response> {
  if (!request.headers.get('user-agent')) {
    return refuse(403, 'Request forbidden by administrative rules. A User-Agent is required.');
  }
  const version = request.headers.get('x-github-api-version') ?? '2022-11-28';
  if (!VERSIONS.includes(version)) {
    return refuse(400, `${version} is not a supported version of the API.`);
  }
  const authorization = request.headers.get('authorization') ?? '';
  const bearer = /^(?:bearer|token) +(.+)$/i.exec(authorization)?.[1];
  if (bearer === undefined) return refuse(401, 'Requires authentication');
  const { owner, repo } = params;
  const repository = owner === undefined ? '' : `${owner}/${repo}`;
  const token = admitted(service, options, route, bearer, repository);
  if (token instanceof Response) return token;
  const url = new URL(request.url);
  const api = options.apiUrl ?? url.origin;
  const web = options.webUrl ?? 'https://github.com';
  const call: Call = { request, url, params, version, repository, token, api, web };
  const visible = repository === '' || service.repositories.has(repository);
  const refusal = route.free
    ? undefined
    : service.limits.spend(token, route.operation, request.method);
  const answer =
    refusal ?? (visible ? await route.answer(service, call) : refuse(404, 'Not Found'));
  const final = await conditional(request, answer);
  if (final.status === 304 && !route.free) service.limits.refund(token);
  return withHeaders(final, service, call);
}

/** Whose budget the call spends, or the refusal. An App's JWT is looked at by its routes. */
function admitted(
  service: Service,
  { tokens }: GithubOptions,
  route: Route,
  bearer: string,
  repository: string,
): string | Response {
  if (route.byApp === true || tokens.includes(bearer)) return bearer;
  const account = service.apps.admit(bearer, route.operation, repository);
  return account ?? refuse(401, 'Bad credentials');
}

function withHeaders(answer: Response, service: Service, call: Call): Response {
  const { limit, remaining, used, reset } = service.limits.budget(call.token);
  const headers = new Headers(answer.headers);
  headers.set('x-github-api-version-selected', call.version);
  headers.set('x-ratelimit-limit', String(limit));
  headers.set('x-ratelimit-remaining', String(remaining));
  headers.set('x-ratelimit-used', String(used));
  headers.set('x-ratelimit-reset', String(reset));
  headers.set('x-ratelimit-resource', 'core');
  return new Response(answer.body, { status: answer.status, headers });
}

function serverError(status: number): Response {
  if (status === 500) return refuse(500, 'Server Error');
  if (status < 500) return refuse(status, 'Refused by a planned fault');
  return json({ message: 'No server is currently available to service your request.' }, status);
}
