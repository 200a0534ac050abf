// Creating a platform and waiting for it: what is answered, what is stored, what a fault leaves.
import { beforeEach, describe, expect, it } from 'vitest';
import { createCore } from '../../bindings/js/core.ts';
import coreModule from '../../build/core.wasm';
import {
  type Answer,
  type Api,
  acme,
  configured,
  created,
  everythingStored,
  openApi,
} from './api_world.ts';
import { freshState, rowsOf } from './support.ts';

const platforms = '/api/v1/platforms';
const post = (body: BodyInit | object) => ({ method: 'POST', path: platforms, body });

async function countsOf(): Promise<Record<string, number>> {
  const stored = Object.entries(await everythingStored());
  return Object.fromEntries(stored.map(([name, rows]) => [name, rows.length]));
}

// The refusal is told truthfully, and nothing came of the request.
async function expectNothingDone(api: Api, body: BodyInit | object): Promise<Answer> {
  const stored = await everythingStored();
  const sent = api.sent.length;
  const answer = await api.ask(post(body));
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(await everythingStored()).toEqual(stored);
  expect(api.sent).toHaveLength(sent);
  return answer;
}

describe('creating a platform', () => {
  beforeEach(freshState);

  it('answers 202 with an operation to follow, and wakes one effect a site', async () => {
    const api = openApi();
    const answer = await created(api, { ...acme, environments: ['dev', 'prod'] });
    expect(answer.headers.get('content-type')).toBe('application/json');
    const { operationId, ...operation } = answer.json();
    expect(answer.headers.get('location')).toBe(`/api/v1/operations/${operationId}`);
    expect(operation).toMatchObject({ kind: 'platform_create', platformId: 'acme' });
    expect(operation.sites).toMatchObject([
      { environment: 'dev', state: 'running', step: 'creating' },
      { environment: 'prod', state: 'running', step: 'creating' },
    ]);
    const followed = await api.ask({ path: answer.headers.get('location') ?? '' });
    expect(followed.status).toBe(200);
    expect(followed.json()).toMatchObject({ operationId, state: 'running' });
    expect(api.sent).toMatchObject([
      { key: 'site:acme/dev', delay_s: 0 },
      { key: 'site:acme/prod', delay_s: 0 },
    ]);
    expect(await countsOf()).toMatchObject({
      platform: 1,
      site: 2,
      operation: 1,
      outbox: 2,
      deployment: 0,
      batch: 0,
    });
  });

  it('gives the same body the same operation, and does nothing more', async () => {
    const api = openApi();
    const first = await created(api);
    const stored = await everythingStored();
    const sent = api.sent.length;
    const spelled = '{ "environments": ["dev"],\n "name": "\\u0041cme", "platformId": "acme" }';
    for (const body of [acme, spelled]) {
      const again = await api.ask(post(body));
      expect([again.status, again.text]).toEqual([202, first.text]);
      expect(again.headers.get('location')).toBe(first.headers.get('location'));
    }
    expect(await everythingStored()).toEqual(stored);
    expect(api.sent).toHaveLength(sent);
  });

  it.each([
    ['another name', { ...acme, name: 'Acme Tools' }],
    ['another environment', { ...acme, environments: ['dev', 'prod'] }],
    [
      'a configuration',
      {
        ...acme,
        config: { features: { features: {} }, env: { default: {} }, auth: { default: {} } },
      },
    ],
  ])('refuses the id again with %s', async (_, body) => {
    const api = openApi();
    await created(api);
    const answer = await expectNothingDone(api, body);
    expect(answer.json()).toMatchObject({
      status: 409,
      code: 'platform.exists',
      detail: 'acme',
      retryable: false,
    });
  });

  it('lets one of many that come at once decide', async () => {
    const api = openApi();
    const answers = await Promise.all(Array.from({ length: 5 }, () => api.ask(post(acme))));
    const distinct = new Set(answers.map(({ status, text }) => `${status} ${text}`));
    expect([...distinct]).toEqual([`202 ${answers[0]?.text}`]);
    expect(await countsOf()).toMatchObject({ platform: 1, site: 1, operation: 1, account: 1 });
    expect(api.sent).toHaveLength(1);
  });

  it.each([
    ['the shortest id', { ...acme, platformId: 'a-1' }],
    ['the longest id', { ...acme, platformId: 'a'.repeat(46) }],
    ['a body of exactly 1 MiB', JSON.stringify(acme).padEnd(1_048_576)],
    ['a name of 120 bytes', { ...acme, name: 'n'.repeat(120) }],
    ['no name', { platformId: 'acme', environments: ['prod', 'stg', 'dev'] }],
  ])('takes %s', async (_, body) => {
    const { status, text } = await openApi().ask(post(body));
    expect(status, text).toBe(202);
  });

  it('keeps hostile text what it is: text', async () => {
    const name = `Robert'); DROP TABLE site;-- "</script>\u2028\\u0000\ud83d\ude00`;
    const api = openApi();
    await created(api, { ...acme, name });
    const read = await api.ask({ path: `${platforms}/acme` });
    expect(read.json().name).toBe(name);
    expect(await rowsOf('SELECT id FROM site')).toEqual([{ id: 'acme/dev' }]);
  });
});

describe('a platform that was created', () => {
  beforeEach(freshState);

  it('is listed in pages, by id', async () => {
    const api = openApi();
    for (const platformId of ['zeta', 'acme', 'mid']) {
      await created(api, { ...acme, platformId });
    }
    const first = (await api.ask({ path: `${platforms}?limit=2` })).json();
    expect(first.items.map((item: typeof acme) => item.platformId)).toEqual(['acme', 'mid']);
    const rest = await api.ask({ path: `${platforms}?limit=2&cursor=${first.nextCursor}` });
    expect(rest.json()).toMatchObject({ items: [{ platformId: 'zeta' }] });
    expect(rest.json().nextCursor).toBeUndefined();
  });
});

describe('an instance without a credential', () => {
  beforeEach(freshState);
  it.each([
    ['GITHUB_TOKEN', 'github'],
    ['CF_API_TOKEN', 'cloudflare:main'],
  ])('names what the missing %s would be', async (variable, credential) => {
    const api = openApi({ ...configured, [variable]: '' });
    const answer = await expectNothingDone(api, acme);
    const problem = answer.json();
    expect(problem).toMatchObject({ status: 503, code: 'credential.missing', detail: credential });
    expect(problem.retryable).toBe(false);
    expect(problem.next).toContain('wrangler secret put');
  });
});

describe('a trap of the core', () => {
  beforeEach(freshState);

  // A creation takes two steps: the question for facts, and the decision.
  it.each([1, 2])('in step %i is answered once and leaves nothing', async (broken) => {
    const real = createCore(coreModule);
    let steps = 0;
    const core = {
      step(frame: Uint8Array): Uint8Array {
        steps += 1;
        return real.step(steps === broken ? new Uint8Array(frame.length) : frame);
      },
      traps: real.traps,
    };
    const api = openApi(configured, {}, core);
    const answer = await expectNothingDone(api, acme);
    expect(steps).toBe(broken);
    expect(answer.json()).toMatchObject({ status: 500, code: 'internal.trap', retryable: false });
    expect(answer.json().next).toContain('x-request-id');
    expect((await created(api)).json().platformId).toBe('acme');
    expect(core.traps()).toBe(1);
  });
});

describe('waiting', () => {
  beforeEach(freshState);

  // Time passes only in sleep; `asleep` is what happens meanwhile.
  function timed(asleep: (slept: number) => Promise<void>) {
    let now_ms = Date.UTC(2026, 0, 1);
    const slept: number[] = [];
    const ports = {
      now: () => now_ms,
      async sleep(ms: number): Promise<void> {
        slept.push(ms);
        now_ms += ms;
        await asleep(slept.length);
      },
    };
    return { api: openApi(configured, ports), slept };
  }
  const total = (slept: readonly number[]) => slept.reduce((sum, ms) => sum + ms, 0);

  const paths: Record<string, (operation: string) => string> = {
    'a platform': () => `${platforms}/acme`,
    'an operation': (operation) => `/api/v1/operations/${operation}`,
  };

  it.each(Object.entries(paths))('for %s ends with its time', async (_, pathOf) => {
    const { api, slept } = timed(async () => undefined);
    const { operationId } = (await created(api)).json();
    const still = await api.ask({ path: pathOf(operationId) });
    expect(slept).toEqual([]);
    const answer = await api.ask({ path: `${pathOf(operationId)}?wait=2` });
    expect([answer.status, answer.text]).toEqual([200, still.text]);
    expect(total(slept)).toBe(2_000);
  });

  it.each(Object.entries(paths))('for %s ends with a change', async (_, pathOf) => {
    const change = { method: 'POST', path: `${platforms}/acme/environments/dev/deployments` };
    const { api, slept } = timed(async (times) => {
      if (times !== 3) return;
      const second = await openApi().ask({ ...change, body: { reason: 'changed meanwhile' } });
      expect(second.status, second.text).toBe(202);
    });
    const { operationId } = (await created(api)).json();
    const before = await api.ask({ path: pathOf(operationId) });
    const answer = await api.ask({ path: `${pathOf(operationId)}?wait=60` });
    expect(answer.status).toBe(200);
    expect(answer.text).not.toBe(before.text);
    expect(slept).toHaveLength(3);
    expect(total(slept)).toBeLessThan(60_000);
  });
});
