// What every answer says to who keeps, shows or frames it: nothing is stored that holds a secret,
// pages run what they were built of and nothing else, and faults tell nothing.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { operations } from '../../../bindings/generated/operations.ts';
import { CoreTrap } from '../../../bindings/js/core.ts';
import { createApp } from '../../../worker-shim/app.ts';
import { StorageFailure } from '../../../worker-shim/ports.ts';
import { SettingError } from '../../../worker-shim/settings.ts';
import { RequestError } from '../../../worker-shim/upstream/send.ts';
import { type Cast, openCast, plantDeadLetter } from '../access/callers.ts';
import { askAs, pasted, plantOrg } from '../access/org_cast.ts';
import type { Answer } from '../crash/fleet.ts';
import { mine, publishing, theirs, tokenOf } from '../orgs/support.ts';
import { memoryPorts, memoryWorld } from '../support/memory_ports.ts';
import { scriptedCore } from '../support/scripted_core.ts';
import { openSqliteDb } from '../support/sqlite_db.ts';

let cast: Cast;
before(async () => {
  cast = await openCast();
});

test('answers are not to be stored; a configuration is asked for anew each time', async () => {
  const { fleet, ids } = cast;
  plantDeadLetter(fleet);
  for (const { method, path, name } of operations) {
    const target = path.replaceAll(/\{(\w+)\}/g, (_, each) => ids[each] ?? 'missing');
    for (const key of method === 'GET' ? ['wrong', 'admin-key'] : ['wrong']) {
      const { headers } = await fleet.api(method, target, undefined, key);
      const kept = headers.get('cache-control');
      const config = name.startsWith('config_read') && key === 'admin-key';
      assert.equal(kept, config ? 'private, no-cache' : 'no-store', `${method} ${target}`);
      assert.equal(headers.get('x-content-type-options'), 'nosniff', name);
      assert.match(headers.get('content-type') ?? 'application/json', /^application\//, name);
      assert.equal(headers.get('server'), null);
    }
  }
});

test('whatever hands a secret out is not to be stored, and given once', async () => {
  const { fleet } = cast;
  await plantOrg(fleet);
  const token = { name: 'one', scopes: ['deploy'], platforms: ['*'] };
  const claim = { platformId: 'acme', env: 'dev', runId: '9001', runAttempt: 1 };
  const as_ada = (path: string): Promise<Answer> => askAs(fleet, 'org admin', 'POST', mine + path);
  const by_key = (path: string): Promise<Answer> => fleet.api('POST', theirs + path);
  await fleet.api('PUT', theirs, pasted);
  const secrets: readonly [string, Promise<Answer>, RegExp][] = [
    ['a token', fleet.api('POST', '/api/v1/tokens', token), /"token":"slp_/],
    ['a claim', fleet.api('POST', '/api/v1/claims', claim, 'internal-key'), /"token":"slb_/],
    ['a hook that is revealed', as_ada('/reveal'), /"deployHookUrl":"https:/],
    ['the same by a key', by_key('/reveal'), /"deployHookUrl":"https:/],
  ];
  for (const [name, asked, wanted] of secrets) {
    const { text, headers } = await asked;
    assert.match(text, wanted, name);
    assert.equal(headers.get('cache-control'), 'no-store', name);
    assert.equal(headers.get('etag'), null, name);
  }
  await fleet.api('DELETE', theirs);
});

const texts = {
  'publishing.html': '<!doctype html>',
  'sign-in.html': '<!doctype html>',
  'connect-github.html': '<!doctype html>',
  'publishing.js': 'let a;',
  'pages.css': 'a{}',
};
const manifest = JSON.stringify(Object.fromEntries(Object.keys(texts).map((name) => [name, 'd1'])));
const pages = ['/orgs/org-aurora/settings/publishing', '/sign-in', '/help/connect-github'];
const assets = ['/assets/publishing.d1.js', '/assets/pages.d1.css'];

async function page(path: string, init: RequestInit = {}): Promise<Response> {
  const world = memoryWorld(
    scriptedCore(() => ({ done: { reply: { status: 404 } } })),
    memory(),
    {
      CONFIG_STORE: 'd1',
    },
  );
  const request = new Request(`https://slipway.test${path}`, init);
  return await createApp({ manifest, texts }).fetch(request, world);
}

function memory() {
  return memoryPorts({ db: openSqliteDb() });
}

/** A policy as directives. */
function directivesOf(policy: string): Map<string, string> {
  return new Map(policy.split('; ').map((each) => [each.split(' ')[0] ?? '', each]));
}

test('pages and assets have a policy that lets in nothing but their own files', async () => {
  for (const path of [...pages, ...assets]) {
    for (const method of ['GET', 'HEAD']) {
      const { status, headers } = await page(path, { method });
      assert.equal(status, 200, path);
      const policy = headers.get('content-security-policy') ?? '';
      const directives = directivesOf(policy);
      assert.equal(directives.get('default-src'), "default-src 'none'");
      assert.equal(directives.get('script-src'), "script-src 'self'");
      assert.equal(directives.get('style-src'), "style-src 'self'");
      assert.equal(directives.get('connect-src'), "connect-src 'self'");
      for (const none of ['base-uri', 'form-action', 'frame-ancestors']) {
        assert.equal(directives.get(none), `${none} 'none'`);
      }
      assert.ok(directives.has('require-trusted-types-for'));
      assert.doesNotMatch(policy, /unsafe|\*|https?:|blob:/);
      assert.equal(headers.get('x-content-type-options'), 'nosniff');
      assert.equal(headers.get('referrer-policy'), 'no-referrer');
      assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin');
      assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin');
      assert.equal(headers.get('set-cookie'), null);
      const kept = assets.includes(path) ? /^public, .*immutable$/ : /^no-store$/;
      assert.match(headers.get('cache-control') ?? '', kept);
    }
  }
});

test('a page is the same whatever is asked: nothing of the request is in it', async () => {
  const [first = ''] = pages;
  const plain = await (await page(first)).text();
  const evil = '"><script>evil</script>';
  const paths = [`/orgs/${encodeURIComponent(evil)}/settings/publishing`, `${first}?x=${evil}`];
  for (const path of paths) assert.equal(await (await page(path)).text(), plain, path);
});

test('an asset is one of the build: no other file is served, whatever its path', async () => {
  const others = [
    ...[
      '/assets/',
      '/assets/publishing.js',
      '/assets/publishing.html.d1.js',
      '/assets/shell.d1.html',
    ],
    ...['/assets/publishing.d1.html', '/assets/sign-in.d1.html', '/assets/manifest.d1.json'],
    ...['/assets/__proto__.d1.js', '/assets/constructor', '/assets/..%2fpublishing.d1.js'],
    ...[
      '/assets/publishing.undefined.js',
      '/assets/publishing.d1.js%00',
      '/assets//publishing.d1.js',
    ],
  ];
  for (const path of others) assert.equal((await page(path)).status, 404, path);
  for (const path of [...pages, ...assets]) {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      assert.equal((await page(path, { method })).status, 404, `${method} ${path}`);
    }
  }
});

test('the cookie of a session is for this host, for no script and no other site', async () => {
  const { fleet } = cast;
  const authorization = `Bearer ${await tokenOf(fleet, 'ada')}`;
  for (const method of ['POST', 'DELETE']) {
    const headers = { authorization };
    const { headers: given } = await fleet.fetch(
      new Request('http://slipway.test/me/session', { method, headers }),
    );
    const [set, ...more] = given.getSetCookie();
    assert.deepEqual(more, []);
    const [pair = '', ...attributes] = (set ?? '').split('; ');
    assert.ok(pair.startsWith('__Host-slipway='));
    const wanted = ['Path=/', 'Secure', 'HttpOnly', 'SameSite=Strict'];
    assert.deepEqual(attributes.slice(0, 4), wanted);
    assert.match(attributes.slice(4).join(), /^Max-Age=\d+$/);
    assert.equal(given.get('cache-control'), 'no-store');
  }
});

const marker = 'marker-of-a-fault-51c2';

const faults: Readonly<Record<string, Error>> = {
  'a trap of the core': new CoreTrap(`unreachable ${marker}`),
  'a storage that fails': new StorageFailure(`D1: ${marker}`),
  'a request that cannot be built': new RequestError(`path ${marker}`),
  'a fault of the code': new TypeError(`${marker} is not a function`),
  'a fault with a cause': new Error('x', { cause: new Error(marker) }),
  'what is no error': Object.assign(new Error(marker), { name: marker, code: marker }),
};

for (const [name, error] of Object.entries(faults)) {
  test(`${name} is answered without a word of it`, async () => {
    const core = scriptedCore(() => {
      throw error;
    });
    const world = memoryWorld(core, memory(), { CONFIG_STORE: 'd1', ...publishing });
    const headers = { authorization: 'Bearer x', accept: 'text/html' };
    for (const path of ['/api/v1/platforms', '/nowhere', '/me/orgs/org-aurora/publishing']) {
      const request = new Request(`https://slipway.test${path}`, { headers });
      const response = await createApp().fetch(request, world);
      const text = await response.text();
      assert.ok(response.status >= 500);
      assert.equal(response.headers.get('content-type'), 'application/problem+json');
      const whole = text + JSON.stringify([...response.headers]);
      assert.ok(!whole.includes(marker), whole);
      assert.doesNotMatch(whole, /\.ts\b|at async|node:|stack|wasm-function/);
    }
    assert.ok(world.logged.some(({ event }) => event === 'request_failed'));
  });
}

test('an instance that is misconfigured says which variable, and never its value', () => {
  const bad = { SEALING_KEY: marker, BUILDER_DEPLOY_HOOK: `https://evil.example/${marker}` };
  for (const [name, value] of Object.entries(bad)) {
    assert.throws(
      () =>
        memoryWorld(
          scriptedCore(() => ({})),
          memory(),
          { CONFIG_STORE: 'd1', [name]: value },
        ),
      (error) =>
        error instanceof SettingError &&
        error.message.includes(name) &&
        !error.message.includes(marker),
    );
  }
});
