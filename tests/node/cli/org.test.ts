// Organisations: what each command sends and shows, and that a hook is printed only where it is
// asked for.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  cli,
  type Got,
  hook_secret,
  hook_url,
  problem,
  type Scripted,
  serve,
  token,
} from './support.ts';

const base = '/api/v1/orgs/aurora/publishing';
const masked = 'https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/\u20261a2b';
const publication = {
  publicationId: 'pub_1',
  orgId: 'org-aurora',
  slug: 'aurora',
  state: 'building',
  followed: true,
  by: 'ada',
  via: 'api',
  label: 'building',
  stages: [
    { name: 'queued', status: 'success' },
    { name: 'build', status: 'active' },
  ],
  createdAt: '2026-11-26T00:00:00Z',
  updatedAt: '2026-11-26T00:00:01Z',
};
const publishing = {
  orgId: 'org-aurora',
  slug: 'aurora',
  name: 'Aurora Books',
  role: 'operator',
  canProvision: true,
  state: 'ready',
  steps: [
    { name: 'project', state: 'done' },
    { name: 'hook', state: 'done' },
    { name: 'build', state: 'active' },
    { name: 'served', state: 'pending' },
  ],
  projectName: 'aurora-ark',
  projectUrl: 'https://aurora-ark.pages.dev',
  hook: { source: 'auto', masked, setAt: '2026-11-26T00:00:00Z', setBy: 'ada' },
  orphanedHooks: 0,
  publication,
  seq: 3,
};
const failure = { code: 'git.not_connected', detail: 'no GitHub', next: '/help/connect-github' };
const live = { ...publishing, publication: { ...publication, state: 'live', label: 'live' } };
const provisioned = {
  projectName: 'aurora-ark',
  deployHookUrl: hook_url,
  projectUrl: 'https://aurora-ark.pages.dev',
  publishing,
};
const org = {
  slug: 'aurora',
  orgId: 'org-aurora',
  name: 'Aurora Books',
  members: [{ userId: 'ada', role: 'admin' }],
  createdAt: '2026-11-26T00:00:00Z',
};
const secret = new RegExp(hook_secret);

/** Answers the POST, then the states one after the other, the last one again and again. */
const story =
  (posted: Scripted, states: readonly object[]) =>
  ({ method }: Got, index: number): Scripted =>
    method === 'POST' ? posted : { body: states[Math.min(index - 1, states.length - 1)] };

describe('org provision', () => {
  test("the instance's own key is refused: exit 1, not the caller's 4", async (t) => {
    const { env } = await serve(t, () => problem(403, 'credential.permission_missing'));
    const ran = await cli(['org', 'provision', 'aurora', '--wait'], { env });
    assert.equal(ran.code, 1, ran.err);
  });

  test('follows until the first build is live; the hook is not printed', async (t) => {
    const { env, got } = await serve(t, story({ body: provisioned }, [publishing, live]));
    const ran = await cli(['org', 'provision', 'aurora', '--wait'], { env });
    assert.equal(ran.code, 0, ran.err);
    assert.match(ran.out, /address: +https:\/\/aurora-ark\.pages\.dev/);
    assert.match(ran.out, /live/);
    assert.match(ran.err, /build: active/);
    assert.doesNotMatch(ran.out + ran.err, secret);
    assert.deepEqual(got.map(({ method, path }) => `${method} ${path}`).slice(0, 2), [
      `POST ${base}/auto-provision`,
      `GET ${base}`,
    ]);
  });

  test('--show-hook prints the hook, on standard output alone', async (t) => {
    const { env } = await serve(t, story({ body: provisioned }, [live]));
    const args = ['org', 'provision', 'aurora', '--wait', '--show-hook'];
    const ran = await cli(args, { env });
    assert.match(ran.out, secret);
    assert.doesNotMatch(ran.err, secret);
    const json = await cli([...args, '--json'], { env });
    assert.equal(JSON.parse(json.out).deployHookUrl, hook_url);
  });

  const build_failure = { ...failure, code: 'build.failed' };
  const endings: [string, number, object][] = [
    ['GitHub is not connected', 5, { ...publishing, state: 'blocked', failure }],
    [
      'the first build fails',
      1,
      { ...live, publication: { ...publication, state: 'failed', failure: build_failure } },
    ],
    [
      'other bytes are served',
      8,
      {
        ...live,
        publication: {
          ...publication,
          state: 'failed',
          failure: { ...failure, code: 'deployment.content_mismatch' },
        },
      },
    ],
  ];
  for (const [name, code, end] of endings) {
    test(`${name}: exit ${code}, and the next step`, async (t) => {
      const posted = { body: { projectName: 'aurora-ark', publishing } };
      const { env } = await serve(t, story(posted, [publishing, end]));
      const ran = await cli(['org', 'provision', 'aurora', '--wait', '--json'], { env });
      assert.equal(ran.code, code, ran.err);
      assert.match(ran.err, /next: \/help\/connect-github/);
      assert.equal(JSON.parse(ran.out).projectName, 'aurora-ark');
    });
  }

  test('the name is taken: exit 5', async (t) => {
    const { env } = await serve(t, () => problem(409, 'publishing.name_taken'));
    assert.equal((await cli(['org', 'provision', 'aurora'], { env })).code, 5);
  });

  test('not configured here: exit 1, and it is not tried again', async (t) => {
    const { env, got } = await serve(t, () => problem(503, 'publishing.not_configured'));
    assert.equal((await cli(['org', 'provision', 'aurora'], { env })).code, 1);
    assert.equal(got.length, 1);
  });

  test('an answer that was lost and not kept: it goes on from what is there', async (t) => {
    const { env } = await serve(t, ({ method }, index) => {
      if (method === 'GET') return { body: live };
      return index === 0 ? { cut: true } : problem(409, 'idempotency.not_replayable');
    });
    const ran = await cli(['org', 'provision', 'aurora', '--wait', '--json'], { env });
    assert.equal(ran.code, 0, ran.err);
    assert.equal(JSON.parse(ran.out).publishing.publication.state, 'live');
  });

  test('--json=stream: each state, then what it came to; every line is JSON', async (t) => {
    const { env } = await serve(t, story({ body: provisioned }, [publishing, live]));
    const ran = await cli(['org', 'provision', 'aurora', '--wait', '--json=stream'], { env });
    const lines = ran.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.deepEqual(
      lines.map((each) => (each.publishing ?? each).publication.state),
      ['building', 'live', 'live'],
    );
    assert.doesNotMatch(ran.out, secret);
  });
});

describe('what is sent', () => {
  const member = '/api/v1/orgs/aurora/members/ada%40example.com';
  const table: [string[], string, unknown][] = [
    [['publish', 'aurora'], `POST ${base}/publish`, ''],
    [['status', 'aurora'], `GET ${base}`, ''],
    [['history', 'aurora', '--limit', '5'], `GET ${base}/publications?limit=5`, ''],
    [['set-hook', 'aurora', '--hook-file', 'hook'], `PUT ${base}`, { deployHookUrl: hook_url }],
    [['remove-hook', 'aurora', '-y'], `DELETE ${base}`, ''],
    [['rotate', 'aurora', '-y'], `POST ${base}/rotate`, ''],
    [['reveal', 'aurora'], `POST ${base}/reveal`, ''],
    [['list'], 'GET /api/v1/orgs', ''],
    [['get', 'aurora'], 'GET /api/v1/orgs/aurora', ''],
    [['delete', 'aurora', '--yes'], 'DELETE /api/v1/orgs/aurora', ''],
    [
      ['create', 'aurora', '--id', 'o', '--name', 'A', '--member', 'ada:admin', '--member', 'a:b'],
      'PUT /api/v1/orgs/aurora',
      {
        orgId: 'o',
        name: 'A',
        members: [
          { userId: 'ada', role: 'admin' },
          { userId: 'a:b', role: 'member' },
        ],
      },
    ],
    [
      ['create', 'aurora', '--id', 'o', '--name', 'A'],
      'PUT /api/v1/orgs/aurora',
      { orgId: 'o', name: 'A' },
    ],
    [
      ['member', 'add', 'aurora', 'ada@example.com', '--role', 'admin'],
      `PUT ${member}`,
      { role: 'admin' },
    ],
    [['member', 'remove', 'aurora', 'ada@example.com', '-y'], `DELETE ${member}`, ''],
    [['member', 'list', 'aurora'], 'GET /api/v1/orgs/aurora', ''],
  ];
  for (const [args, request, body] of table) {
    test(`org ${args.join(' ')}`, async (t) => {
      const answer = { ...org, ...publication, ...publishing, deployHookUrl: hook_url, publishing };
      const { env, got } = await serve(t, () => ({ body: { ...answer, items: [] } }));
      const ran = await cli(['org', ...args], { env, files: { hook: `${hook_url}\n` } });
      assert.equal(ran.code, 0, ran.err);
      assert.equal(got.length, 1);
      assert.equal(`${got[0]?.method} ${got[0]?.path}`, request);
      assert.deepEqual(body === '' ? got[0]?.body : JSON.parse(got[0]?.body ?? ''), body);
      assert.equal(got[0]?.headers['idempotency-key'] !== undefined, request.startsWith('POST'));
      assert.doesNotMatch(ran.out + ran.err, new RegExp(token));
      if (args[0] === 'reveal') assert.equal(ran.out, `${hook_url}\n`);
      else assert.doesNotMatch(ran.out + ran.err, secret);
    });
  }
});

test('org publish: the one under way, followed to its end', async (t) => {
  const { env, got } = await serve(t, ({ method }, index) =>
    method === 'POST'
      ? { status: 202, body: { ...publication, again: true } }
      : { body: index < 2 ? publication : { ...publication, state: 'live', label: 'live' } },
  );
  const ran = await cli(['org', 'publish', 'aurora', '--wait', '--json'], { env });
  assert.equal(ran.code, 0, ran.err);
  assert.equal(JSON.parse(ran.out).state, 'live');
  assert.match(ran.err, /one more follows/);
  assert.match(got.at(-1)?.path ?? '', /publications\/pub_1\?wait=\d+$/);
});

test('org publish through a hook that nobody can follow: triggered is the end', async (t) => {
  const triggered = { ...publication, state: 'triggered', label: 'triggered (not followed)' };
  const { env } = await serve(t, () => ({ status: 202, body: triggered }));
  const ran = await cli(['org', 'publish', 'aurora', '--wait'], { env });
  assert.equal(ran.code, 0, ran.err);
  assert.match(ran.out, /triggered \(not followed\)/);
});

test('logs of a publication', async (t) => {
  const bad = { ...publication, state: 'failed', failure: { ...failure, logTail: 'the log' } };
  const { env } = await serve(t, () => ({ body: bad }));
  const ran = await cli(['logs', 'pub_1', '--org', 'aurora'], { env });
  assert.equal(ran.code, 0, ran.err);
  assert.match(ran.out, /git\.not_connected[\s\S]*the log/);
});
