// Two live tokens of a Cloudflare account: a request whose token is refused is sent once more with
// the other, and never where it may have done something.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UpstreamRequest } from '../../../bindings/js/control.ts';
import { openUpstreams } from '../../../worker-shim/github_settings.ts';
import { Isolate } from '../../../worker-shim/isolate.ts';
import { upstreamsOf } from '../../../worker-shim/settings.ts';
import { prepare, send } from '../../../worker-shim/upstream/send.ts';
import { json, portsTo } from './support.ts';

const request: UpstreamRequest = {
  target: 'cloudflare',
  credential: 'cloudflare:main',
  method: 'POST',
  path: '/accounts/a/pages/projects',
  segment: 1,
  timeout_ms: 1000,
  body_max: 1000,
};
const both = { CF_API_TOKEN: 'new', CF_API_TOKEN_PREVIOUS: 'old' };

/** An account whose tokens are answered with these statuses; `lost`: no answer. */
function account(statuses: Record<string, number | 'lost'>) {
  const sent: string[] = [];
  const ports = portsTo(async (asked) => {
    const token = (asked.headers.get('authorization') ?? '').replace('Bearer ', '');
    sent.push(`${token}:${await asked.text()}`);
    const status = statuses[token];
    if (status === undefined || status === 'lost') throw new TypeError('cut');
    return json({ by: token }, status);
  });
  const isolate = new Isolate();
  const ask = async (variables: Readonly<Record<string, string>> = both, change: object = {}) => {
    const upstreams = openUpstreams(variables, isolate);
    const body = [Buffer.from(''), Buffer.from('{}')];
    const { fact, bytes } = await send(ports, prepare(upstreams, { ...request, ...change }, body));
    const by = bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString()).by;
    return [fact.outcome === 'answered' ? fact.status : fact.outcome, by];
  };
  const asked = (): string[] => sent.splice(0);
  return { ask, asked, statuses };
}

test('a token that works is the only one that is sent', async () => {
  const { ask, asked } = account({ new: 200, old: 200 });
  assert.deepEqual(await ask(), [200, 'new']);
  assert.deepEqual(asked(), ['new:{}']);
});

for (const refused of [401, 403]) {
  test(`after ${refused} the one before it is tried, once, with the same body`, async () => {
    const { ask, asked } = account({ new: refused, old: 201 });
    assert.deepEqual(await ask(), [201, 'old']);
    assert.deepEqual(asked(), ['new:{}', 'old:{}']);
    // Which one worked is remembered, for reads and writes.
    assert.deepEqual(await ask(both, { method: 'PATCH' }), [201, 'old']);
    assert.deepEqual(asked(), ['old:{}']);
  });
}

test('a previous token that is revoked gives way to the current one again', async () => {
  const { ask, asked, statuses } = account({ new: 401, old: 200 });
  await ask();
  statuses.old = 401;
  statuses.new = 200;
  asked();
  assert.deepEqual(await ask(), [200, 'new']);
  assert.deepEqual(await ask(), [200, 'new']);
  assert.deepEqual(asked(), ['old:{}', 'new:{}', 'new:{}']);
});

test('where both are refused, what the current one was told is the answer', async () => {
  const { ask, asked, statuses } = account({ new: 403, old: 401 });
  assert.deepEqual(await ask(), [403, 'new']);
  statuses.old = 200;
  await ask();
  statuses.old = 401;
  asked();
  assert.deepEqual(await ask(), [403, 'new']);
  assert.deepEqual(asked(), ['old:{}', 'new:{}']);
});

test('any other answer, and none, is not tried again', async () => {
  for (const status of [200, 400, 404, 409, 429, 500, 503, 'lost'] as const) {
    const { ask, asked } = account({ new: status, old: 200 });
    assert.equal((await ask())[0], status);
    assert.deepEqual(asked(), ['new:{}'], String(status));
  }
});

test('an answer of the second that got lost is lost, and nothing is remembered', async () => {
  for (const status of ['lost', 429, 500] as const) {
    const { ask, asked } = account({ new: 401, old: status });
    assert.equal((await ask())[0], status);
    await ask();
    assert.deepEqual(asked(), ['new:{}', 'old:{}', 'new:{}', 'old:{}']);
  }
});

test('with one token a refusal is the answer', async () => {
  for (const variables of [
    { CF_API_TOKEN: 'new' },
    { CF_API_TOKEN: 'new', CF_API_TOKEN_PREVIOUS: '' },
    { CF_API_TOKEN: 'new', CF_API_TOKEN_PREVIOUS: 'new' },
    { CF_API_TOKEN_PREVIOUS: 'new' },
  ]) {
    const { ask, asked } = account({ new: 401 });
    assert.deepEqual(await ask(variables), [401, 'new']);
    assert.deepEqual(asked(), ['new:{}']);
  }
});

test('each account has its own two, under its own name; changed tokens start afresh', async () => {
  const variables = {
    ...{ CF_ACCOUNT_NAME: 'north', CF_API_TOKEN: 'n', CF_API_TOKEN_PREVIOUS: 'm' },
    ...{ CF_API_TOKEN_ACME_EU: 'a', CF_API_TOKEN_ACME_EU_PREVIOUS: 'b' },
    CF_API_TOKEN_ONE_PREVIOUS: 'c',
  };
  const names = ['cloudflare:acme-eu', 'cloudflare:north', 'cloudflare:one'];
  assert.deepEqual([...upstreamsOf(variables).credentials.keys()].sort(), names);
  const { ask, asked } = account({ a: 401, b: 200, n: 401, m: 200, x: 401, c: 200 });
  const credential = 'cloudflare:acme-eu';
  assert.deepEqual(await ask(variables, { credential }), [200, 'b']);
  assert.deepEqual(await ask(variables, { credential: 'cloudflare:north' }), [200, 'm']);
  assert.deepEqual(await ask(variables, { credential: 'cloudflare:one' }), [200, 'c']);
  asked();
  assert.deepEqual(await ask(variables, { credential }), [200, 'b']);
  await ask({ ...variables, CF_API_TOKEN_ACME_EU: 'x' }, { credential });
  assert.deepEqual(asked(), ['b:{}', 'x:{}', 'b:{}']);
});
