// What the core asks the shim to send: every request that a golden file holds has a deadline, a cap
// and an address below its upstream, and names its credential instead of holding one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OutputControl, UpstreamRequest } from '../../../bindings/js/control.ts';
import { decodeFrame, segmentAt, textOf } from '../../../bindings/js/frame.ts';
import { prepare } from '../../../worker-shim/upstream/send.ts';
import { goldenFrames } from '../golden/golden.ts';

const asked = goldenFrames().flatMap(({ name, output }) => {
  const segments = decodeFrame(output);
  const { need = [], act } = JSON.parse(textOf(segmentAt(segments, 0))) as OutputControl;
  const read = need.flatMap((each) => (each.read === 'upstream' ? [each.request] : []));
  const requests = act === undefined ? read : [...read, act.request];
  return requests.map((request) => ({ name, request, segments }));
});

const credentials = new Map(
  ['github', 'github:contents', 'cloudflare:main', 'builder_hook'].map((name) => [name, 'x']),
);
const upstreams = {
  ...{ github_url: 'https://github.test', cloudflare_url: 'https://cloudflare.test/client/v4' },
  ...{ pages_origin: 'https://{host}', credentials },
};

test('every request is short, capped and below its upstream', () => {
  assert.ok(asked.length > 100);
  for (const { name, request, segments } of asked) {
    assert.ok(request.timeout_ms > 0 && request.timeout_ms <= 30_000, name);
    assert.ok(request.body_max >= 0 && request.body_max <= 4 * 1_048_576, name);
    const known = { ...upstreams, credentials: with_(request) };
    const { url, init } = prepare(known, request, segments, 'a-sealed-value');
    assert.match(url, bases[request.target], name);
    assert.equal(init.redirect, 'manual', name);
  }
});

const bases: Readonly<Record<UpstreamRequest['target'], RegExp>> = {
  github: /^https:\/\/github\.test\//,
  cloudflare: /^https:\/\/cloudflare\.test\/client\/v4\//,
  site: /^https:\/\/([a-z0-9-]+\.)+[a-z]+\//,
};

/** The credentials, and the one that this request names. */
function with_({ credential }: UpstreamRequest): Map<string, string> {
  return credential === undefined ? credentials : new Map([...credentials, [credential, 'x']]);
}

test('no request holds a credential, and each names one of its own upstream', () => {
  for (const { name, request } of asked) {
    const names = Object.keys(request.headers ?? {});
    for (const header of ['authorization', 'cookie', 'x-auth-key', 'x-auth-email', 'host']) {
      assert.ok(!names.includes(header), `${name}: ${header}`);
    }
    const { credential = '', target } = request;
    const own = { github: /^github(:contents)?$/, cloudflare: /^(cloudflare:.+|builder_hook|)$/ };
    const wanted = target === 'site' ? /^$/ : own[target];
    assert.match(credential, wanted, name);
  }
});
