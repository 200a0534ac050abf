// Publications followed from their start to the served page, to each of their ends; what people see
// of them: stages, log, label, history, streams.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Behaviour } from '../../../simulator/cloudflare/index.ts';
import type { Fleet } from '../crash/fleet.ts';
import { rows } from '../crash/scenario.ts';
import { dashboard } from '../platforms/support.ts';
import { follow } from '../stream/support.ts';
import { buildsAt, faultyFleet, publicationStates } from './pages.ts';
import {
  as,
  hour_ms,
  json,
  mine,
  orgOf,
  projectsOf,
  provisioned,
  served,
  settle,
  theirs,
  tokenOf,
  told,
} from './support.ts';

type Views = Record<string, unknown>[];

/** A live org; faults can be planned. */
async function liveOrg(options: Parameters<typeof faultyFleet>[0] = {}) {
  const open = await faultyFleet(options);
  await provisioned(open.fleet);
  assert.equal(orgOf(open.fleet).last?.state, 'live');
  return open;
}

function seqOf(fleet: Fleet): number {
  return (orgOf(fleet) as unknown as { seq: number }).seq;
}

/** Publishes and lets it come to its end; the publication as it is shown then. */
async function published(fleet: Fleet, behaviour?: Behaviour) {
  if (behaviour !== undefined) fleet.cloudflare.behave('aurora-ark', { ...behaviour, times: 1 });
  const answer = await as(fleet, 'ada', 'POST', `${mine}/publish`);
  assert.equal(answer.status, 202, answer.text);
  await settle(fleet);
  const location = answer.headers.get('location') ?? '';
  assert.equal(location, `${mine}/publications/${json(answer).publicationId}`);
  const shown = await as(fleet, 'ben', 'GET', location);
  assert.equal(shown.status, 200, shown.text);
  assert.deepEqual(await fleet.unequalAggregates(), []);
  return json(shown);
}

/** The publication as it was shown after each event of the org, until its end. */
async function watched(fleet: Fleet): Promise<Views> {
  const views: Views = [];
  const pending = 'SELECT count(*) AS n FROM outbox WHERE due_at_ms IS NOT NULL';
  for (;;) {
    views.push(json(await as(fleet, 'ada', 'GET', mine)).publication);
    const seq = seqOf(fleet);
    const over = (): boolean => fleet.db.sqlite.prepare(pending).get()?.n === 0;
    assert.ok(await fleet.passTime(() => seqOf(fleet) > seq || over(), hour_ms));
    if (seqOf(fleet) === seq) return views;
  }
}

/** What Pages answers for the build that is under way, changed. */
async function buildLike(fleet: Fleet, change: object): Promise<string> {
  const id = (orgOf(fleet).active as { pages_deployment_id?: string }).pages_deployment_id;
  const real = await dashboard(fleet, 'GET', `aurora-ark/deployments/${id}`);
  const { result } = (await real.json()) as { result: object };
  return JSON.stringify({
    success: true,
    errors: [],
    messages: [],
    result: { ...result, ...change },
  });
}

async function untilState(fleet: Fleet, state: string): Promise<void> {
  assert.ok(await fleet.passTime(() => orgOf(fleet).active?.state === state, hour_ms));
}

test('stage by stage, in order, until the site serves its bytes', async () => {
  const { fleet } = await liveOrg();
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  const views = await watched(fleet);
  const states = views.map(({ state }) => state);
  const order = ['planned', 'starting', 'building', 'verifying', 'live'];
  assert.deepEqual(
    [...new Set(states)],
    order.filter((state) => states.includes(state)),
  );
  assert.ok(states.includes('building') && states.at(-1) === 'live', states.join());
  const successes = views.map(
    ({ stages }) => (stages as { status: string }[]).filter((s) => s.status === 'success').length,
  );
  assert.deepEqual(successes, successes.toSorted(), 'no stage is taken back');
  assert.ok(new Set(successes).size > 3, successes.join());
  const last = views.at(-1) as { stages: { name: string; status: string }[]; verified: string };
  assert.deepEqual(
    last.stages.map(({ name, status }) => `${name} ${status}`),
    ['queued', 'initialize', 'clone_repo', 'build', 'deploy'].map((name) => `${name} success`),
  );
  assert.equal(last.verified, 'bytes');
  const events = fleet.db.sqlite
    .prepare(
      `SELECT json_extract(event, '$.type') AS type FROM journal WHERE aggregate = 'org:aurora'
       AND json_extract(event, '$.publication_id') = ? ORDER BY seq`,
    )
    .all(orgOf(fleet).last?.id ?? '')
    .map(({ type }) => String(type).replace('publication_', ''));
  const once = events.filter((type, index) => type !== events[index - 1]);
  assert.deepEqual(once, ['planned', 'starting', 'started', 'progressed', 'deployed', 'live']);
});

test('a build that fails is shown with the end of its log; mended, it is published', async () => {
  const command = 'echo "the reason is here"; exit 3';
  const { fleet } = await faultyFleet({ variables: { PUBLISHING_BUILD_COMMAND: command } });
  await provisioned(fleet);
  const view = json(await as(fleet, 'ada', 'GET', mine));
  const { publication } = view;
  assert.deepEqual(
    [publication.state, publication.failure.code],
    ['failed', 'publishing.build_failed'],
  );
  assert.match(publication.failure.logTail, /the reason is here\n.*exited with error code: 3/is);
  assert.ok(publication.failure.next.length > 10);
  assert.deepEqual(
    publication.stages.map(({ status }: { status: string }) => status),
    ['success', 'success', 'success', 'failure', 'idle'],
  );
  assert.deepEqual(
    view.steps.map(({ state }: { state: string }) => state),
    ['done', 'done', 'failed', 'pending'],
  );
  const mended = { build_config: { build_command: 'node build.js', destination_dir: 'dist' } };
  assert.equal((await dashboard(fleet, 'PATCH', 'aurora-ark', mended)).status, 200);
  assert.equal((await published(fleet)).state, 'live');
});

const failures: [string, Behaviour, string, string, string][] = [
  [
    'cloned',
    { outcome: 'failure', fails_at: 'clone_repo' },
    'failed',
    'publishing.build_failed',
    'clone_repo',
  ],
  [
    'deployed',
    { outcome: 'failure', fails_at: 'deploy' },
    'failed',
    'publishing.build_failed',
    'deploy',
  ],
];
for (const [name, behaviour, state, code, stage] of failures) {
  test(`what cannot be ${name} is a failure with its next step`, async () => {
    const { fleet } = await liveOrg();
    const shown = await published(fleet, behaviour);
    assert.deepEqual([shown.state, shown.failure.code], [state, code]);
    assert.match(shown.failure.detail, new RegExp(`${stage} failure`));
    assert.ok(shown.failure.next.length > 10);
    assert.equal((await published(fleet)).state, 'live', 'the next one is not held up');
  });
}

test('a log that cannot be had does not hide the failure', async () => {
  const { fleet, faults } = await liveOrg();
  faults.set([
    { operation: 'cloudflare.deployment.logs', fault: { when: 'before', answer: 'timeout' } },
  ]);
  const shown = await published(fleet, { outcome: 'failure', fails_at: 'build' });
  assert.deepEqual([shown.state, shown.failure.logTail], ['failed', undefined]);
});

const ends: [string, object, string][] = [
  ['stopped', { latest_stage: { name: 'build', status: 'canceled' } }, 'cancelled'],
  ['skipped', { latest_stage: { name: 'queued', status: 'skipped' } }, 'cancelled'],
  ['skipped by a rule', { is_skipped: true, skip_reason: 'commit_message' }, 'cancelled'],
  ['overtaken', { is_skipped: true, skip_reason: 'superseded_queued_build' }, 'superseded'],
];
for (const [name, change, state] of ends) {
  test(`a build that is ${name} at Pages: ${state}`, async () => {
    const { fleet, faults } = await liveOrg();
    await as(fleet, 'ada', 'POST', `${mine}/publish`);
    await untilState(fleet, 'building');
    const body = await buildLike(fleet, change);
    const fault = { when: 'before', answer: 200, body } as const;
    faults.set([{ operation: 'cloudflare.deployment.get', fault }]);
    await settle(fleet);
    const { last } = orgOf(fleet);
    assert.equal(last?.state, state);
    assert.ok((last?.detail ?? '').length > 10);
    faults.set([]);
    assert.equal((await published(fleet)).state, 'live');
  });
}

test('"success" that serves 404 is a failure', async () => {
  const { fleet } = await liveOrg();
  const began = fleet.clock.now();
  const shown = await published(fleet, { serves: 'not_found' });
  assert.deepEqual([shown.state, shown.failure.code], ['failed', 'deployment.content_mismatch']);
  assert.match(shown.failure.detail, /HTTP 404/);
  assert.ok(fleet.clock.now() - began < hour_ms / 4);
});

test('a site that comes late is live when it is there', async () => {
  const { fleet } = await liveOrg();
  const shown = await published(fleet, { propagation_ms: 20_000 });
  assert.deepEqual([shown.state, shown.verified], ['live', 'bytes']);
});

test('another build that Pages serves: superseded, and by which', async () => {
  const { fleet, faults } = await liveOrg();
  const before = await dashboard(fleet, 'GET', 'aurora-ark');
  const body = await before.text();
  faults.set([
    { operation: 'cloudflare.project.get', fault: { when: 'before', answer: 200, body } },
  ]);
  const shown = await published(fleet);
  const old = orgOf(fleet).last?.pages_deployment_id;
  assert.equal(shown.state, 'superseded');
  const { canonical_deployment } = JSON.parse(body).result;
  assert.match(shown.detail, new RegExp(canonical_deployment.id));
  assert.notEqual(old, canonical_deployment.id);
});

test('a project that serves no build at all is a failure', async () => {
  const { fleet, faults } = await liveOrg();
  const project = JSON.parse(await (await dashboard(fleet, 'GET', 'aurora-ark')).text());
  project.result.canonical_deployment = null;
  const body = JSON.stringify(project);
  faults.set([
    { operation: 'cloudflare.project.get', fault: { when: 'before', answer: 200, body } },
  ]);
  const shown = await published(fleet);
  assert.deepEqual([shown.state, shown.failure.code], ['failed', 'deployment.content_mismatch']);
});

test('a site behind a sign-in wall is live, and not reachable', async () => {
  const { fleet } = await liveOrg();
  const shown = await published(fleet, { serves: 'access' });
  assert.deepEqual([shown.state, shown.verified], ['live', 'not_reachable']);
  assert.match(shown.detail, /sign-in wall/);
});

test('a build that never ends: after an hour it is a failure, and the next may go', async () => {
  const { fleet } = await liveOrg();
  const shown = await published(fleet, { deploy_ms: 100 * hour_ms });
  assert.deepEqual([shown.state, shown.failure.code], ['failed', 'publishing.deadline_exceeded']);
  assert.match(shown.failure.detail, /still at deploy/);
});

test('a frozen fleet publishes nothing; what was asked for before waits', async () => {
  const { fleet } = await liveOrg();
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  await fleet.api('POST', '/api/v1/fleet/freeze', { reason: 'a test' });
  assert.equal(told(await as(fleet, 'ada', 'POST', `${mine}/publish`)), '409 fleet.frozen');
  await fleet.passTime(() => false, 10 * 60_000);
  assert.equal(orgOf(fleet).active?.state, 'planned');
  assert.equal(buildsAt(fleet), 1);
  await fleet.api('POST', '/api/v1/fleet/unfreeze');
  await settle(fleet);
  assert.deepEqual(publicationStates(fleet), ['live', 'live']);
});

test('asked for again meanwhile: one more follows, never two at a time', async () => {
  const { fleet } = await liveOrg();
  const first = json(await as(fleet, 'ada', 'POST', `${mine}/publish`));
  assert.equal(first.again, false);
  await untilState(fleet, 'building');
  for (let times = 0; times < 3; times += 1) {
    const again = json(await fleet.api('POST', `${theirs}/publish`));
    assert.deepEqual([again.publicationId, again.again], [first.publicationId, true]);
  }
  await settle(fleet);
  assert.deepEqual(publicationStates(fleet), ['live', 'live', 'live']);
  assert.equal(buildsAt(fleet), 3);
  const [, , last] = rows<{ by: string; created_ms: number }>(fleet, 'publication');
  assert.equal(last?.by, 'admin', 'who asked for it');
  const [, before] = rows<{ updated_ms: number }>(fleet, 'publication');
  assert.ok((last?.created_ms ?? 0) >= (before?.updated_ms ?? 0), 'begun after the end');
});

test('history: newest first, page by page, of this org only', async () => {
  const { fleet } = await liveOrg();
  await provisioned(fleet, 'org-borealis');
  const ids: string[] = [String(orgOf(fleet).last?.id)];
  for (let count = 0; count < 4; count += 1) ids.unshift((await published(fleet)).publicationId);
  const seen: string[] = [];
  let cursor = '';
  for (let page = 0; page < 3; page += 1) {
    const path = `${mine}/publications?limit=2${cursor && `&cursor=${cursor}`}`;
    const { items, nextCursor } = json(await as(fleet, 'ben', 'GET', path));
    seen.push(...items.map(({ publicationId }: { publicationId: string }) => publicationId));
    cursor = nextCursor ?? '';
  }
  assert.deepEqual([seen, cursor], [ids, '']);
  const [other] = json(
    await fleet.api('GET', '/api/v1/orgs/borealis/publishing/publications'),
  ).items;
  const foreign = await as(fleet, 'ada', 'GET', `${mine}/publications/${other.publicationId}`);
  assert.equal(told(foreign), '404 publication.unknown');
  assert.equal(
    told(await as(fleet, 'ada', 'GET', `${mine}/publications/pub_0`)),
    '404 publication.unknown',
  );
  assert.equal(told(await as(fleet, 'cleo', 'GET', `${mine}/publications`)), '404 org.unknown');
});

test('?wait waits while something is under way, and for nothing else', async () => {
  const { fleet } = await liveOrg();
  const at_rest = fleet.clock.now();
  assert.equal((await as(fleet, 'ada', 'GET', `${mine}?wait=30`)).status, 200);
  assert.equal(fleet.clock.now(), at_rest);
  const { publicationId } = json(await as(fleet, 'ada', 'POST', `${mine}/publish`));
  for (const path of [mine, `${mine}/publications/${publicationId}`]) {
    const began = fleet.clock.now();
    assert.equal((await as(fleet, 'ada', 'GET', `${path}?wait=30`)).status, 200);
    assert.equal(fleet.clock.now() - began, 30_000);
  }
  for (const wrong of ['0', '61', 'x', '']) {
    const answer = await as(fleet, 'ada', 'GET', `${mine}?wait=${wrong}`);
    assert.ok(answer.status === 400 || answer.status === 422, `${wrong}: ${told(answer)}`);
  }
});

async function stream(fleet: Fleet, path: string, id?: string): Promise<Response> {
  const headers = {
    authorization: `Bearer ${await tokenOf(fleet, 'ada')}`,
    accept: 'text/event-stream',
    ...(id === undefined ? {} : { 'last-event-id': id }),
  };
  return fleet.fetch(new Request(`http://slipway.test${path}`, { headers }));
}

test('server-sent events: each change once, from the last one that was seen', async () => {
  const { fleet } = await liveOrg();
  const { publicationId } = json(await as(fleet, 'ada', 'POST', `${mine}/publish`));
  const id = String(seqOf(fleet));
  const follower = follow(await stream(fleet, mine, id));
  assert.deepEqual(await follower.next(), [{ retry: '2000' }], 'what is known is not told again');
  const ids: number[] = [];
  const states: string[] = [];
  for (;;) {
    const seq = seqOf(fleet);
    await fleet.passTime(() => seqOf(fleet) > seq, 60_000);
    const blocks = await follower.next();
    for (const { event, id: told_id, data } of blocks ?? []) {
      if (event !== 'state') continue;
      ids.push(Number(told_id));
      states.push(JSON.parse(data ?? '').publication.state);
    }
    if (blocks === undefined) break;
  }
  assert.deepEqual(
    ids,
    [...new Set(ids)].toSorted((a, b) => a - b),
  );
  assert.ok((ids[0] ?? 0) > Number(id));
  assert.equal(ids.at(-1), seqOf(fleet));
  assert.equal(states.at(-1), 'live');
  const one = follow(await stream(fleet, `${mine}/publications/${publicationId}`));
  const blocks = await one.rest();
  const shown = blocks.find(({ event }) => event === 'state');
  assert.equal(JSON.parse(shown?.data ?? '').state, 'live');
  const over = await stream(fleet, `${mine}/publications/${publicationId}`, shown?.id);
  assert.equal(over.status, 204, 'there is nothing more to come');
});

test('two orgs publish beside each other', async () => {
  const { fleet } = await liveOrg();
  await provisioned(fleet, 'org-borealis');
  await as(fleet, 'ada', 'POST', `${mine}/publish`);
  await as(fleet, 'ada', 'POST', '/me/orgs/org-borealis/publishing/publish');
  await settle(fleet);
  assert.deepEqual(publicationStates(fleet), ['live', 'live', 'live', 'live']);
  assert.equal(projectsOf(fleet).length, 2);
  assert.match(await served(fleet, 'borealis-ark.pages.dev'), /Borealis Bikes/);
});
