// Requests whose Authorization header is missing, or is no bearer of ours: every operation of the
// list, at existing things and at unknown ones.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type Operation, operations } from '../../../bindings/generated/operations.ts';
import { type Cast, openCast } from './callers.ts';

const headers: Readonly<Record<string, string | undefined>> = {
  'no header': undefined,
  'an empty one': '',
  'a bearer of nothing': 'Bearer',
  'a bearer of spaces': 'Bearer    ',
  'basic credentials': `Basic ${btoa('admin:admin-key')}`,
  'the key without its scheme': 'admin-key',
  'a key with something behind it': 'Bearer admin-key x',
  'two bearers': 'Bearer admin-key, Bearer admin-key',
  'a key in another case': 'Bearer ADMIN-KEY',
  'the begin of a key': 'Bearer admin-ke',
  'a token of no one': `Bearer slp_${'A'.repeat(43)}`,
  'a build token of no one': `Bearer slb_${'A'.repeat(43)}`,
};

let cast: Cast;
before(async () => {
  cast = await openCast();
});

async function told(
  { method, path }: Operation,
  authorization: string | undefined,
  ids: Readonly<Record<string, string>>,
): Promise<string> {
  const target = path.replaceAll(/\{(\w+)\}/g, (_, name) => ids[name] ?? 'missing');
  const sent = new Headers(authorization === undefined ? {} : { authorization });
  const request = new Request(`http://slipway.test${target}`, { method, headers: sent });
  const response = await cast.fleet.fetch(request);
  return `${response.status} ${await response.text()}`;
}

// What has the form of a token is nobody's only when it was looked up. The routes of people do not
// look: a token is refused there, whosever it is.
function wantedOf({ scope }: Operation, authorization = ''): RegExp {
  // Without a secret there is no webhook, for anybody.
  if (scope === 'webhook') return /^404 .*"route\.unknown"/;
  const for_people = scope === 'org:member' || scope === 'org:admin';
  const looks_like_token = /^Bearer sl[pb]_/.test(authorization);
  return for_people && looks_like_token ? /^403 .*"auth\.user_needed"/ : /^401 .*"auth\.missing"/;
}

for (const [name, authorization] of Object.entries(headers)) {
  test(`${name} is nobody, and learns nothing`, async () => {
    const { ids, fleet } = cast;
    const before_it = fleet.db.sqlite.prepare('SELECT total_changes() AS n').get()?.n;
    for (const operation of operations) {
      const answer = await told(operation, authorization, ids);
      const elsewhere = await told(operation, authorization, {});
      if (operation.scope === 'open') continue;
      assert.match(answer, wantedOf(operation, authorization), operation.name);
      assert.equal(elsewhere, answer, operation.name);
    }
    const after_it = fleet.db.sqlite.prepare('SELECT total_changes() AS n').get()?.n;
    assert.equal(after_it, before_it);
  });
}
