// Changing a configuration: what is refused changes nothing, what is accepted becomes one version
// and one build of each environment.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  config_path,
  documents,
  etagOf,
  json,
  liveFleet,
  problem,
  put,
  settled,
  stored,
} from './support.ts';

const renamed = { ...documents, env: { default: { APP_NAME: 'Acme 2' } } };

test('a change needs the version that it starts from', async () => {
  const fleet = await liveFleet();
  const before = stored(fleet);
  assert.equal(problem(await fleet.api('PUT', config_path, renamed)), '428 config.match_missing');
  const stale = { 'if-match': '"1-0000000000000000"' };
  const refused = await fleet.api('PUT', config_path, renamed, 'admin-key', stale);
  assert.equal(problem(refused), '412 config.changed');
  assert.match(json(refused).detail, /newest version is 1 with the ETag "1-/);
  assert.equal(stored(fleet), before);
  const any = { 'if-match': '*' };
  assert.equal((await fleet.api('PUT', config_path, renamed, 'admin-key', any)).status, 202);
});

test('a change becomes a version, and every environment is built again', async () => {
  const fleet = await liveFleet();
  const answer = await put(fleet, { ...renamed, reason: 'new name' });
  assert.equal(answer.status, 202);
  const change = json(answer);
  assert.deepEqual(change.changes, [
    { op: 'replace', path: '/env/default/APP_NAME', before: 'Acme', after: 'Acme 2' },
    { op: 'remove', path: '/env/prod', before: { APP_NAME: 'Acme Live' } },
  ]);
  assert.deepEqual(change.rebuilds, ['dev', 'prod']);
  assert.equal(change.version, 2);
  assert.equal(
    answer.headers.get('location'),
    `/api/v1/operations/${change.operation.operationId}`,
  );
  assert.equal(await etagOf(fleet), change.etag);
  assert.deepEqual(await settled(fleet), { 'acme/dev': 2, 'acme/prod': 2 });
  const operation = await fleet.api('GET', answer.headers.get('location') ?? '');
  assert.equal(json(operation).state, 'succeeded');
  const [newest] = json(await fleet.api('GET', `${config_path}/versions`)).items;
  assert.equal(`${newest.version} ${newest.reason} ${newest.source}`, '2 new name structured');
});

test('the same documents again change nothing and build nothing', async () => {
  const fleet = await liveFleet();
  const before = stored(fleet);
  const answer = await put(fleet, documents);
  assert.equal(answer.status, 200);
  assert.equal(json(answer).changed, false);
  assert.equal(stored(fleet), before);
});

test('a dry run shows the change and stores nothing', async () => {
  const fleet = await liveFleet();
  const before = stored(fleet);
  const answer = await put(fleet, renamed, '?dryRun=true');
  assert.equal(answer.status, 200);
  const { changed, dryRun, version, changes, rebuilds, operation } = json(answer);
  assert.deepEqual([changed, dryRun, version, changes.length], [true, true, 1, 2]);
  assert.deepEqual(rebuilds, ['dev', 'prod']);
  assert.equal(operation, undefined);
  assert.equal(stored(fleet), before);
});

test('of two changes of one version the second is refused', async () => {
  const fleet = await liveFleet();
  const match = { 'if-match': await etagOf(fleet) };
  const change = (name: string): Promise<{ status: number }> =>
    fleet.api(
      'PUT',
      config_path,
      { ...documents, env: { default: { APP_NAME: name } } },
      'admin-key',
      match,
    );
  const statuses = await Promise.all([change('one'), change('two')]);
  assert.deepEqual(statuses.map(({ status }) => status).sort(), [202, 412]);
});

test('every fault is named at once', async () => {
  const fleet = await liveFleet();
  const before = stored(fleet);
  const answer = await put(fleet, {
    features: { features: { 'Bad Id': { enabled: true }, a: { enabled: true, requires: ['b'] } } },
    env: { default: { API_SECRET: 'x', '1st': 'y' } },
    auth: { default: { provider: 'oidc' } },
  });
  assert.equal(problem(answer), '422 config.invalid');
  const faults = json(answer).errors.map(
    (one: { pointer: string; code: string }) => `${one.pointer} ${one.code}`,
  );
  assert.deepEqual(faults, [
    '/features/features/Bad Id config.name',
    '/features/features/a/requires/0 config.requires',
    '/env/default/API_SECRET config.secret',
    '/env/default/1st config.name',
    '/auth config.auth_incomplete',
    '/auth config.auth_incomplete',
    '/auth config.auth_incomplete',
  ]);
  assert.equal(stored(fleet), before);
});

test('the history is read page by page, compared, and an earlier version restored', async () => {
  const fleet = await liveFleet();
  for (const name of ['b', 'c'])
    await put(fleet, { ...documents, env: { default: { APP_NAME: name } } });
  const first = json(await fleet.api('GET', `${config_path}/versions?limit=2`));
  const rest = json(
    await fleet.api(
      'GET',
      `${config_path}/versions?limit=2&cursor=${encodeURIComponent(first.nextCursor)}`,
    ),
  );
  const numbers = [...first.items, ...rest.items].map((one: { version: number }) => one.version);
  assert.deepEqual(numbers, [3, 2, 1]);
  assert.equal(rest.nextCursor, undefined);
  const old = json(await fleet.api('GET', `${config_path}/versions/1`));
  assert.deepEqual(old.documents, documents);
  assert.match(old.rendered.envConfig, /"Acme"/);
  const diff = json(await fleet.api('GET', `${config_path}/versions/3/diff`));
  assert.deepEqual(diff.changes, [
    { op: 'replace', path: '/env/default/APP_NAME', before: 'b', after: 'c' },
  ]);
  const same = json(await fleet.api('GET', `${config_path}/versions/3/diff?from=3`));
  assert.deepEqual(same.changes, []);
  const restored = await fleet.api('POST', `${config_path}/versions/1/restore`, { reason: 'back' });
  assert.equal(restored.status, 202);
  assert.equal(json(restored).version, 4);
  const newest = json(await fleet.api('GET', `${config_path}/versions/4`));
  assert.deepEqual(newest.documents, documents);
  assert.equal(newest.reason, 'back');
  assert.equal(
    problem(await fleet.api('POST', `${config_path}/versions/9/restore`)),
    '404 config.version_unknown',
  );
  assert.equal(
    problem(await fleet.api('GET', `${config_path}/versions/0`)),
    '404 config.version_unknown',
  );
  assert.equal(
    problem(await fleet.api('GET', '/api/v1/platforms/other/config/versions')),
    '404 platform.unknown',
  );
});
