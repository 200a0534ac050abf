// The configuration as the builder fetches it, from either store and under both paths.
import { beforeEach, describe, expect, it } from 'vitest';
import { type Api, acme, configured, created, everythingStored, openApi } from './api_world.ts';
import { freshState } from './support.ts';

const paths = ['/api/v1/platforms/acme/config', '/api/v1/cli/platforms/acme/config'];

// What would break out of a quoted string, a script element or a template.
const hostile = ['"); alert(1); //</script>`$', '{x}`'].join('');

const config = {
  features: {
    features: { billing: { enabled: true, options: { pageSize: 24 } } },
    stacks: { 'order-desk': { enabled: false } },
  },
  env: {
    default: { APP_NAME: 'Acme', SUPPORT: hostile },
    prod: { APP_NAME: 'Acme for real' },
  },
  auth: {
    default: { provider: 'none' },
    prod: { provider: 'oidc', issuer: 'https://login.acme.example', clientId: 'acme' },
  },
};
const rendered = {
  featuresConfig: config.features,
  envConfig: config.env.default,
  authConfig: config.auth.default,
};

// The value of a rendered document: it is one exported constant whose literal is JSON.
function literalOf(source: string, name: string): unknown {
  const literal = new RegExp(`^// [^\\n]*\\nexport const ${name} = ([^]*);\\n$`).exec(source)?.[1];
  return JSON.parse(literal ?? '');
}

async function valuesAt(api: Api, path: string) {
  const answer = await api.ask({ path, key: 'internal-key' });
  expect(answer.status, answer.text).toBe(200);
  const names = ['featuresConfig', 'envConfig', 'authConfig'];
  const document: Record<string, string> = answer.json();
  expect(Object.keys(document)).toEqual(names);
  const values = Object.fromEntries(
    names.map((name) => [name, literalOf(document[name] ?? '', name)]),
  );
  return { answer, values, etag: answer.headers.get('etag') ?? '' };
}

describe.each(['d1', 'r2'])('configuration in %s', (store) => {
  beforeEach(freshState);

  async function open(): Promise<Api> {
    const api = openApi({ ...configured, CONFIG_STORE: store });
    await created(api, { ...acme, environments: ['dev', 'prod'], config });
    return api;
  }

  it('lies where it was told to', async () => {
    await open();
    const { document = [], objects = [] } = await everythingStored();
    const [there, elsewhere] = store === 'd1' ? [document, objects] : [objects, document];
    expect(there.length).toBeGreaterThanOrEqual(3);
    expect(elsewhere).toEqual([]);
  });

  it.each(paths)('is three members of source under %s', async (path) => {
    const { answer, values, etag } = await valuesAt(await open(), path);
    expect(values).toEqual(rendered);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('cache-control')).toBe('private, no-cache');
    expect(etag).toMatch(/^"1-[0-9a-f]{16}"$/);
  });

  it.each(paths)('answers 304 to its own tag only, under %s', async (path) => {
    const api = await open();
    const { etag } = await valuesAt(api, path);
    const ask = (tag: string) =>
      api.ask({ path, key: 'internal-key', headers: { 'if-none-match': tag } });
    const unchanged = await ask(etag);
    expect([unchanged.status, unchanged.text]).toEqual([304, '']);
    expect(unchanged.headers.get('etag')).toBe(etag);
    expect((await ask('"2-0000000000000000"')).status).toBe(200);
  });

  it('merges the overrides of an environment, under a tag of its own', async () => {
    const api = await open();
    const [path = ''] = paths;
    const plain = await valuesAt(api, path);
    const dev = await valuesAt(api, `${path}?env=dev`);
    const prod = await valuesAt(api, `${path}?env=prod`);
    expect(dev.values).toEqual(rendered);
    expect(prod.values).toEqual({
      featuresConfig: config.features,
      envConfig: { ...config.env.default, ...config.env.prod },
      authConfig: { ...config.auth.default, ...config.auth.prod },
    });
    expect(new Set([plain.etag, dev.etag, prod.etag]).size).toBe(3);
  });

  it('gives a version that exists, and no other', async () => {
    const api = await open();
    const [path = ''] = paths;
    const latest = await valuesAt(api, path);
    const first = await valuesAt(api, `${path}?version=1`);
    expect([first.answer.text, first.etag]).toEqual([latest.answer.text, latest.etag]);
    const second = await api.ask({ path: `${path}?version=2`, key: 'internal-key' });
    expect(second.json()).toMatchObject({ status: 404, code: 'config.version_unknown' });
  });

  it('is the same for the admin key, and nothing for a wrong one', async () => {
    const api = await open();
    const [path = ''] = paths;
    const { answer } = await valuesAt(api, path);
    expect((await api.ask({ path })).text).toBe(answer.text);
    const refused = await api.ask({ path, key: 'wrong' });
    expect([refused.status, refused.headers.get('etag')]).toEqual([401, null]);
    expect(refused.text).not.toContain('acme');
  });
});

describe('a platform without a configuration', () => {
  beforeEach(freshState);

  it('gets its name and nothing else', async () => {
    const api = openApi();
    await created(api);
    const { values } = await valuesAt(api, paths[0] ?? '');
    expect(values).toEqual({
      featuresConfig: { features: {}, stacks: {} },
      envConfig: { APP_NAME: 'Acme' },
      authConfig: { provider: 'none' },
    });
  });
});
