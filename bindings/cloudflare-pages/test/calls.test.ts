// How a call behaves: aborts, waits that were asked for, tokens, and what is kept secret.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProvisionError } from '../src/error.ts';
import { everything, refusal, type Stage, stage, steps, token } from './support.ts';

/** Aborts when the n-th request is under way, or its answer has come. */
function stopping(on: Stage, nth: number, late: boolean) {
  const controller = new AbortController();
  const reason = new Error('the caller has gone');
  let sent = 0;
  const fetch = async (request: Request): Promise<Response> => {
    sent += 1;
    if (sent === nth && !late) {
      controller.abort(reason);
      return new Promise(() => undefined);
    }
    const response = await on.cloudflare.fetch(request);
    if (sent === nth) controller.abort(reason);
    return response;
  };
  return { reason, options: { fetch, signal: controller.signal }, sent: () => sent };
}

for (const nth of [1, 2, 3]) {
  for (const late of [false, true]) {
    test(`aborted ${late ? 'after' : 'during'} request ${nth}: the signal's reason`, async () => {
      const on = stage();
      const { reason, options, sent } = stopping(on, nth, late);
      await assert.rejects(on.provision('aurora', options), (error) => error === reason);
      assert.equal(sent(), nth, 'nothing is sent afterwards');
    });
  }
}

test('aborted before: nothing is sent, no token is asked for', async () => {
  const on = stage();
  const signal = AbortSignal.abort('no');
  const provider = () => assert.fail('asked');
  await assert.rejects(on.provision('aurora', { signal, token: provider }), (e) => e === 'no');
  assert.equal(on.sent.length, 0);
});

test('aborted while the token provider is asked, and while waiting', async () => {
  const on = stage();
  const first = new AbortController();
  const provider = (): Promise<string> => {
    first.abort('now');
    return new Promise(() => undefined);
  };
  const asked = on.provision('aurora', { signal: first.signal, token: provider });
  await assert.rejects(asked, (error) => error === 'now');

  const second = new AbortController();
  on.faults.set([{ operation: 'cloudflare.*', fault: { when: 'before', answer: 500 } }]);
  const waiting = on.provision('aurora', {
    signal: second.signal,
    onProgress: ({ step }) => step === 'waiting' && second.abort('enough'),
  });
  await assert.rejects(waiting, (error) => error === 'enough');
  assert.equal(on.slept.length, 0);
});

test('aborted by a deadline of the caller: a TimeoutError, as the platform has it', async () => {
  const on = stage();
  const fetch = () => new Promise<Response>(() => undefined);
  const signal = AbortSignal.timeout(20);
  await assert.rejects(on.provision('aurora', { fetch, signal }), { name: 'TimeoutError' });
});

for (const operation of ['project.get', 'project.create', 'hook.create', 'hook.list']) {
  test(`429 of ${operation}: waits as long as it says, and makes nothing twice`, async () => {
    const on = stage({ listed: true });
    const answer = { when: 'before', answer: 429, headers: { 'retry-after': '77' } } as const;
    if (operation === 'hook.list') await on.provision();
    on.seen.length = 0;
    on.faults.set([{ operation: `cloudflare.${operation}`, times: 1, fault: answer }]);
    await on.provision();
    assert.deepEqual(on.slept, [77_000]);
    const waits = on.seen.filter(({ step }) => step === 'waiting');
    assert.deepEqual(waits, [{ step: 'waiting', ms: 77_000, reason: 'asked_to_wait' }]);
    assert.match(JSON.stringify(on.cloudflare.state()), /"hooks":1,/);
  });
}

test("a wait past the deadline is the caller's: the error says how long", async () => {
  const on = stage();
  const answer = { when: 'before', answer: 429, headers: { 'retry-after': '301' } } as const;
  on.faults.set([{ operation: 'cloudflare.project.get', fault: answer }]);
  const error = await refusal(on.provision());
  assert.deepEqual([error.retryAfterMs, error.retryable], [301_000, true]);
  assert.deepEqual(on.slept, []);
});

test('the provider is asked for each request', async () => {
  const on = stage();
  const tokens = [token, 'token-second', token];
  await on.provision('aurora', { token: async () => tokens.shift() ?? '' });
  const used = on.sent.map((request) => request.headers.get('authorization'));
  assert.deepEqual(used, [`Bearer ${token}`, 'Bearer token-second', `Bearer ${token}`]);
});

test('a token that is revoked meanwhile is followed by its successor, once', async () => {
  const on = stage();
  let current = 'token-old';
  const provider = (): string => {
    const given = current;
    current = token;
    return given;
  };
  await on.provision('aurora', { token: provider });
  assert.equal(on.sent[0]?.headers.get('authorization'), 'Bearer token-old');
  assert.equal(on.sent.length, 4);

  const other = stage();
  const error = await refusal(other.provision('aurora', { token: () => 'token-old' }));
  assert.equal(error.code, 'credential.invalid');
  assert.equal(other.sent.length, 1, 'the same token is not sent twice');
});

const unusable: [string, () => string | Promise<string>][] = [
  [
    'throws',
    () => {
      throw new Error(`no ${token}`);
    },
  ],
  ['rejects', () => Promise.reject(new Error(`no ${token}`))],
  ['gives nothing', () => ''],
  ['gives a line break', () => `${token}\n`],
  ['gives no string', () => 7 as never],
];
for (const [name, provider] of unusable) {
  test(`a provider that ${name}: an error without what it said`, async () => {
    const on = stage();
    const error = await refusal(on.provision('aurora', { token: provider }));
    assert.equal(error.code, 'credential.unavailable');
    assert.doesNotMatch(everything(error), /marker/);
    assert.equal(on.sent.length, 0);
  });
}

test('a listener that throws changes nothing', async () => {
  const on = stage();
  const onProgress = (): never => {
    throw new Error('listener');
  };
  assert.equal((await on.provision('aurora', { onProgress })).projectName, 'aurora-ark');
});

test('token and hook are in no error, step or line, whatever Cloudflare says', async (t) => {
  const lines: unknown[] = [];
  for (const name of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    t.mock.method(console, name, (...words: unknown[]) => lines.push(...words));
  }
  const caught: unknown[] = [];
  const tried = async (on: Stage, options: object = {}): Promise<void> => {
    try {
      const { deployHookUrl } = await on.provision('aurora', options);
      const hook = deployHookUrl.slice(deployHookUrl.lastIndexOf('/') + 1);
      assert.doesNotMatch(everything(on.seen), new RegExp(hook));
      hooks.push(hook);
    } catch (error) {
      caught.push(error);
    }
    caught.push(on.seen);
  };
  const hooks: string[] = [];
  const echo = JSON.stringify({
    success: false,
    errors: [{ code: 1, message: `Bearer ${token} is not known` }],
    result: null,
  });
  for (const answer of [400, 401, 403, 404, 409, 500] as const) {
    for (const operation of ['project.get', 'project.create', 'hook.create']) {
      const on = stage();
      const fault = { when: 'before', answer, body: echo } as const;
      on.faults.set([{ operation: `cloudflare.${operation}`, fault }]);
      await tried(on);
    }
  }
  await tried(stage());
  await tried(stage(), { fetch: () => Promise.reject(new TypeError(`fetch of ${token}`)) });
  await tried(stage(), { fetch: async () => new Response(`{"success":true,"${token}":`) });
  assert.ok(caught.filter((each) => each instanceof ProvisionError).length >= 20);
  const text = caught.map(everything).join('\n') + lines.map(everything).join('\n');
  assert.doesNotMatch(text, new RegExp(token));
  for (const hook of hooks) assert.ok(!text.includes(hook));
});

test('steps are told in order, with one wait between two tries', async () => {
  const on = stage({
    faults: [
      {
        operation: 'cloudflare.hook.create',
        times: 1,
        fault: { when: 'after', answer: 'timeout' },
      },
    ],
  });
  await on.provision();
  assert.deepEqual(steps(on), [
    'looking',
    'creating_project',
    'project_ready',
    'creating_hook',
    'waiting',
    'looking',
    'creating_hook',
    'hook_ready',
  ]);
});
