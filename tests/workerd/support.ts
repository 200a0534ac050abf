// A world over real bindings with a scripted core.
import { reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import type { Core } from '../../bindings/js/core.ts';
import { openWorld } from '../../worker-shim/instance.ts';
import type { Ports } from '../../worker-shim/ports.ts';
import type { LogEntry, World } from '../../worker-shim/world.ts';

/** Empties every binding and makes the tables: every migration in one batch, without a record. */
export async function freshState(): Promise<void> {
  await reset();
  const queries = env.TEST_MIGRATIONS.flatMap((migration) => migration.queries);
  await env.DB.batch(queries.map((query) => env.DB.prepare(query)));
}

/** A world whose log lines are kept, with some ports and variables of the test's own. */
export function testWorld(
  core: Core,
  ports: Partial<Ports> = {},
  variables: Record<string, string> = {},
): World & { readonly logged: LogEntry[] } {
  const logged: LogEntry[] = [];
  const world = openWorld({ ...env, ...variables }, core);
  return {
    ...world,
    ports: { ...world.ports, ...ports },
    log: (entry) => logged.push(entry),
    logged,
  };
}

/** A request and its answer, as far as the OpenAPI document speaks of them. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: string;
}

/**
 * The exchange of a request and its answer; the answer's body stays readable. A stream is not read:
 * it takes its time.
 */
export async function exchangeOf(request: Request, response: Response): Promise<Exchange> {
  return {
    method: request.method,
    url: request.url,
    status: response.status,
    headers: Object.fromEntries(response.headers),
    text: isStream(response) ? '' : await response.clone().text(),
  };
}

function isStream({ headers }: Response): boolean {
  return headers.get('content-type') === 'text/event-stream';
}

/** Checks that the OpenAPI document promises these answers. @throws Error that says why not. */
export async function assertPromised(...exchanges: readonly Exchange[]): Promise<void> {
  const faults = await checkedByNode('exchanges', exchanges);
  for (const [index, { method, url, text }] of exchanges.entries()) {
    if (faults[index]?.length !== 0) {
      throw new Error(`${method} ${url}: ${faults[index]}\n${text}`);
    }
  }
}

/** The answer itself, where the OpenAPI document promises it. @throws Error that says why not. */
export async function promised(request: Request, response: Response): Promise<Response> {
  await assertPromised(await exchangeOf(request, response));
  return response;
}

/** The faults that Node finds in each of these; `kind` is a path of vitest.config.ts. */
export async function checkedByNode(
  kind: 'exchanges' | 'values',
  all: readonly object[],
): Promise<string[][]> {
  const body = JSON.stringify(all);
  const answer = await fetch(`http://check.test/${kind}`, { method: 'POST', body });
  return JSON.parse(await answer.text());
}

/** The rows of a question that only a test asks. */
export async function rowsOf(sql: string): Promise<Record<string, unknown>[]> {
  return (await env.DB.prepare(sql).all()).results;
}
