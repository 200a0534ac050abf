// A world over real bindings with a scripted core.
import { applyD1Migrations, reset } from 'cloudflare:test';
import { env } from 'cloudflare:workers';
import type { Core } from '../../bindings/js/core.ts';
import { openWorld } from '../../worker-shim/instance.ts';
import type { Ports } from '../../worker-shim/ports.ts';
import type { LogEntry, World } from '../../worker-shim/world.ts';

/** Empties every binding and applies the migrations. */
export async function freshState(): Promise<void> {
  await reset();
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS);
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

/** The rows of a question that only a test asks. */
export async function rowsOf(sql: string): Promise<Record<string, unknown>[]> {
  return (await env.DB.prepare(sql).all()).results;
}
