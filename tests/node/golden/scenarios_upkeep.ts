// What the instance does for itself: ready or not, dead letters, a reconcile, documents that move
// from one store to the other, old things that are deleted, journals that are compacted.
import type { Core } from '../../../bindings/js/core.ts';
import { run } from '../../../worker-shim/run.ts';
import type { Fleet } from '../crash/fleet.ts';
import {
  create,
  deployments_path,
  hour_ms,
  minute_ms,
  openFleet,
  settle,
} from '../faults/support.ts';
import { memoryPorts, memoryWorld } from '../support/memory_ports.ts';

const day_ms = 24 * hour_ms;
const letters = '/api/v1/dead-letters';
const store = '/api/v1/config-store';

type Call = readonly [method: string, path: string, body?: unknown, key?: string];

async function callAll(fleet: Fleet, calls: readonly Call[]): Promise<void> {
  for (const [method, path, body, key] of calls) await fleet.api(method, path, body, key);
}

async function wait(fleet: Fleet, ms: number): Promise<void> {
  await fleet.passTime(() => false, ms);
}

/** Plays all of it. */
export async function playUpkeep(core: Core): Promise<void> {
  await playStatus(core);
  await playDeadLetters(core);
  await playReconcile(core);
  await playStores(core);
  await playRetention(core);
}

async function playStatus(core: Core): Promise<void> {
  const fleet = openFleet({ core });
  await callAll(fleet, [
    ['GET', '/readyz', undefined, 'nobody'],
    ['GET', '/api/v1/status', undefined, 'wrong'],
    ['GET', '/api/v1/status?all=1'],
  ]);
  await create(fleet);
  await settle(fleet);
  await wait(fleet, 2 * minute_ms);
  await callAll(fleet, [
    ['GET', '/readyz', undefined, 'nobody'],
    ['GET', '/readyz?all=1'],
    ['GET', '/api/v1/status'],
  ]);
  const { sqlite } = fleet.db;
  sqlite.exec(`UPDATE journal SET format = 99 WHERE aggregate = 'site:acme/dev'`);
  await fleet.unequalAggregates();
  sqlite.exec(`UPDATE upkeep SET "row" = '{"level":99}' WHERE id = 'schema'`);
  await wait(fleet, 2 * minute_ms);
}

async function playDeadLetters(core: Core): Promise<void> {
  const fleet = openFleet({ core });
  await create(fleet);
  const ports = memoryPorts({ db: fleet.db, now_ms: fleet.clock.now() });
  const world = memoryWorld(core, ports, {});
  const dead = { kind: 'dead', effect_due_at_ms: fleet.clock.now(), error: 'a fault' } as const;
  for (const effect_key of ['site:acme/dev', 'site:acme/dev', 'site:other/dev', 'batch:bat_x']) {
    await run(world, { ...dead, effect_key });
  }
  const { items } = JSON.parse((await fleet.api('GET', letters)).text);
  const [first, second] = items.map((item: { deadLetterId: string }) => item.deadLetterId);
  await callAll(fleet, [
    ['GET', `${letters}?limit=1`],
    ['GET', `${letters}?limit=0`],
    ['GET', letters, undefined, 'wrong'],
    ['POST', `${letters}/dl_none/retry`],
    ['POST', `${letters}/${first}/retry`, undefined, 'wrong'],
    ['POST', `${letters}/${first}/retry`],
    ['POST', `${letters}/retry`],
    ['POST', `${letters}/retry?all=1`],
    ['POST', `${letters}/retry`, undefined, 'wrong'],
    ['DELETE', `${letters}/${second}`],
    ['DELETE', `${letters}/dl_none`],
    ['DELETE', `${letters}/${second}`, undefined, 'wrong'],
  ]);
  for (const effect_key of ['site:acme/dev', 'site:other/dev']) {
    await run(world, { ...dead, effect_key });
  }
  const again = JSON.parse((await fleet.api('GET', letters)).text).items;
  await callAll(
    fleet,
    again.map(({ deadLetterId }: { deadLetterId: string }): Call => {
      return ['DELETE', `${letters}/${deadLetterId}`];
    }),
  );
  await run(world, { ...dead, effect_key: 'site:acme/dev' });
  await settle(fleet);
  await wait(fleet, 2 * minute_ms);
  await fleet.unequalAggregates();
}

async function playReconcile(core: Core): Promise<void> {
  const fleet = openFleet({ core });
  const { sqlite } = fleet.db;
  const path = '/api/v1/reconcile';
  await create(fleet);
  await settle(fleet);
  await callAll(fleet, [
    ['GET', path],
    ['GET', path, undefined, 'wrong'],
    ['GET', `${path}?all=1`],
    ['POST', path, undefined, 'wrong'],
    ['POST', `${path}?all=1`],
    ['POST', path],
    ['POST', path],
  ]);
  await settle(fleet);
  sqlite.exec(`UPDATE site SET "row" = json_set("row", '$.live.deployment_id', 'dep_other')`);
  await fleet.api('POST', path);
  await settle(fleet);
  await fleet.api('POST', deployments_path, { reason: 'under way' });
  await fleet.passTime(() => sqlite.prepare('SELECT 1 FROM batch').all().length > 1, minute_ms);
  await fleet.api('POST', path);
  await settle(fleet);
  const url =
    'http://cloudflare.test/client/v4/accounts/0123456789abcdef0123456789abcdef/pages/projects/';
  const headers = { authorization: 'Bearer cloudflare-token' };
  await fleet.cloudflare.fetch(new Request(`${url}acme-dev-portal`, { method: 'DELETE', headers }));
  await fleet.api('POST', path);
  await settle(fleet);
  await fleet.api('GET', path);
}

async function playStores(core: Core): Promise<void> {
  const fleet = openFleet({ core });
  await create(fleet);
  await settle(fleet);
  await callAll(fleet, [
    ['GET', store],
    ['GET', store, undefined, 'wrong'],
    ['GET', `${store}?all=1`],
    ['POST', `${store}/migrate`, { to: 'r2' }],
    ['POST', `${store}/migrate`, { to: 'tape' }],
    ['POST', `${store}/migrate`, { to: 'r2' }, 'wrong'],
  ]);
  fleet.reconfigure({ CONFIG_STORE: 'r2' });
  await fleet.api('POST', `${store}/migrate`, { to: 'r2' });
  fleet.reconfigure({ CONFIG_STORE: 'd1' });
  await settle(fleet);
  fleet.reconfigure({ CONFIG_STORE: 'r2' });
  await fleet.api('POST', `${store}/migrate`, { to: 'r2' });
  await settle(fleet);
  await fleet.api('GET', store);
}

async function playRetention(core: Core): Promise<void> {
  const fleet = openFleet({ core });
  await create(fleet);
  await settle(fleet);
  const promise = fleet.db.sqlite.prepare(
    'INSERT INTO outbox (effect_key, seq, due_at_ms) VALUES (?, 0, ?)',
  );
  for (const id of ['acme', 'acme/dev', 'other', 'other/dev']) {
    promise.run(`prune:${id}`, fleet.clock.now());
  }
  await wait(fleet, 2 * minute_ms);
  fleet.clock.advance(91 * day_ms);
  await wait(fleet, 2 * minute_ms);
  fleet.clock.advance(91 * day_ms);
  await wait(fleet, 5 * minute_ms);
  await fleet.unequalAggregates();
}
