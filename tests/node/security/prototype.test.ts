// Names that every object of JavaScript has: as ids, members, headers and parameters they are names
// like any other, or refused like any other. Nothing of theirs is found where nothing was stored.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownHeaders } from '../../../bindings/js/exchange.ts';
import { proveCaller } from '../../../worker-shim/auth/caller.ts';
import { cloudflareTokens, keysOf, settingsOf } from '../../../worker-shim/settings.ts';
import { createToken, json } from '../access/support.ts';
import type { Fleet } from '../crash/fleet.ts';
import { openFleet, settle } from '../faults/support.ts';
import { as, orgFleet } from '../orgs/support.ts';
import { everything } from '../sealing/support.ts';
import { memoryPorts } from '../support/memory_ports.ts';
import { openSqliteDb } from '../support/sqlite_db.ts';

const names = Object.getOwnPropertyNames(Object.prototype);
const odd = [...names, 'prototype', 'length', 'name', 'then', 'toJSON', 'caller'];
/** Those that are sound ids of platforms. */
const ids = odd.filter((name) => /^[a-z]{3,46}$/.test(name));
const polluted =
  '{"__proto__":{"admin":true,"kind":"admin","scopes":["admin"]},"constructor":'.concat(
    '{"prototype":{"admin":true,"kind":"admin"}}}',
  );

/** Nothing that was sent has become a member of every object. */
function assertClean(): void {
  assert.deepEqual(Object.getOwnPropertyNames(Object.prototype), names);
  const empty: Record<string, unknown> = {};
  for (const name of ['admin', 'kind', 'scopes', 'body', 'status']) {
    assert.equal(empty[name], undefined, name);
  }
}

async function created(fleet: Fleet, platformId: string): Promise<void> {
  const answer = await fleet.api('POST', '/api/v1/platforms', {
    platformId,
    environments: ['dev'],
  });
  assert.equal(answer.status, 202, answer.text);
}

test('ids that are such names are unknown until they are made, and live then', async () => {
  assert.deepEqual(ids, ['constructor', 'prototype', 'length', 'name', 'then', 'caller']);
  const fleet = openFleet();
  for (const id of odd) {
    for (const below of ['', '/config', '/environments/dev/deployments']) {
      const path = `/api/v1/platforms/${id}${below}`;
      const answer = await fleet.api('GET', path);
      assert.equal(answer.status, 404, `${path} ${answer.text}`);
      const other = await fleet.api('GET', path.replace(id, 'nobody'));
      assert.equal(answer.text.replaceAll(id, 'nobody'), other.text);
    }
  }
  for (const id of ids) await created(fleet, id);
  await settle(fleet);
  const { items } = json(await fleet.api('GET', '/api/v1/platforms'));
  assert.deepEqual(
    items.map((item: { platformId: string }) => item.platformId),
    ids.toSorted(),
  );
  for (const id of ids) {
    const { sites } = json(await fleet.api('GET', `/api/v1/platforms/${id}`));
    assert.deepEqual(
      sites.map((site: { state: string }) => site.state),
      ['ready'],
    );
  }
  assertClean();
});

test('a token for one of them opens that one alone', async () => {
  const fleet = openFleet();
  await created(fleet, 'constructor');
  await created(fleet, 'prototype');
  const { token } = await createToken(fleet, ['platforms:read'], ['constructor']);
  const told = async (id: string): Promise<number> =>
    (await fleet.api('GET', `/api/v1/platforms/${id}`, undefined, token)).status;
  assert.equal(await told('constructor'), 200);
  for (const id of odd.filter((name) => name !== 'constructor')) assert.equal(await told(id), 404);
});

test('features, stacks and variables with such names are read as they were stored', async () => {
  const fleet = openFleet();
  await created(fleet, 'acme');
  const path = '/api/v1/platforms/acme';
  const switches = ids.filter((name) => name !== 'name');
  const documents = {
    features: {
      features: Object.fromEntries(switches.map((name) => [name, { enabled: true }])),
      stacks: Object.fromEntries(switches.map((name) => [name, { enabled: false }])),
    },
    env: { default: { toString: 'x', constructor: 'y', hasOwnProperty: 'z' } },
    auth: { default: { provider: 'none' } },
  };
  const headers = { 'if-match': '*' };
  const put = await fleet.api('PUT', `${path}/config`, documents, 'admin-key', headers);
  assert.ok(put.status < 300, put.text);
  const versions = json(await fleet.api('GET', `${path}/config/versions`));
  const newest = versions.items[0].version;
  const read = json(await fleet.api('GET', `${path}/config/versions/${newest}`));
  for (const part of ['features', 'env'] as const) {
    assert.deepEqual(read[part] ?? read.documents?.[part], documents[part]);
  }
  for (const featureId of odd.filter((name) => name.startsWith('__'))) {
    const answer = await fleet.api('POST', `${path}/features/activate`, { featureId });
    assert.equal(answer.status, 422, `${featureId} ${answer.text}`);
  }
  assertClean();
});

test('members of bodies that would set a prototype are refused, and set none', async () => {
  const fleet = openFleet();
  const stored = everything(fleet.db);
  for (const path of [
    '/api/v1/platforms',
    '/api/v1/tokens',
    '/api/v1/claims',
    '/api/v1/fleet/freeze',
  ]) {
    for (const name of odd) {
      const body = `{${JSON.stringify(name)}:{"admin":true}}`;
      const answer = await fleet.api('POST', path, body);
      assert.ok(answer.status === 400 || answer.status === 422, `${path} ${name} ${answer.text}`);
    }
    assert.ok((await fleet.api('POST', path, polluted)).status >= 400);
  }
  assert.equal(everything(fleet.db), stored);
  assertClean();
});

test('as headers and parameters of the query they are nothing, or refused', async () => {
  const fleet = openFleet();
  for (const name of odd) {
    const bad = await fleet.api('GET', `/api/v1/platforms?${name}=1`);
    assert.equal(bad.status, 400, `${name} ${bad.text}`);
    const headers = { [name]: 'x' };
    const answer = await fleet.api('GET', '/api/v1/platforms', undefined, 'wrong', headers);
    assert.equal(answer.status, 401);
    assert.deepEqual(knownHeaders(new Headers([[name, 'x']])), {});
  }
  assertClean();
});

test('people, orgs and accounts with such names are nobody until they are somebody', async () => {
  const { fleet } = await orgFleet();
  const path = (org: string): string => `/me/orgs/${org}/publishing`;
  for (const name of odd) {
    assert.equal((await as(fleet, name, 'GET', path('org-aurora'))).status, 404, name);
    const of_ada = await as(fleet, 'ada', 'GET', path(name));
    assert.equal(of_ada.status, 404, `${name} ${of_ada.text}`);
  }
  const member = '/api/v1/orgs/aurora/members/__proto__';
  assert.equal((await fleet.api('PUT', member, { role: 'member' })).status, 200);
  assert.equal((await as(fleet, '__proto__', 'GET', path('org-aurora'))).status, 200);
  assert.equal((await as(fleet, 'constructor', 'GET', path('org-aurora'))).status, 404);
  assert.equal((await fleet.api('DELETE', member)).status < 300, true);
  assert.equal((await as(fleet, '__proto__', 'GET', path('org-aurora'))).status, 404);
  for (const name of odd) {
    assert.equal((await fleet.api('DELETE', `/api/v1/accounts/${name}`)).status, 404, name);
  }
  assertClean();
});

test('settings are own variables: nothing that every object has counts as one', async () => {
  const inherited = Object.create({
    SLIPWAY_ADMIN_KEY: 'x',
    CF_API_TOKEN: 'y',
    CONFIG_STORE: 'd1',
  });
  for (const variables of [{}, inherited]) {
    assert.equal(cloudflareTokens({ ...variables }).size, 0);
    assert.deepEqual(keysOf({ ...variables }).admin, []);
    assert.deepEqual(settingsOf({ ...variables }), {});
  }
  const named = cloudflareTokens({ CF_API_TOKEN_CONSTRUCTOR: 'c', CF_API_TOKEN_TOSTRING: 't' });
  assert.deepEqual([...named.keys()], ['cloudflare:constructor', 'cloudflare:tostring']);
  const ports = memoryPorts({ db: openSqliteDb() });
  for (const name of odd) {
    const headers = { authorization: `Bearer ${name}` };
    const request = new Request('http://slipway.test/', { headers });
    assert.deepEqual(await proveCaller(request, keysOf({}), ports), { kind: 'none' });
  }
});
