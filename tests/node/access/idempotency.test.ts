// Idempotency-Key: the same request with the same key is done once, whatever happens on the way.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer, Fleet } from '../crash/fleet.ts';
import { create, deployments_path, hour_ms, minute_ms, openFleet } from '../faults/support.ts';
import { hook_address, mine, orgFleet, settle as settleOrgs, tokenOf } from '../orgs/support.ts';
import { createToken, everythingStored, json, told } from './support.ts';

const with_key = (key: string): Record<string, string> => ({ 'idempotency-key': key });

function deploy(fleet: Fleet, key: string, reason = 'again', bearer?: string): Promise<Answer> {
  return fleet.api('POST', deployments_path, { reason }, bearer, with_key(key));
}

function count(fleet: Fleet, table: string): number {
  return Number(fleet.db.sqlite.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
}

// What a repeated request has to give: status, headers but the request's own id, body.
function shown({ status, text, headers }: Answer): unknown {
  const own = ['x-request-id', 'idempotency-replayed'];
  return [status, [...headers].filter(([name]) => !own.includes(name)), text];
}

test('the same request gives the same reply and does nothing', async () => {
  const fleet = openFleet();
  await create(fleet);
  const first = await deploy(fleet, 'k');
  assert.equal(first.headers.get('idempotency-replayed'), null);
  await fleet.passTime(() => false, 2 * minute_ms);
  const before = everythingStored(fleet);
  const again = await deploy(fleet, 'k');
  assert.deepEqual(shown(again), shown(first));
  assert.equal(again.headers.get('idempotency-replayed'), 'true');
  assert.equal(everythingStored(fleet), before);
  assert.equal(told(await deploy(fleet, 'k', 'another')), '422 idempotency.mismatch');
  assert.equal(told(await deploy(fleet, '\u00e9')), '400 idempotency.key_invalid');
  assert.equal(everythingStored(fleet), before);
});

test("a key is its caller's own", async () => {
  const fleet = openFleet();
  await create(fleet);
  const one = await createToken(fleet, ['deploy'], ['acme']);
  const two = await createToken(fleet, ['deploy'], ['acme']);
  const answers = [
    await deploy(fleet, 'k'),
    await deploy(fleet, 'k', 'again', one.token),
    await deploy(fleet, 'k', 'other', two.token),
  ];
  assert.deepEqual(
    answers.map(({ status, headers }) => [status, headers.get('idempotency-replayed')]),
    [
      [202, null],
      [202, null],
      [202, null],
    ],
  );
  await fleet.api('DELETE', `/api/v1/tokens/${one.tokenId}`);
  assert.equal(told(await deploy(fleet, 'k', 'again', one.token)), '401 auth.missing');
});

// A fleet in which the first `count` looks for a kept reply end at the same moment: all see none.
function openRace(count: number): Fleet {
  let arrived = 0;
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  return openFleet({
    wrapPorts: (ports) => ({
      ...ports,
      db: {
        ...ports.db,
        async reads(statements) {
          const rows = await ports.db.reads(statements);
          const looks = statements.some(({ sql }) => /FROM kept_reply WHERE id IN/.test(sql));
          if (looks && arrived < count) {
            arrived += 1;
            if (arrived === count) open();
            await gate;
          }
          return rows;
        },
      },
    }),
  });
}

test('of many at once one is done; the others get its reply', async () => {
  const fleet = openRace(4);
  await create(fleet);
  const before = count(fleet, 'operation');
  const answers = await Promise.all(Array.from({ length: 4 }, () => deploy(fleet, 'k')));
  assert.equal(new Set(answers.map((answer) => JSON.stringify(shown(answer)))).size, 1);
  const replayed = answers.filter(({ headers }) => headers.has('idempotency-replayed'));
  assert.equal(replayed.length, 3);
  assert.equal(count(fleet, 'operation'), before + 1);
});

test('requests that share no aggregate do not pass each other either', async () => {
  const fleet = openRace(3);
  const body = { name: 'n', scopes: ['deploy'], platforms: ['*'] };
  const create_one = (): Promise<Answer> =>
    fleet.api('POST', '/api/v1/tokens', body, 'admin-key', with_key('k'));
  const answers = await Promise.all([create_one(), create_one(), create_one()]);
  const words = answers.map(told).sort();
  const refused = '409 idempotency.not_replayable';
  assert.deepEqual(words, ['201', refused, refused]);
  assert.equal(count(fleet, 'token'), 1);
  assert.match(json(answers.find(({ status }) => status === 409) as Answer).next, /revoked/);
});

test('a reply whose answer was lost on the way to the caller is found again', async () => {
  const lost: string[] = [];
  const fleet = openFleet({
    wrapPorts: (ports) => ({
      ...ports,
      db: {
        ...ports.db,
        async batch(statements) {
          await ports.db.batch(statements);
          const keeps = statements.some(({ sql }) => sql.includes('INTO kept_reply'));
          if (!keeps || lost.length > 0) return;
          lost.push('the answer');
          throw new Error('the connection was cut');
        },
      },
    }),
  });
  await create(fleet);
  const first = await deploy(fleet, 'k');
  assert.deepEqual(lost, ['the answer']);
  const again = await deploy(fleet, 'k');
  assert.deepEqual(shown(again), shown(first));
  assert.equal(count(fleet, 'operation'), 2);
});

test('refusals are not kept; after a day the key is free', async () => {
  const fleet = openFleet();
  assert.equal(told(await deploy(fleet, 'k')), '404 platform.unknown');
  await create(fleet);
  const first = await deploy(fleet, 'k');
  await fleet.passTime(() => false, 23 * hour_ms);
  assert.deepEqual(shown(await deploy(fleet, 'k')), shown(first));
  const pruned = (): boolean => count(fleet, 'kept_reply') + count(fleet, 'build_token') === 0;
  assert.ok(await fleet.passTime(pruned, 2 * hour_ms), 'the sweep deletes both');
  const anew = await deploy(fleet, 'k', 'another');
  assert.deepEqual([anew.status, anew.headers.get('idempotency-replayed')], [202, null]);
});

test('a reply that showed a hook is kept without it, and nothing is made twice', async () => {
  const { fleet } = await orgFleet();
  const ada = await tokenOf(fleet, 'ada');
  const send = (below: string, key: string): Promise<Answer> =>
    fleet.api('POST', mine + below, undefined, ada, with_key(key));
  for (const below of ['/auto-provision', '/reveal', '/rotate']) {
    const first = await send(below, below.slice(1));
    assert.equal(first.status, 200, first.text);
    const hook = String(json(first).deployHookUrl).slice(hook_address.length);
    assert.ok(hook.length > 20);
    assert.ok(!everythingStored(fleet).includes(hook), below);
    const calls = fleet.cloudflare.log.length;
    const again = await send(below, below.slice(1));
    assert.equal(fleet.cloudflare.log.length, calls, `${below}: ${told(again)}`);
    assert.equal(told(again), '409 idempotency.not_replayable');
    await settleOrgs(fleet);
  }
  const publish = await send('/publish', 'p');
  const repeated = await send('/publish', 'p');
  assert.deepEqual(shown(repeated), shown(publish));
  assert.equal(repeated.headers.get('idempotency-replayed'), 'true');
});
