// A fleet that hostile requests are sent to. What it has stored is put back after each that was
// accepted, so that every request meets the same world.
import type { LogEntry } from '../../../worker-shim/world.ts';
import { type Cast, openCast } from '../access/callers.ts';
import type { Fleet } from '../crash/fleet.ts';
import { publishing, tokenOf } from '../orgs/support.ts';
import type { Met } from './checks.ts';
import type { HostileRequest, Known } from './requests.ts';

/** The world, and how to ask it. */
export interface HostileWorld {
  readonly known: Known;
  readonly secrets: readonly string[];
  /**
   * Sends one request as the administrator, or below `/me` as a person who has signed in and is
   * admin of the org; undefined where no client could send it.
   */
  ask(request: HostileRequest): Promise<(Met & { readonly logged: LogEntry }) | undefined>;
}

/** Platforms, deployments, batches and tokens, as every test of callers has them. */
export async function openHostileWorld(): Promise<HostileWorld> {
  const cast = await openCast();
  const { fleet, ids, keys } = cast;
  await makeSwitches(fleet);
  const person = await tokenOf(fleet, 'ada');
  const snapshot = snapshotOf(fleet);
  return {
    known: knownOf(cast),
    secrets: [...new Set(Object.values(keys)), ...upstream_secrets, person].filter(
      (key) => key.length > 0 && key !== 'wrong' && ids.tokenId !== key,
    ),
    async ask(request) {
      const sent = requestOf(request, request.target.startsWith('/me/') ? person : 'admin-key');
      if (sent === undefined) return undefined;
      fleet.logged.splice(0);
      const changes = snapshot.changes();
      const response = await fleet.fetch(sent);
      const text = await response.text();
      const stored = snapshot.changes() !== changes;
      if (stored) snapshot.restore();
      const logged = fleet.logged.at(-1);
      if (logged === undefined) throw new Error('nothing was logged');
      const operation = String(logged.operation);
      return { request, operation, status: response.status, text, stored, logged };
    },
  };
}

const upstream_secrets = ['cloudflare-token', 'github-token', publishing.SEALING_KEY];

function knownOf({ ids, runId }: Cast): Known {
  return { ids, hints: { runId, deploymentId: ids.deploymentId, batchId: ids.batchId } };
}

// A feature and a stack that the sound bodies name.
async function makeSwitches(fleet: Fleet): Promise<void> {
  const path = '/api/v1/platforms/acme';
  await fleet.api('POST', `${path}/features/activate`, { featureId: 'billing' });
  await fleet.api('POST', `${path}/stacks/provision`, { stackId: 'search' });
}

// Headers that the Fetch API refuses are no request that arrives.
function requestOf(request: HostileRequest, bearer: string): Request | undefined {
  const { method, target, headers, body } = request;
  const all = { authorization: `Bearer ${bearer}`, ...headers };
  const sent = body === undefined ? {} : { body: body.bytes };
  try {
    return new Request(`http://slipway.test${target}`, { method, headers: all, ...sent });
  } catch {
    return undefined;
  }
}

interface Snapshot {
  /** Grows with every row that is written, even where that is undone. */
  changes(): number;
  restore(): void;
}

function snapshotOf({ db: { sqlite } }: Fleet): Snapshot {
  const tables = sqlite
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'`)
    .all()
    .map(({ name }) => String(name));
  sqlite.exec(`ATTACH ':memory:' AS saved`);
  const copies = tables.map((table) => {
    const columns = sqlite.prepare(`PRAGMA table_info("${table}")`).all();
    const names = columns.map(({ name }) => `"${name}"`).join();
    sqlite.exec(`CREATE TABLE saved."${table}" AS SELECT ${names} FROM main."${table}"`);
    const back = `INSERT INTO main."${table}" (${names}) SELECT ${names} FROM saved."${table}"`;
    return `DELETE FROM main."${table}"; ${back}`;
  });
  const changes = sqlite.prepare('SELECT total_changes() AS n');
  return {
    changes: () => Number(changes.get()?.n),
    restore: () => sqlite.exec(`BEGIN; ${copies.join(';')}; COMMIT`),
  };
}
