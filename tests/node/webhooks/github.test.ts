// GitHub's webhook: a signed hint brings the next look forward, and changes nothing else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ports } from '../../../worker-shim/ports.ts';
import { told } from '../access/support.ts';
import { assertConverged } from '../crash/scenario.ts';
import {
  acme,
  assertInvariants,
  assertLive,
  callsOf,
  create,
  type FaultyFleet,
  minute_ms,
  openFleet,
  settle,
} from '../faults/support.ts';
import { deliver, event, onlyBatch, secret, signed, variables } from './support.ts';

const slow = { timings: { queue_ms: 20 * minute_ms } };

function stored(fleet: FaultyFleet): string {
  const tables = ['journal', 'outbox', 'batch', 'site', 'deployment', 'kept_reply'];
  return JSON.stringify(
    tables.map((table) => fleet.db.sqlite.prepare(`SELECT * FROM ${table}`).all()),
  );
}

// The last thing that was recorded of the batch.
function lastEvent(fleet: FaultyFleet): { type: string; conclusion?: string } {
  const sql = 'SELECT event FROM journal WHERE aggregate = ? ORDER BY seq DESC LIMIT 1';
  const found = fleet.db.sqlite.prepare(sql).get(`batch:${onlyBatch(fleet).id}`);
  return JSON.parse(String(found?.event)) as { type: string; conclusion?: string };
}

// Whether the next look at the batch is some time away.
function isFarOff(fleet: FaultyFleet): boolean {
  return (onlyBatch(fleet).due_ms ?? 0) > fleet.clock.now() + 2_000;
}

// A fleet whose one batch waits for its run, which has been followed for some minutes.
async function followed(): Promise<{ fleet: FaultyFleet; id: number; title: string }> {
  const fleet = openFleet({ variables, runner: slow });
  // Between two ticks of the cron, so that neither looks when the other does.
  fleet.clock.advance(20_000);
  await create(fleet);
  const end_ms = fleet.clock.now() + 5 * minute_ms;
  const isFollowed = (): boolean => fleet.clock.now() > end_ms && isFarOff(fleet);
  assert.ok(await fleet.passTime(isFollowed, 10 * minute_ms));
  const { state, run_id, dispatch_key } = onlyBatch(fleet);
  assert.equal(state, 'dispatched');
  return { fleet, id: Number(run_id), title: `${dispatch_key} main-dev` };
}

test('without a secret there is no webhook', async () => {
  const fleet = openFleet();
  const body = event('completed', 5, 'x');
  assert.equal(told(await deliver(fleet, body)), '404 route.unknown');
  assert.equal(told(await deliver(fleet, body, {})), '404 route.unknown');
  assert.equal(told(await fleet.api('POST', '/webhooks/github', body)), '404 route.unknown');
});

test('who has not signed with the secret is told that they are nobody', async () => {
  const { fleet, id, title } = await followed();
  const body = event('completed', id, title);
  const before = stored(fleet);
  const [good] = [signed(body)['x-hub-signature-256'] ?? ''];
  const signatures: Readonly<Record<string, string | undefined>> = {
    none: undefined,
    empty: '',
    'of another secret': signed(body, 'x')['x-hub-signature-256'],
    'of an empty secret': signed(body, '')['x-hub-signature-256'],
    'of another body': signed(`${body} `)['x-hub-signature-256'],
    'without its algorithm': good.slice(7),
    'by SHA-1': good.replace('sha256', 'sha1').slice(0, 45),
    'in capitals': good.toUpperCase(),
    'cut short': good.slice(0, -2),
    'too long': `${good}00`,
    'of another digit': good.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
  };
  const answers = [];
  for (const [name, signature] of Object.entries(signatures)) {
    const headers = signature === undefined ? {} : { 'x-hub-signature-256': signature };
    const answer = await deliver(fleet, body, headers);
    assert.equal(told(answer), '401 auth.missing', name);
    answers.push(answer.text);
  }
  assert.equal(new Set(answers).size, 1);
  const admin = await fleet.api('POST', '/webhooks/github', body, 'admin-key');
  assert.equal(told(admin), '401 auth.missing');
  const large = body + ' '.repeat(2 ** 20);
  assert.equal(told(await deliver(fleet, large)), '401 auth.missing');
  assert.equal(stored(fleet), before);
});

test('a signed webhook opens nothing but the webhook', async () => {
  const fleet = openFleet({ variables });
  const answer = await fleet.api('GET', '/api/v1/platforms', undefined, '', signed(''));
  assert.equal(told(answer), '401 auth.missing');
});

test('a run that has ended is looked at now, and the look decides', async () => {
  const { fleet, id, title } = await followed();
  const looks = callsOf(fleet, 'github.get_run').length;
  assert.equal((await fleet.askGithub('POST', `/actions/runs/${id}/force-cancel`)).status, 202);
  const answer = await deliver(fleet, event('completed', id, title));
  assert.deepEqual([answer.status, answer.text], [204, '']);
  const now_ms = fleet.clock.now();
  assert.equal(onlyBatch(fleet).due_ms, now_ms);
  assert.ok(await fleet.passTime(() => onlyBatch(fleet).state === 'closed', 1_000));
  const asked = callsOf(fleet, 'github.get_run').slice(looks);
  assert.deepEqual(
    asked.map(({ at_ms }) => at_ms),
    [now_ms],
  );
});

test('a hint that is not true changes no state, and is followed once', async () => {
  const { fleet, id, title } = await followed();
  const body = event('completed', id, title);
  assert.equal((await deliver(fleet, body)).status, 204);
  const looked = callsOf(fleet, 'github.get_run').length;
  const nextLook = (): boolean => callsOf(fleet, 'github.get_run').length > looked;
  assert.ok(await fleet.passTime(nextLook, 1_000));
  const after = onlyBatch(fleet);
  assert.equal(after.state, 'dispatched');
  assert.equal(lastEvent(fleet).type, 'batch_run_seen');
  assert.equal(lastEvent(fleet).conclusion, undefined, 'it has not ended');
  assert.ok((after.due_ms ?? 0) > fleet.clock.now());

  // The same again, under any delivery id: the signature holds, and nothing happens.
  const again = { ...signed(body), 'x-github-delivery': 'another' };
  const before = stored(fleet);
  for (const headers of [signed(body), again]) {
    assert.equal((await deliver(fleet, body, headers)).status, 204);
  }
  assert.equal(stored(fleet), before);
  await settle(fleet);
  await assertConverged(fleet, acme);
  await assertInvariants(fleet);
});

test('two equal deliveries at once are one', async () => {
  const { fleet, id, title } = await followed();
  const body = event('completed', id, title);
  const answers = await Promise.all([1, 2, 3].map(() => deliver(fleet, body)));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [204, 204, 204],
  );
  const kept = fleet.db.sqlite.prepare('SELECT count(*) AS n FROM kept_reply').get();
  assert.equal(kept?.n, 1);
});

test('what is not for a batch that waits is taken and forgotten', async () => {
  const { fleet, id, title } = await followed();
  const before = stored(fleet);
  const elsewhere = { repository: { full_name: 'neutrino-io/other' } };
  const bodies: Readonly<Record<string, string>> = {
    'an action that tells nothing': event('in_progress', id, title),
    'an action that does not exist': event('deleted', id, title),
    'another run': event('completed', id + 1, title),
    'an unknown key': event('completed', id, '01K9ZQ4Y7M3N8P2R5T6V0W1X2Y main-dev'),
    'a run by hand': event('completed', id, 'manual main-dev acme'),
    'a run without a name': event('completed', id, ''),
    'another repository': event('completed', id, title, elsewhere),
    'no repository': event('completed', id, title, { repository: null }),
    'no run': event('completed', id, title, { workflow_run: undefined }),
    'a ping': JSON.stringify({ zen: 'Design for failure.', hook_id: 5 }),
    'a run of the wrong type': event('completed', id, title, { workflow_run: 7 }),
    'a list': '[]',
    'no JSON': '{"action":',
    nothing: '',
  };
  for (const [name, body] of Object.entries(bodies)) {
    const answer = await deliver(fleet, body);
    assert.deepEqual([answer.status, answer.text], [204, ''], name);
    assert.equal(stored(fleet), before, name);
  }
  await settle(fleet);
  const settled = stored(fleet);
  assert.equal((await deliver(fleet, event('completed', id, title))).status, 204);
  assert.equal(stored(fleet), settled, 'a batch that is closed stays closed');
});

test('the secret before the present one counts while it is changed', async () => {
  const both = { GITHUB_WEBHOOK_SECRET: 'new', GITHUB_WEBHOOK_SECRET_PREVIOUS: secret };
  const fleet = openFleet({ variables: both });
  for (const by of [secret, 'new']) {
    assert.equal((await deliver(fleet, '{}', signed('{}', by))).status, 204);
  }
  assert.equal((await deliver(fleet, '{}', signed('{}', 'x'))).status, 401);
});

test('a hint that overtakes the answer to the dispatch leaves the answer alone', async () => {
  let hinted = 0;
  const fleet: FaultyFleet = openFleet({
    variables,
    wrapPorts: (ports) => ({
      ...ports,
      fetch: async (request) => {
        const answer = await ports.fetch(request);
        if (!request.url.endsWith('/dispatches')) return answer;
        const { workflow_run_id: id } = (await answer.clone().json()) as {
          workflow_run_id: number;
        };
        const { state, dispatch_key } = onlyBatch(fleet);
        assert.equal(state, 'dispatching');
        const before = stored(fleet);
        for (const action of ['completed', 'requested']) {
          await deliver(fleet, event(action, id, `${dispatch_key} main-dev`));
          hinted += 1;
        }
        assert.equal(stored(fleet), before);
        return answer;
      },
    }),
  });
  await create(fleet);
  await settle(fleet);
  assertLive(fleet);
  assert.equal(hinted, 2);
  assert.equal(callsOf(fleet, 'github.list_runs').length, 0);
});

test('a run whose dispatch was not answered is found when it is heard of', async () => {
  const fault = { when: 'after', answer: 'timeout' } as const;
  const lost = { operation: 'github.dispatch', nth: 1, fault };
  let listed = false;
  const wrapPorts = (ports: Ports): Ports => ({
    ...ports,
    fetch: (request) => {
      const hidden = !listed && request.url.includes('/runs?');
      const none = (): Response => new Response('{"total_count":0,"workflow_runs":[]}');
      return hidden ? Promise.resolve(none()) : ports.fetch(request);
    },
  });
  const fleet = openFleet({ variables, runner: slow, wrapPorts }, [lost]);
  await create(fleet);
  const end_ms = fleet.clock.now() + minute_ms;
  const isSearched = (): boolean => fleet.clock.now() > end_ms && isFarOff(fleet);
  assert.ok(await fleet.passTime(isSearched, 10 * minute_ms));
  const { state, dispatch_key } = onlyBatch(fleet);
  assert.equal(state, 'unknown');
  listed = true;
  const runs = await fleet.askGithub('GET', '/actions/runs');
  const [found] = ((await runs.json()) as { workflow_runs: { id: number }[] }).workflow_runs;
  const id = found?.id ?? 0;
  const body = event('requested', id, `${dispatch_key} main-dev`);
  assert.equal((await deliver(fleet, body)).status, 204);
  const now_ms = fleet.clock.now();
  assert.equal(onlyBatch(fleet).due_ms, now_ms);
  assert.ok(await fleet.passTime(() => onlyBatch(fleet).state === 'dispatched', 500));
  assert.equal(onlyBatch(fleet).run_id, String(id));
  assert.equal(callsOf(fleet, 'github.list_runs').at(-1)?.at_ms, now_ms);
});
