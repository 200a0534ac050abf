// Importing repositories: what is read becomes platforms, what cannot be read becomes a line of the
// report, and neither GitHub nor Cloudflare is changed.
import assert from 'node:assert/strict';
import { plannedFaults } from '../../../simulator/base/faults.ts';
import { accountOf, put } from '../accounts/support.ts';
import { app, builder, by_app } from '../auth/support.ts';
import type { Fleet } from '../crash/fleet.ts';
import { rows } from '../crash/scenario.ts';
import { test } from '../support/own_thread.ts';
import {
  call,
  hour_ms,
  type ImportLine,
  type ImportReport,
  importAll,
  openOldWorld,
  sitesOf,
  writes,
} from './support.ts';

const suffix = '-platform-console';

function codes(line: ImportLine | undefined): string[] {
  return line?.notes.map(({ code }) => code).sort() ?? [];
}

function lineOf(report: ImportReport, name: string): ImportLine {
  const line = report.items.find(({ repository }) => repository === `neutrino-io/${name}`);
  assert.ok(line, `${name} has a line`);
  return line;
}

function plant(fleet: Fleet, name: string, files: Record<string, string>): string {
  fleet.github.repositories.plant(`neutrino-io/${name}`, { files });
  return name;
}

const sound = {
  'src/config/features.config.ts': 'export const featuresConfig = { features: {} };\n',
  'src/config/env.config.ts': "export const envConfig = { APP_NAME: 'Acme' };\n",
  'src/config/auth.config.ts': "export const authConfig = { provider: 'none' };\n",
};

test('every repository of the organisation has its line, and is what it was', async () => {
  const { fleet, platforms } = openOldWorld(12);
  const report = await importAll(fleet);
  assert.deepEqual([report.state, report.read, report.imported], ['done', 12, 12]);
  for (const { platformId, sources, archived, projects, folder } of platforms) {
    const line = lineOf(report, platformId + suffix);
    assert.equal(line.outcome, 'imported');
    assert.deepEqual(
      line.environments,
      projects.map(({ environment }) => environment),
    );
    const kinds = Object.values(sources);
    assert.equal(line.config, kinds.includes('opaque') ? 'opaque' : 'structured', platformId);
    const missing = Object.entries(sources).filter(([, kind]) => kind === 'missing');
    const expected = [
      ...missing.map(() => 'config.file_missing'),
      ...(kinds.includes('opaque') ? ['config.opaque'] : []),
      ...(archived ? ['repository.archived'] : []),
    ];
    assert.deepEqual(codes(line), expected.sort(), platformId);
    for (const [name] of missing) {
      const path = `${folder}${name}.config.ts`;
      const told = line.notes.map(({ detail }) => detail);
      assert.ok(
        told.some((detail) => detail.endsWith(`${name}.config.ts`)),
        `${path}: ${told}`,
      );
    }
  }
  const states = rows<{ state: string }>(fleet, 'site').map(({ state }) => state);
  assert.deepEqual(new Set(states), new Set(['imported']));
  assert.equal(states.length, sitesOf(platforms).length);
  assert.deepEqual(writes(fleet), [], 'nothing was written at Cloudflare');
  assert.ok(fleet.github.log.every(({ method }) => method === 'GET'));
  assert.equal(rows(fleet, 'deployment').length, 0);
  assert.deepEqual(await fleet.unequalAggregates(), []);
});

test('the builder gets the files as they stood in the repository', async () => {
  const { fleet, platforms } = openOldWorld(3);
  await importAll(fleet);
  for (const { platformId, repository, folder, sources } of platforms) {
    const { body } = await call<Record<string, string>>(
      fleet,
      'GET',
      `/api/v1/platforms/${platformId}/config`,
    );
    const { files } = fleet.github.repositories.head(repository);
    for (const name of ['features', 'env', 'auth'] as const) {
      const file = files.find(({ path }) => path === `${folder}${name}.config.ts`);
      const text = file && Buffer.from(fleet.github.repositories.read(file.blob)).toString();
      assert.equal(text === undefined, sources[name] === 'missing');
      if (text !== undefined) assert.equal(body[`${name}Config`], text, repository);
    }
  }
});

test('a GitHub App reads sources with a token that opens nothing else', async () => {
  // The same seed plants the same repositories: those that the App is installed on.
  const sources = openOldWorld(3).platforms.map(({ repository }) => repository);
  const installed = { ...app, repositories: [builder, ...sources] };
  const { fleet } = openOldWorld(3, { apps: [installed], variables: by_app });
  const report = await importAll(fleet);
  assert.deepEqual([report.state, report.read, report.imported], ['done', 3, 3]);
});

test('the same again does nothing twice', async () => {
  const { fleet } = openOldWorld(4);
  await importAll(fleet);
  const before = rows(fleet, 'config_version').length;
  const asked = fleet.github.log.length;
  const again = await importAll(fleet);
  assert.deepEqual([again.imported, again.existing, again.refused], [0, 4, 0]);
  assert.equal(rows(fleet, 'config_version').length, before);
  assert.equal(fleet.github.log.length, asked + 1, 'what is there is not read again');
});

test('what cannot be imported is a line with a next step, and stops nothing', async () => {
  const { fleet, platforms } = openOldWorld(1);
  const secret = "export const envConfig = { API_KEY: 'sk-live-1' };\n";
  const named = [
    plant(fleet, `Acme${suffix}`, sound),
    plant(fleet, `globex${suffix}`, { ...sound, 'src/config/env.config.ts': secret }),
    plant(fleet, `initech${suffix}`, { 'README.md': 'nothing here' }),
    plant(fleet, `hooli${suffix}`, sound),
    plant(fleet, `large${suffix}`, {
      ...sound,
      'src/config/env.config.ts': `export const envConfig = { A: '${'x'.repeat(300_000)}' };`,
    }),
    'nobody-platform-console',
    `${platforms[0]?.platformId}${suffix}`,
  ];
  await fleet.api('POST', '/api/v1/platforms', { platformId: 'taken', environments: ['dev'] });
  named.push(plant(fleet, `taken${suffix}`, sound));
  const report = await importAll(fleet, { repositories: named });
  const told = (name: string): string[] => codes(lineOf(report, name));
  assert.deepEqual(told(`Acme${suffix}`), ['repository.name_invalid']);
  assert.deepEqual(told(`globex${suffix}`), ['config.invalid']);
  assert.deepEqual(told(`initech${suffix}`), ['config.file_missing']);
  assert.deepEqual(told(`hooli${suffix}`), ['import.no_project']);
  assert.deepEqual(told(`large${suffix}`), ['config.file_unreadable']);
  assert.deepEqual(told('nobody-platform-console'), ['repository.unknown']);
  assert.deepEqual(told(`taken${suffix}`), ['platform.exists']);
  assert.deepEqual([report.imported, report.refused], [1, 7]);
  for (const { notes } of report.items) {
    for (const { next } of notes) assert.notEqual(next, '');
  }
  const text = JSON.stringify(rows(fleet, 'import_item'));
  assert.ok(!text.includes('sk-live-1'), 'no value of a secret is stored');
});

test('environments that are named need no old project', async () => {
  const { fleet } = openOldWorld(1);
  const name = plant(fleet, `hooli${suffix}`, sound);
  const report = await importAll(fleet, { repositories: [name], environments: ['stg'] });
  assert.deepEqual(lineOf(report, name).environments, ['stg']);
  assert.equal(fleet.cloudflare.log.length, 0);
});

test('a dry run reports the same and stores no platform', async () => {
  const { fleet } = openOldWorld(5);
  const dry = await importAll(fleet, { all: true, dryRun: true });
  assert.equal(dry.imported, 5);
  assert.deepEqual(rows(fleet, 'platform'), []);
  assert.deepEqual(rows(fleet, 'site'), []);
  const real = await importAll(fleet);
  assert.deepEqual(real.items, dry.items);
});

test('limits of GitHub are obeyed, and the import goes on when they end', async () => {
  const { fleet } = openOldWorld(12, { githubLimits: { primary_per_hour: 40 } });
  const begun_ms = fleet.clock.now();
  const report = await importAll(fleet);
  assert.equal(report.imported, 12);
  assert.ok(fleet.clock.now() - begun_ms > 3_600_000, 'it waited for the next hour');
  const refused = fleet.github.log.filter(({ status }) => status === 403);
  assert.ok(refused.length < 12, `${refused.length} calls were refused`);
});

test('a secondary limit is waited for', async () => {
  const { fleet } = openOldWorld(12, { githubLimits: { points_per_minute: 12 } });
  assert.equal((await importAll(fleet)).imported, 12);
});

const garbled = {
  'cut in the middle': '[{"name":"acme-platf',
  'an empty object': '{}',
  'a page of HTML': '<html></html>',
  nothing: '',
};

for (const [what, body] of Object.entries(garbled)) {
  test(`an answer that cannot be read is asked for again: ${what}`, async () => {
    const fault = { when: 'before', answer: 200, body } as const;
    const reads = ['list_repositories', 'get_repository'].map((name) => `github.${name}`);
    const plans = [...reads, 'cloudflare.project.get'].map((operation) => ({
      operation,
      times: 2,
      fault,
    }));
    // Of the contents only lists of folders: the bytes of a file are what they are.
    const lists = { operation: 'github.get_contents', nth: [1, 2], fault };
    const faults = plannedFaults(1, [...plans, lists]);
    const expected = await importAll(openOldWorld(3).fleet);
    const report = await importAll(openOldWorld(3, { faults }).fleet);
    assert.equal(report.state, 'done');
    assert.deepEqual(report.items, expected.items);
    assert.ok(faults.taken() >= 8, `${faults.taken()} answers could not be read`);
  });
}

test('a file or a link where the folder should be is no folder', async () => {
  const { fleet } = openOldWorld(0);
  const files = Object.fromEntries(
    Object.entries(sound).map(([path, text]) => [path.replace('src/config/', ''), text]),
  );
  const name = plant(fleet, `odd${suffix}`, { ...files, 'src/config': 'a file' });
  const report = await importAll(fleet, { repositories: [name], environments: ['dev'] });
  assert.equal(lineOf(report, name).outcome, 'imported');
});

test('a token without the right stops the import with the next step', async () => {
  const { fleet } = openOldWorld(1, { variables: { GITHUB_TOKEN: 'wrong' } });
  const report = await importAll(fleet);
  assert.equal(report.state, 'stopped');
  assert.equal(report.failure?.code, 'credential.permission_missing');
});

test('imports that share a budget do not keep each other from an end', async () => {
  const accounts = [accountOf('second', '2'), accountOf('third', '3')];
  const { fleet } = openOldWorld(2, { accounts });
  for (const { name, id } of accounts) await put(fleet, name, { cloudflareId: id });
  const body = { all: true, dryRun: true };
  for (let index = 0; index < 20; index += 1) {
    const { status } = await call(fleet, 'POST', '/api/v1/platforms/import', body);
    assert.equal(status, 202);
  }
  const open = (): number =>
    rows<{ state: string }>(fleet, 'import').filter(({ state }) => state === 'running').length;
  assert.ok(await fleet.passTime(() => open() === 0, hour_ms), `${open()} still run`);
});

test('an import of a thousand repositories pages through them all', async () => {
  const { fleet } = openOldWorld(1);
  for (let index = 0; index < 300; index += 1) plant(fleet, `team-${index}${suffix}`, sound);
  plant(fleet, 'something-else', sound);
  const body = { all: true, prefix: 'team-', environments: ['dev'] };
  const report = await importAll(fleet, body);
  assert.equal(report.imported, 300);
  assert.equal(new Set(report.items.map(({ repository }) => repository)).size, 300);
  const first = await call<ImportReport>(fleet, 'GET', `/api/v1/imports/${report.importId}`);
  assert.equal(first.body.items.length, 50);
});

test('a body that is wrong is told where', async () => {
  const { fleet } = openOldWorld(1);
  const pointers = async (body: object): Promise<string[]> => {
    const answer = await call<{ errors: { pointer: string }[] }>(
      fleet,
      'POST',
      '/api/v1/platforms/import',
      body,
    );
    assert.equal(answer.status, 422, answer.text);
    return answer.body.errors.map(({ pointer }) => pointer);
  };
  assert.deepEqual(await pointers({}), ['']);
  assert.deepEqual(await pointers({ all: true, repositories: ['a'] }), ['']);
  assert.deepEqual(await pointers({ repositories: [] }), ['/repositories']);
  assert.deepEqual(await pointers({ repositories: ['a', 'a/b', '..'] }), [
    '/repositories/1',
    '/repositories/2',
  ]);
  assert.deepEqual(await pointers({ repositories: ['a', 'a'] }), ['/repositories']);
  assert.deepEqual(await pointers({ all: true, owner: 'a/b' }), ['/owner']);
  assert.deepEqual(await pointers({ all: true, environments: [] }), ['/environments']);
  assert.equal(rows(fleet, 'import').length, 0);
});

test('only administrators import and see an import', async () => {
  const { fleet } = openOldWorld(1);
  const { importId } = await importAll(fleet);
  const scopes = ['platforms:read', 'platforms:write'];
  const wide = { name: 'wide', scopes, platforms: ['*'] };
  const { body } = await call<{ token: string }>(fleet, 'POST', '/api/v1/tokens', wide);
  const start = await fleet.api('POST', '/api/v1/platforms/import', { all: true }, body.token);
  assert.equal(start.status, 403);
  const read = await fleet.api('GET', `/api/v1/imports/${importId}`, undefined, body.token);
  assert.equal(read.status, 403);
});
