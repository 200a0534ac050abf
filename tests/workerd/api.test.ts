// What the API refuses, and how: with a problem document, and with nothing stored.
import { beforeEach, describe, expect, it } from 'vitest';
import { type Answer, type Asked, acme, created, everythingStored, openApi } from './api_world.ts';
import { freshState } from './support.ts';

const mib = 1_048_576;
const platforms = '/api/v1/platforms';
const deployments = `${platforms}/acme/environments/dev/deployments`;

interface Refusal extends Asked {
  readonly status: number;
  readonly code: string;
  /** `pointer code` of every single fault, in order. */
  readonly faults?: readonly string[];
  /** Part of the detail. */
  readonly detail?: string;
  readonly allow?: string;
}

const post = (body: BodyInit | object, status: number, code: string, faults?: string[]) => {
  const refusal = { method: 'POST', path: platforms, body, status, code };
  return faults === undefined ? refusal : { ...refusal, faults };
};
const malformed = (body: BodyInit) => post(body, 400, 'json.malformed');
const invalid = (change: object, ...faults: string[]) =>
  post({ platformId: 'globex', environments: ['dev'], ...change }, 422, 'body.invalid', faults);
const badConfig = (config: object, ...faults: string[]) =>
  post({ ...acme, platformId: 'globex', config }, 422, 'config.invalid', faults);
const badQuery = (path: string, ...faults: string[]) => ({
  path,
  status: 400,
  code: 'query.invalid',
  faults,
});

function bytes(...parts: (string | number)[]): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const all = parts.map((part) => (typeof part === 'string' ? [...encoder.encode(part)] : [part]));
  return new Uint8Array(all.flat());
}

const features = { features: {} };
const auth = { default: { provider: 'none' } };
const env = { default: {} };

const callers: Record<string, Refusal> = {
  'no key': { path: platforms, key: null, status: 401, code: 'auth.missing' },
  'a wrong key': { path: `${platforms}/acme`, key: 'wrong', status: 401, code: 'auth.missing' },
  'a wrong key on an unknown platform': {
    path: `${platforms}/nobody/config`,
    key: 'wrong',
    status: 401,
    code: 'auth.missing',
  },
  'a wrong key on a write': {
    ...post(acme, 401, 'auth.missing'),
    key: 'wrong',
  },
  'the internal key on a write': {
    ...post({ ...acme, platformId: 'globex' }, 403, 'auth.forbidden'),
    key: 'internal-key',
    detail: 'platforms:write',
  },
  'the internal key on a deployment': {
    method: 'POST',
    path: deployments,
    body: {},
    key: 'internal-key',
    status: 403,
    code: 'auth.forbidden',
    detail: 'deploy',
  },
  'the internal key on a read of platforms': {
    path: platforms,
    key: 'internal-key',
    status: 403,
    code: 'auth.forbidden',
    detail: 'platforms:read',
  },
};

const unknowns: Record<string, Refusal> = {
  'an unknown platform': { path: `${platforms}/nobody`, status: 404, code: 'platform.unknown' },
  'the configuration of an unknown platform': {
    path: `${platforms}/nobody/config`,
    key: 'internal-key',
    status: 404,
    code: 'platform.unknown',
  },
  'an unknown environment': {
    path: `${platforms}/acme/environments/prod/deployments`,
    status: 404,
    code: 'environment.unknown',
  },
  'an environment that cannot be': {
    path: `${platforms}/acme/environments/live/deployments`,
    status: 404,
    code: 'environment.unknown',
  },
  'an unknown deployment': {
    path: '/api/v1/deployments/dep_nothing',
    status: 404,
    code: 'deployment.unknown',
  },
  'an unknown operation': {
    path: '/api/v1/operations/op_nothing',
    status: 404,
    code: 'operation.unknown',
  },
  'an unknown configuration version': {
    path: `${platforms}/acme/config?version=2`,
    key: 'internal-key',
    status: 404,
    code: 'config.version_unknown',
  },
  'an unknown route': { path: '/api/v2/platforms', status: 404, code: 'route.unknown' },
  'the root': { path: '/', status: 404, code: 'route.unknown' },
  'a wrong method': {
    method: 'DELETE',
    path: platforms,
    status: 405,
    code: 'route.method_not_allowed',
    allow: 'POST, GET',
  },
  'a wrong method with a body': {
    method: 'PUT',
    path: '/api/v1/claims',
    body: {},
    status: 405,
    code: 'route.method_not_allowed',
    allow: 'POST',
  },
};

const text = JSON.stringify({ ...acme, platformId: 'globex' });
const malformedBodies: Record<string, Refusal> = {
  'an empty body': post('', 400, 'body.missing'),
  'a body that ends early': malformed(text.slice(0, -1)),
  'a body that goes on': malformed(`${text}{}`),
  'words instead of JSON': malformed('name=acme'),
  'a comma too many': malformed('{"platformId":"globex","environments":["dev"],}'),
  'invalid UTF-8': malformed(bytes('{"platformId":"globex","name":"', 0xc3, 0x28, '"}')),
  'an overlong encoding': malformed(bytes('{"platformId":"globex","name":"', 0xc0, 0xaf, '"}')),
  'half a surrogate pair': malformed(text.replace('Acme', '\\ud800')),
  'nothing but NUL bytes': malformed(new Uint8Array(64)),
  'a NUL byte in a string': malformed(bytes('{"platformId":"glo', 0, 'bex"}')),
  'a NUL byte at the end': malformed(bytes(text, 0)),
  'a string alone': post('"acme"', 422, 'body.invalid', [' field.type']),
  'an array': post('[]', 422, 'body.invalid', [' field.type']),
  'nesting without end': malformed('['.repeat(5_000)),
  'a body of 1 MiB and one byte': post(text.padEnd(mib + 1), 413, 'body.too_large'),
};

const invalidBodies: Record<string, Refusal> = {
  'a duplicate key': post(`{"platformId":"other",${text.slice(1)}`, 422, 'body.invalid', [
    '/platformId field.duplicate',
  ]),
  'a duplicate key, written differently': post(
    `{"platform\\u0049d":"other",${text.slice(1)}`,
    422,
    'body.invalid',
    ['/platformId field.duplicate'],
  ),
  'an unknown field': invalid({ colour: 'red' }, '/colour field.unknown'),
  'a field that needs escaping': invalid({ 'a/b~c': 1 }, '/a~1b~0c field.unknown'),
  'a missing field': post({}, 422, 'body.invalid', [
    '/platformId field.missing',
    '/environments field.missing',
  ]),
  'a number for the id': invalid({ platformId: 7 }, '/platformId field.type'),
  'null for the name': invalid({ name: null }, '/name field.type'),
  'an id of 47 characters': invalid({ platformId: 'a'.repeat(47) }, '/platformId field.value'),
  'an id of 2 characters': invalid({ platformId: 'ab' }, '/platformId field.value'),
  'an id in upper case': invalid({ platformId: 'Globex' }, '/platformId field.value'),
  'an id with two dashes': invalid({ platformId: 'glo--bex' }, '/platformId field.value'),
  'an id with a path in it': invalid({ platformId: '../acme' }, '/platformId field.value'),
  'an empty name': invalid({ name: '' }, '/name field.value'),
  'a name of 121 bytes': invalid({ name: 'n'.repeat(121) }, '/name field.value'),
  'no environment': invalid({ environments: [] }, '/environments field.value'),
  'an environment twice': invalid(
    { environments: ['dev', 'prod', 'dev'] },
    '/environments/2 field.duplicate',
  ),
  'an unknown environment': invalid({ environments: ['live'] }, '/environments/0 field.value'),
  'many faults at once': post(
    { platformId: 'A', environments: ['dev', 1], config: { features: 1 }, x: 0 },
    422,
    'body.invalid',
    [
      '/platformId field.value',
      '/environments/1 field.type',
      '/config/features field.type',
      '/config/env field.missing',
      '/config/auth field.missing',
      '/x field.unknown',
    ],
  ),
};

const configurations: Record<string, Refusal> = {
  'a secret in the environment': badConfig(
    { features, env: { default: { STRIPE_API_KEY: 'sk_live_1' } }, auth },
    '/config/env/default/STRIPE_API_KEY config.secret',
  ),
  'secrets under other spellings': badConfig(
    { features, env: { default: { dbPassword: 'x' }, prod: { Auth_Token: 'y' } }, auth },
    '/config/env/default/dbPassword config.secret',
    '/config/env/prod/Auth_Token config.secret',
  ),
  'a secret among options': badConfig(
    {
      features: { features: { billing: { enabled: true, options: { clientSecret: 'x' } } } },
      env,
      auth,
    },
    '/config/features/features/billing/options/clientSecret config.secret',
  ),
  'a name that would break out': badConfig(
    { features, env: { default: { 'A"]; alert(1)': 'x' } }, auth },
    '/config/env/default/A"]; alert(1) config.name',
  ),
  'a sign-in without its issuer': badConfig(
    { features, env, auth: { default: { provider: 'oidc', clientId: 'c' } } },
    '/config/auth config.auth_incomplete',
    '/config/auth config.auth_incomplete',
    '/config/auth config.auth_incomplete',
  ),
  'an issuer without TLS': badConfig(
    { features, env, auth: { default: { provider: 'none', issuer: 'http://login.example' } } },
    '/config/auth/default/issuer config.url',
  ),
};

const queries: Record<string, Refusal> = {
  'an unknown parameter': badQuery(`${platforms}?colour=red`, 'colour query.unknown'),
  'a parameter of another route': badQuery(`${platforms}?wait=5`, 'wait query.unknown'),
  'a parameter twice': badQuery(`${platforms}?limit=1&limit=1`, 'limit query.duplicate'),
  'several faults': badQuery(
    `${platforms}?limit=0&a=1&a=2`,
    'limit query.value',
    'a query.unknown',
    'a query.duplicate',
    'a query.unknown',
  ),
  'too many items': badQuery(`${platforms}?limit=101`, 'limit query.value'),
  'a wait of 61 seconds': badQuery(`${platforms}/acme?wait=61`, 'wait query.value'),
  'a wait of no time': badQuery(`${platforms}/acme?wait=0`, 'wait query.value'),
  'words for a number': badQuery(`${platforms}/acme?wait=soon`, 'wait query.value'),
  'an environment that cannot be': badQuery(`${platforms}/acme/config?env=live`, 'env query.value'),
  'a version that cannot be': badQuery(
    `${platforms}/acme/config?version=1.5`,
    'version query.value',
  ),
  'a parameter on a write': {
    ...badQuery(`${platforms}?dryRun=true`, 'dryRun query.unknown'),
    method: 'POST',
    body: { ...acme, platformId: 'globex' },
  },
};

async function expectRefused(refusal: Refusal): Promise<Answer> {
  const api = openApi();
  await created(api);
  const stored = await everythingStored();
  const sent = [...api.sent];

  const answer = await api.ask(refusal);
  const { status, code, faults, detail, allow } = refusal;
  expect(answer.status, answer.text).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const problem = answer.json();
  expect(problem).toMatchObject({ status, code, type: `urn:slipway:${code}`, retryable: false });
  for (const words of [problem.title, problem.next]) {
    expect(words).toMatch(/^\w.{9,}/);
  }
  const found = problem.errors?.map(
    (each: Record<string, string>) => `${each.pointer} ${each.code}`,
  );
  expect(found).toEqual(faults);
  for (const each of problem.errors ?? []) {
    expect(each.detail).toMatch(/^\w.{5,}/);
  }
  expect(problem.detail ?? '').toContain(detail ?? '');
  expect(answer.headers.get('allow')).toBe(allow ?? null);
  expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);

  expect(await everythingStored()).toEqual(stored);
  expect(api.sent).toEqual(sent);
  return answer;
}

const groups = { callers, unknowns, malformedBodies, invalidBodies, configurations, queries };

describe.each(Object.entries(groups))('refused %s', (_, refusals) => {
  beforeEach(freshState);
  it.each(Object.entries(refusals))('%s', async (_, refusal) => {
    await expectRefused(refusal);
  });
});

describe('an unknown platform', () => {
  beforeEach(freshState);
  const ways = (id: string) => [
    { path: `${platforms}/${id}` },
    { path: `${platforms}/${id}?wait=1` },
    { path: `${platforms}/${id}/config`, key: 'internal-key' },
    { path: `/api/v1/cli/platforms/${id}/config`, key: 'internal-key' },
    { path: `${platforms}/${id}/environments/dev/deployments` },
    { method: 'POST', path: `${platforms}/${id}/environments/dev/deployments`, body: {} },
  ];

  it('cannot be told from a malformed id, on any route', async () => {
    const api = openApi();
    await created(api);
    for (const id of ['UPPER', 'a'.repeat(200), '..%2F..%2Facme', "'%20OR%201=1--", '%00', '%ff']) {
      for (const [index, way] of ways(id).entries()) {
        const unknown = await api.ask(ways('nobody')[index] ?? way);
        const answer = await api.ask(way);
        expect([answer.status, answer.text], `${id} ${way.path}`).toEqual([404, unknown.text]);
      }
    }
  });
});
