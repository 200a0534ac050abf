// Where requests go is the instance's to say. Whatever people paste and upstreams answer: nothing
// is sent to another host than the configured ones and the public names of sites, nothing is
// followed, and no credential goes to another upstream than its own.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UpstreamRequest } from '../../../bindings/js/control.ts';
import { upstreamsOf } from '../../../worker-shim/settings.ts';
import { prepare, RequestError } from '../../../worker-shim/upstream/send.ts';
import type { Fleet, FleetOptions } from '../crash/fleet.ts';
import { openFleet, rows } from '../crash/scenario.ts';
import { modelled } from '../orgs/pages.ts';
import { as, mine, orgFleet, orgOf } from '../orgs/support.ts';
import { everything } from '../sealing/support.ts';
import { foreign_hooks, foreign_hosts, public_hosts } from './hosts.ts';

const minute_ms = 60_000;
const site_of_pages = /^https:\/\/([a-z0-9-]+\.)+pages\.dev\//;

const asked: UpstreamRequest = {
  ...{ target: 'site', method: 'GET', path: '/.well-known/slipway.json' },
  ...{ timeout_ms: 1000, body_max: 1000 },
};

test('a site is reached by a name of the public DNS, and by nothing else', () => {
  const upstreams = upstreamsOf({});
  for (const host of public_hosts) {
    assert.equal(prepare(upstreams, { ...asked, host }, []).url, `https://${host}${asked.path}`);
  }
  for (const host of foreign_hosts) {
    assert.throws(() => prepare(upstreams, { ...asked, host }, []), RequestError, host);
  }
});

test('a path stays below the address of its upstream, whatever is written in it', () => {
  const upstreams = upstreamsOf({ CLOUDFLARE_API_URL: 'https://cloudflare.test/client/v4' });
  const paths = [
    ...['', 'x', '@evil.example/', '.evil.example/', ':8080/', '\\evil.example', '?x', '#x', ' /x'],
    ...['/..', '/../x', '/a/../../x', '/%2e%2e/x', '/.%2e/x', '/a/%2E%2E/%2E%2E/x', '/..\\x'],
    ...['/..\t/x', '/.\n./x', '\u0000/x'],
    ...['/\\..', '/a/..', '/a/../b', '/a/%2E%2e', '/a/.', '/a b'],
  ];
  for (const path of paths) {
    const request = { ...asked, target: 'cloudflare' as const, path };
    assert.throws(() => prepare(upstreams, request, []), RequestError, JSON.stringify(path));
  }
  for (const path of ['//evil.example/x', '/..;/x', '/%252e%252e/x', '/a%2f..%2f..%2fx', '/a@b']) {
    const { url } = prepare(upstreams, { ...asked, target: 'cloudflare', path }, []);
    assert.ok(url.startsWith('https://cloudflare.test/client/v4/'), url);
  }
});

test('a value that is put into a path is one segment of it', () => {
  const upstreams = upstreamsOf({ CLOUDFLARE_API_URL: 'https://cloudflare.test/client/v4' });
  const path = '/pages/webhooks/deploy_hooks/{sealed}';
  for (const value of [
    'a/../../x',
    'a?b',
    'a#b',
    '//evil.example',
    'a\r\nb',
    'a\\b',
    '{credential}',
  ]) {
    const { url } = prepare(upstreams, { ...asked, target: 'cloudflare', path }, [], value);
    const base = 'https://cloudflare.test/client/v4/pages/webhooks/deploy_hooks/';
    assert.equal(url, base + encodeURIComponent(value));
  }
});

test('what is pasted for a hook and is none is refused, stored and sent nowhere', async () => {
  const { sent, wrapPorts } = recorder();
  const { fleet } = await orgFleet({ variables: modelled, wrapPorts });
  const before = everything(fleet.db);
  const asked_before = sent.length;
  for (const deployHookUrl of foreign_hooks) {
    const answer = await as(fleet, 'ada', 'PUT', mine, { deployHookUrl });
    assert.equal(answer.status, 422, `${deployHookUrl} ${answer.text}`);
  }
  assert.equal(everything(fleet.db), before);
  const others = sent.slice(asked_before).filter(({ url }) => !url.includes('//issuer.test/'));
  assert.deepEqual(others, []);
});

interface Sent {
  readonly url: string;
  readonly authorization: string | null;
  readonly redirect: string;
}

/** Records every request, and may change its answer. Sites are where Pages really has them. */
function recorder(change: (url: URL, answer: Response) => Promise<Response> | Response = keep) {
  const sent: Sent[] = [];
  const wrapPorts: FleetOptions['wrapPorts'] = (ports) => ({
    ...ports,
    fetch: async (request) => {
      const { url, redirect, headers } = request;
      sent.push({ url, redirect, authorization: headers.get('authorization') });
      const { hostname, pathname } = new URL(url);
      const known = /\.test$/.test(hostname);
      if (!known && !site_of_pages.test(url)) throw new TypeError('nobody is there');
      const inside = known
        ? request
        : new Request(`http://sites.test/sites/${hostname}${pathname}`);
      return change(new URL(url), await ports.fetch(inside));
    },
  });
  return { sent, wrapPorts };
}

function keep(_url: URL, answer: Response): Response {
  return answer;
}

function assertKeptInside(sent: readonly Sent[]): void {
  for (const { url, authorization, redirect } of sent) {
    const { hostname } = new URL(url);
    assert.equal(redirect, 'manual', url);
    const wanted: Readonly<Record<string, string>> = {
      'github.test': 'Bearer github-token',
      'cloudflare.test': 'Bearer cloudflare-token',
    };
    const is_hook = url.includes('/webhooks/deploy_hooks/');
    assert.equal(authorization, is_hook ? null : (wanted[hostname] ?? null), url);
    const inside = Object.hasOwn(wanted, hostname) || hostname === 'issuer.test';
    assert.ok(inside || site_of_pages.test(url), `sent to ${url}`);
  }
}

/** The answer with other headers, and with its body changed. */
async function changed(
  answer: Response,
  headers: Readonly<Record<string, string>>,
  rewrite: (text: string) => string = (text) => text,
): Promise<Response> {
  const text = rewrite(await answer.text());
  const all = new Headers(answer.headers);
  for (const [name, value] of Object.entries(headers)) all.set(name, value);
  const { status } = answer;
  return new Response(text === '' ? null : text, { status, headers: all });
}

async function createAcme(fleet: Fleet): Promise<void> {
  const body = { platformId: 'acme', environments: ['dev'] };
  assert.equal((await fleet.api('POST', '/api/v1/platforms', body)).status, 202);
}

const variables = { PAGES_ORIGIN: 'https://{host}' };
const evil = 'http://169.254.169.254/latest/meta-data/';

test('pointers in headers of answers are followed nowhere, and the job is done', async () => {
  const headers = {
    location: evil,
    'content-location': evil,
    refresh: `0; url=${evil}`,
    link: `<${evil}>; rel="next", <${evil}>; rel="last"`,
    'set-cookie': 'session=1; Domain=github.test',
    'www-authenticate': `Bearer realm="${evil}"`,
    'alt-svc': 'h2="evil.example:443"',
  };
  const { sent, wrapPorts } = recorder((_, answer) => changed(answer, headers));
  const { fleet } = openFleet([], undefined, { variables, wrapPorts });
  await createAcme(fleet);
  const live = (): boolean => rows<{ live?: object }>(fleet, 'site')[0]?.live !== undefined;
  assert.ok(await fleet.passTime(live, 60 * minute_ms), JSON.stringify(rows(fleet, 'site')));
  assert.ok(sent.length > 5, `${sent.length} requests`);
  assertKeptInside(sent);
});

for (const status of [301, 302, 303, 307, 308]) {
  test(`a redirect with ${status} is an answer, not a way: nobody goes there`, async () => {
    const moved = new Response(null, { status, headers: { location: evil } });
    const { sent, wrapPorts } = recorder(() => moved.clone());
    const { fleet } = openFleet([], undefined, { variables, wrapPorts });
    await createAcme(fleet);
    await fleet.passTime(() => false, 10 * minute_ms);
    assert.ok(sent.length > 0);
    assertKeptInside(sent);
    assert.equal(rows<{ live?: object }>(fleet, 'site')[0]?.live, undefined);
  });
}

// One of each kind: every host of the list stands in the first test.
const named = ['127.0.0.1', 'localhost', 'metadata.google.internal', '[::1]', '2130706433'];
const smuggled = ['evil.example/a.pages.dev', 'a.pages.dev@evil.example', 'a.pages.dev:22'];
// A whole address may have a path: then its host is a public name like any.
const of_builds = [...named, 'a.pages.dev@evil.example', 'a.pages.dev:22'];

for (const host of [...named, ...smuggled]) {
  test(`an answer that names ${host} as the host of a site sends nobody there`, async () => {
    const { sent, wrapPorts } = recorder((url, answer) =>
      url.hostname === 'cloudflare.test'
        ? changed(answer, {}, (text) => text.replaceAll(/[a-z0-9.-]+\.pages\.dev/g, host))
        : answer,
    );
    const { fleet } = openFleet([], undefined, { variables, wrapPorts });
    await createAcme(fleet);
    await fleet.passTime(() => false, 60 * minute_ms);
    assertKeptInside(sent);
    assert.ok(sent.some(({ url }) => url.includes('/pages/projects')));
    assert.equal(rows<{ live?: object }>(fleet, 'site')[0]?.live, undefined, 'it is not believed');
  });
}

for (const host of of_builds) {
  test(`a build of an org whose address is at ${host} is looked at elsewhere, or not`, async () => {
    const { sent, wrapPorts } = recorder((url, answer) =>
      url.hostname === 'cloudflare.test' && url.pathname.includes('/deployments')
        ? changed(answer, {}, (text) =>
            text.replaceAll(/https:\/\/[a-z0-9.-]+\.pages\.dev/g, `https://${host}`),
          )
        : answer,
    );
    const { fleet } = await orgFleet({ variables: { ...modelled, ...variables }, wrapPorts });
    await as(fleet, 'ada', 'POST', `${mine}/auto-provision`);
    await fleet.passTime(() => false, 60 * minute_ms);
    assertKeptInside(sent);
    assert.ok(orgOf(fleet).project_name.length > 0);
  });
}

test('the keys of an issuer come from its address alone', async () => {
  const { sent, wrapPorts } = recorder();
  const { fleet } = await orgFleet({ variables: modelled, wrapPorts });
  await as(fleet, 'ada', 'GET', mine);
  const keys = sent.filter(({ url }) => url.startsWith('http://issuer.test/'));
  assert.ok(keys.length > 0);
  assertKeptInside(keys);
});
