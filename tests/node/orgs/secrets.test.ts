// Marker secrets, planted as tokens, as the sealing key, as a person's token and as hooks: after
// everything that an org can go through they are found nowhere but where they belong.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plannedFaults } from '../../../simulator/base/faults.ts';
import type { Answer, Fleet } from '../crash/fleet.ts';
import { everything } from '../sealing/support.ts';
import { hooksAt, modelled } from './pages.ts';
import {
  hook_address,
  json,
  mine,
  orgFleet,
  orgOf,
  settle,
  theirs,
  tokenOf,
  told,
} from './support.ts';

const tokens = { current: 'marker-token-current-7f3a', previous: 'marker-token-previous-91bc' };
const sealing_key = `${'5ec4e7'.repeat(10)}0123`;
const pasted = 'marker-pasted-hook-44d1';
const unknown = 'marker-unknown-hook-09ee';

/** One request as it went out. */
interface Sent {
  readonly url: string;
  readonly authorization: string;
  readonly redirect: string;
}

interface World {
  readonly fleet: Fleet;
  readonly faults: ReturnType<typeof plannedFaults>;
  readonly jwt: string;
  /** Every answer that may hold no secret, as one text each. */
  readonly answers: string[];
  readonly sent: Sent[];
  /** Asks as ada. */
  ask(method: string, path: string, body?: unknown, key?: string): Promise<Answer>;
  /** The same for an answer that hands out a hook: its id. */
  handedOut(method: string, path: string, key?: string): Promise<string>;
}

function whole(answer: Answer): string {
  return JSON.stringify([...answer.headers]) + answer.text;
}

async function open(): Promise<World> {
  const faults = plannedFaults(1);
  const sent: Sent[] = [];
  const { fleet } = await orgFleet(
    {
      account: { tokens: ['cloudflare-token', tokens.current, tokens.previous] },
      variables: {
        ...modelled,
        CF_API_TOKEN: tokens.current,
        CF_API_TOKEN_PREVIOUS: tokens.previous,
        SEALING_KEY: sealing_key,
      },
      wrapPorts: (ports) => ({
        ...ports,
        fetch: async (request) => {
          const authorization = request.headers.get('authorization') ?? '';
          sent.push({ url: request.url, authorization, redirect: request.redirect });
          return ports.fetch(request);
        },
      }),
    },
    [],
    faults,
  );
  const jwt = await tokenOf(fleet, 'ada');
  const answers: string[] = [];
  const call = (method: string, path: string, body?: unknown, key?: string): Promise<Answer> =>
    fleet.api(method, path, body, jwt, key === undefined ? {} : { 'idempotency-key': key });
  return {
    fleet,
    faults,
    jwt,
    answers,
    sent,
    async ask(method, path, body, key) {
      const answer = await call(method, path, body, key);
      answers.push(whole(answer));
      return answer;
    },
    async handedOut(method, path, key) {
      const answer = await call(method, path, undefined, key);
      assert.equal(answer.status, 200, answer.text);
      assert.equal(answer.headers.get('cache-control'), 'no-store');
      const { deployHookUrl } = json(answer);
      assert.ok(deployHookUrl.startsWith(hook_address), answer.text);
      const [once, twice] = whole(answer).split(deployHookUrl);
      answers.push(`${once}${twice}`);
      return deployHookUrl.slice(hook_address.length);
    },
  };
}

/** The secret in the forms in which it could be written down. */
function forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const raw = /^[0-9a-f]{64}$/.test(secret) ? [Buffer.from(secret, 'hex').toString('base64')] : [];
  return [
    secret,
    bytes.toString('base64'),
    bytes.toString('hex'),
    encodeURIComponent(secret),
    ...raw,
  ];
}

function assertNowhere(world: World, secrets: Readonly<Record<string, string>>): void {
  const { fleet, answers } = world;
  const bucket = [...fleet.bucket].map(([name, bytes]) => name + Buffer.from(bytes).toString());
  const places: Readonly<Record<string, string>> = {
    'the database': everything(fleet.db),
    'the bucket': bucket.join('\n'),
    'the log': JSON.stringify(fleet.logged),
    'an answer': answers.join('\n'),
    'a call that the simulator logged': JSON.stringify(fleet.cloudflare.log),
  };
  for (const [place, text] of Object.entries(places)) {
    for (const [name, secret] of Object.entries(secrets)) {
      for (const form of forms(secret)) {
        const at = text.indexOf(form);
        assert.ok(at < 0, `${name} is in ${place}: ${text.slice(Math.max(0, at - 60), at)}`);
      }
    }
  }
}

/** Tokens go to Cloudflare alone, in the header; a hook goes to its own address alone. */
function assertSentWhereItBelongs({ sent, jwt }: World, hooks: readonly string[]): void {
  for (const { url, authorization, redirect } of sent) {
    const to = new URL(url);
    assert.equal(redirect, 'manual', 'nothing is sent on to where an answer points');
    for (const token of [...Object.values(tokens), jwt, sealing_key]) {
      assert.ok(!url.includes(token), to.pathname);
    }
    const cloudflare = to.hostname === 'cloudflare.test';
    if (authorization !== '') assert.ok(cloudflare, `a token is sent to ${to.hostname}`);
    for (const hook of hooks) {
      assert.ok(!authorization.includes(hook));
      const own = cloudflare && to.pathname.endsWith(`/deploy_hooks/${hook}`);
      assert.ok(own || !url.includes(hook), `a hook is sent to ${to.hostname}`);
      if (own && to.pathname.includes('/webhooks/')) assert.equal(authorization, '');
    }
  }
}

async function lookAround({ ask, fleet, answers }: World): Promise<void> {
  const keyed = [
    theirs,
    `${theirs}/publications`,
    '/api/v1/orgs',
    '/api/v1/audit?limit=100',
    '/api/v1/dead-letters',
    '/api/v1/status',
    '/api/v1/accounts',
    '/readyz',
  ];
  for (const path of keyed) answers.push(whole(await fleet.api('GET', path)));
  await ask('GET', mine);
  await ask('GET', `${mine}/publications`);
}

test('no marker is found anywhere after all that an org goes through', async () => {
  const world = await open();
  const { fleet, faults, ask, handedOut } = world;
  const made = [await handedOut('POST', `${mine}/auto-provision`)];
  await settle(fleet);
  await lookAround(world);
  await ask('POST', `${mine}/auto-provision`);
  made.push(await handedOut('POST', `${mine}/rotate`));
  await settle(fleet);
  await ask('POST', `${mine}/publish`);
  await settle(fleet);
  assert.equal(await handedOut('POST', `${mine}/reveal`), made[1]);

  // Refused, gone, lost.
  await ask('PUT', mine, { deployHookUrl: `https://evil.test/${pasted}` });
  await ask('PUT', mine, { deployHookUrl: hook_address + unknown, more: 1 });
  await ask('PUT', mine, { deployHookUrl: hook_address + pasted });
  await ask('POST', `${mine}/publish`);
  await settle(fleet);
  assert.equal(orgOf(fleet).last?.failure?.code, 'publishing.hook_gone');
  await ask('PUT', mine, { deployHookUrl: hook_address + unknown });
  for (const answer of ['timeout', 500, 302] as const) {
    faults.set([{ operation: 'cloudflare.hook.trigger', fault: { when: 'before', answer } }]);
    await ask('POST', `${mine}/publish`);
    await settle(fleet);
    await lookAround(world);
  }
  assert.equal(await handedOut('POST', `${mine}/reveal`), unknown);
  await ask('DELETE', mine);
  faults.set([{ operation: 'cloudflare.*', fault: { when: 'before', answer: 403 } }]);
  await ask('POST', `${mine}/publish`);
  await settle(fleet);
  faults.set([
    { operation: 'cloudflare.hook.create', fault: { when: 'after', answer: 'timeout' } },
  ]);
  await ask('POST', `${mine}/rotate`);
  await settle(fleet);
  await lookAround(world);
  const all = [...made, ...(await hooksAt(fleet)).map(({ hook_id }) => hook_id)];
  const hooks = Object.fromEntries(all.map((id, index) => [`hook ${index}`, id]));
  const { jwt } = world;
  assert.ok(all.length > 5, 'lost hooks are looked for, too');
  assertNowhere(world, { ...tokens, sealing_key, jwt, pasted, unknown, ...hooks });
  assertSentWhereItBelongs(world, [...all, pasted, unknown]);
  const used = new Set(world.sent.map(({ authorization }) => authorization));
  assert.ok(used.has(`Bearer ${tokens.current}`) && used.has(`Bearer ${tokens.previous}`));
});

test('work that fails again and again leaves no secret in its dead letter', async () => {
  const world = await open();
  const { fleet, ask, handedOut } = world;
  const made = await handedOut('POST', `${mine}/auto-provision`);
  await settle(fleet);
  await ask('PUT', mine, { deployHookUrl: hook_address + pasted });
  await ask('POST', `${mine}/publish`);
  // No address that is below it can be built: whatever sends to Cloudflare fails.
  fleet.reconfigure({ CLOUDFLARE_API_URL: 'http://cloudflare.test/client/../v4' });
  const dead = 'SELECT count(*) AS n FROM dead_letter';
  const buried = (): boolean => Number(fleet.db.sqlite.prepare(dead).get()?.n) > 0;
  assert.ok(await fleet.passTime(buried, 6 * 3_600_000));
  await lookAround(world);
  const [letter] = json(await fleet.api('GET', '/api/v1/dead-letters')).items;
  assert.match(JSON.stringify(letter), /leaves its target/);
  assertNowhere(world, { ...tokens, sealing_key, jwt: world.jwt, pasted, made });
});

test('a value that cannot be opened is a fault that says nothing', async () => {
  const world = await open();
  const { fleet, ask, handedOut } = world;
  const made = await handedOut('POST', `${mine}/auto-provision`);
  await settle(fleet);
  fleet.reconfigure({ SEALING_KEY: 'ab'.repeat(32) });
  const answer = await ask('POST', `${mine}/reveal`);
  assert.equal(told(answer), '500 internal.unsealed');
  await ask('POST', `${mine}/publish`);
  await settle(fleet);
  assert.equal(orgOf(fleet).last?.state, 'live', 'the project is built without its hook');
  await ask('POST', `${mine}/rotate`);
  await settle(fleet);
  assertNowhere(
    { ...world, answers: world.answers.slice(0, -1) },
    { ...tokens, sealing_key, made },
  );
  fleet.reconfigure({ SEALING_KEY: '' });
  assert.equal(told(await ask('POST', `${mine}/reveal`)), '500 internal.unsealed');
});

test('an answer that handed a hook out is not kept: repeated, it is not given again', async () => {
  const world = await open();
  const { fleet, ask, handedOut } = world;
  const seen: string[] = [];
  for (const path of ['auto-provision', 'rotate', 'reveal']) {
    seen.push(await handedOut('POST', `${mine}/${path}`, `key-${path}`));
    await settle(fleet);
    const again = await ask('POST', `${mine}/${path}`, undefined, `key-${path}`);
    assert.equal(told(again), '409 idempotency.not_replayable', path);
  }
  const hooks = Object.fromEntries(seen.map((id, index) => [`hook ${index}`, id]));
  assertNowhere(world, hooks);
});

test('who was shown the hook stands in the audit trail', async () => {
  const world = await open();
  const { fleet, handedOut } = world;
  await handedOut('POST', `${mine}/auto-provision`);
  await settle(fleet);
  await handedOut('POST', `${mine}/reveal`);
  await fleet.api('POST', `${theirs}/reveal`);
  const { items } = json(await fleet.api('GET', '/api/v1/audit?limit=100'));
  const shown = (items as { type: string; author: string; aggregate: string }[])
    .filter(({ type }) => type === 'hook_revealed')
    .map(({ author, aggregate }) => `${author} ${aggregate}`);
  assert.deepEqual(shown.toSorted(), ['admin org:aurora', 'user:ada org:aurora']);
  assert.equal(
    told(await fleet.api('GET', '/api/v1/audit', undefined, world.jwt)),
    '403 auth.forbidden',
  );
});

test('members and the list of orgs show nothing of the hook', async () => {
  const world = await open();
  const { fleet, handedOut } = world;
  const made = await handedOut('POST', `${mine}/auto-provision`);
  await settle(fleet);
  const ben = await tokenOf(fleet, 'ben');
  for (const path of [mine, `${mine}/publications`]) {
    const answer = await fleet.api('GET', path, undefined, ben);
    assert.equal(answer.status, 200);
    assert.ok(!answer.text.includes(made.slice(-4)), 'not even its end');
  }
  for (const path of ['/api/v1/orgs', '/api/v1/orgs/aurora']) {
    assert.ok(!(await fleet.api('GET', path)).text.includes(made.slice(-4)));
  }
});
