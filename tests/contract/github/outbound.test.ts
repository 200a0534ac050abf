// Every request to GitHub that can be made is one that GitHub's own OpenAPI description allows:
// those of the core, out of the golden files, and those that the shim makes itself.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openUpstreams } from '../../../worker-shim/github_settings.ts';
import { Isolate } from '../../../worker-shim/isolate.ts';
import { by_app, json, portsTo, unknown } from '../../node/auth/support.ts';
import { variables } from '../../node/crash/fleet_options.ts';
import { goldenRequests } from '../upstream_requests.ts';
import { type Asked, askedBy, operationFor, requestFaults } from './openapi_request.ts';

const root = join(import.meta.dirname, '../../..');
const repository = '/repos/{owner}/{repo}';
const actions = `${repository}/actions`;

/** Which operation each maker of requests in src/upstream calls. */
const made_by: Readonly<Record<string, string>> = {
  dispatch: `post ${actions}/workflows/{workflow_id}/dispatches`,
  list_runs: `get ${actions}/workflows/{workflow_id}/runs`,
  get_run: `get ${actions}/runs/{run_id}`,
  get_workflow: `get ${actions}/workflows/{workflow_id}`,
  cancel_run: `post ${actions}/runs/{run_id}/cancel`,
  list_repositories: 'get /orgs/{org}/repos',
  get_repository: `get ${repository}`,
  list_folder: `get ${repository}/contents/{path}`,
  get_raw: `get ${repository}/contents/{path}`,
};
const by_shim = [
  `get ${repository}/installation`,
  'post /app/installations/{installation_id}/access_tokens',
];

const core_requests = goldenRequests('github').map(({ file, request, text }) => {
  const { method, path, headers = {} } = request;
  return { file, asked: { method, path, headers, text } };
});

// What an App asks for, with each credential, told and not told where it is installed.
async function shimRequests(): Promise<Asked[]> {
  const asked: Asked[] = [];
  const ports = portsTo(async (request) => {
    asked.push(await askedBy(request));
    const issued = { id: 77, token: 'ghs_1', expires_at: '2100-01-01T00:00:00Z' };
    return asked.length % 3 === 1 ? json({ message: 'Bad credentials' }, 401) : json(issued, 201);
  });
  const keys = { GITHUB_APP_PRIVATE_KEY_PREVIOUS: unknown.pem };
  for (const installation of [by_app.GITHUB_APP_INSTALLATION_ID ?? '', '']) {
    const given = { ...variables, ...by_app, ...keys, GITHUB_APP_INSTALLATION_ID: installation };
    const { credentials } = openUpstreams(given, new Isolate());
    for (const name of ['github', 'github:contents']) {
      const source = credentials.get(name);
      assert.ok(typeof source === 'object' && 'token' in source, name);
      await source.token(ports);
    }
  }
  return asked;
}

function filesBelow(folder: string, kind: RegExp): [string, string][] {
  return readdirSync(join(root, folder), { recursive: true })
    .map((name) => `${folder}/${String(name)}`)
    .filter((path) => kind.test(path) && !/node_modules|\.test\./.test(path))
    .map((path) => [path, readFileSync(join(root, path), 'utf8')]);
}

test('every request of the golden files is one that the description allows', (context) => {
  assert.ok(core_requests.length >= 20, `${core_requests.length} requests`);
  const faults = core_requests.flatMap(({ file, asked }) =>
    requestFaults(asked).map((fault) => `${file}: ${fault}`),
  );
  assert.deepEqual(faults, []);
  context.diagnostic(`${core_requests.length} requests`);
});

test('every maker of requests in the core has made one of them', () => {
  const headers = filesBelow('src/upstream', /github\w*\.hpp$/).map(([, text]) => text);
  const makers = headers.flatMap((text) =>
    [...text.matchAll(/\]\] Request (\w+)\(/g)].map(([, name]) => name),
  );
  assert.deepEqual(makers.toSorted(), Object.keys(made_by).toSorted());
  const called = new Set(core_requests.map(({ asked }) => operationFor(asked)?.name));
  assert.deepEqual([...called].toSorted(), [...new Set(Object.values(made_by))].toSorted());
  const folder = core_requests.some(
    ({ asked }) => /\/contents/.test(asked.path) && !asked.headers.accept?.includes('raw'),
  );
  assert.ok(folder, 'a folder is listed');
});

test('nothing else in the core speaks to GitHub', () => {
  const speakers = filesBelow('src', /\.[ch]pp$/)
    .filter(([, text]) => /target = Target::github/.test(text))
    .map(([path]) => path);
  assert.deepEqual(speakers.toSorted(), [
    'src/upstream/github.cpp',
    'src/upstream/github_contents.cpp',
  ]);
});

test('every request of the shim is one that the description allows', async () => {
  const asked = await shimRequests();
  assert.deepEqual(asked.flatMap(requestFaults), []);
  const called = new Set(asked.map((each) => operationFor(each)?.name));
  assert.deepEqual([...called].toSorted(), by_shim.toSorted());
});

/** What of the product opens connections itself, and to whom. */
const callers: Readonly<Record<string, string>> = {
  'bindings/js/exchange.ts': 'what the core asks for: the golden files',
  'builder/scripts/lib/api.js': 'Slipway',
  'builder/scripts/lib/credential.js': "the job's own token service, which has no description",
  'cli/api.ts': 'Slipway',
  'cli/host.ts': 'what api.ts and target.ts ask for',
  'cli/target.ts': 'Slipway',
  'worker-shim/auth/key_set.ts': 'sets of public keys, which have no description',
  'worker-shim/pages/browser.ts': 'Slipway',
  'worker-shim/ports.ts': 'the port itself',
  'worker-shim/upstream/github_app.ts': 'GitHub: above',
};

test('nothing else in the product opens a connection', () => {
  const folders = ['bindings/js', 'builder/scripts', 'cli', 'worker-shim'];
  const found = folders
    .flatMap((folder) => filesBelow(folder, /\.[cm]?[jt]sx?$/))
    .filter(([, text]) =>
      /(?<!async |#|app\.)\bfetch\(/.test(text.replaceAll(/^\s*(\/\/|\*|\/\*).*$/gm, '')),
    )
    .map(([path]) => path);
  assert.deepEqual(found.toSorted(), Object.keys(callers).toSorted());
  const apis = filesBelow('builder/scripts', /\.[cm]?js$/).filter(([, text]) =>
    /api\.github\.com|GITHUB_API_URL|octokit/i.test(text),
  );
  assert.deepEqual(apis, [], "the builder's scripts call no API of GitHub");
});

test('what the description does not allow is told', () => {
  const find = (pattern: RegExp): Asked => {
    const found = core_requests.find(({ asked }) => pattern.test(`${asked.method} ${asked.path}`));
    assert.ok(found, String(pattern));
    return found.asked;
  };
  const dispatch = find(/^POST .*dispatches/);
  const list = find(/\/runs\?/);
  const run = find(/GET .*\/runs\/\d+$/);
  const { 'x-github-api-version': _, ...unversioned } = run.headers;
  const body = (change: object): string =>
    JSON.stringify({ ...(JSON.parse(dispatch.text) as object), ...change });
  const cases: [Asked, RegExp][] = [
    [{ ...run, method: 'PATCH' }, /no operation/],
    [{ ...run, path: run.path.replace('/actions', '') }, /no operation/],
    [{ ...run, path: run.path.replace(/\d+$/, 'latest') }, /run_id must be integer/],
    [{ ...run, path: `${run.path}?verbose=true` }, /\?verbose is unknown/],
    [{ ...run, headers: unversioned }, /API version/],
    [{ ...run, headers: { ...run.headers, accept: 'text/html' } }, /is not offered/],
    [{ ...run, headers: { ...run.headers, 'content-type': 'application/json' } }, /without a body/],
    [{ ...run, text: '{}' }, /takes no body/],
    [{ ...list, path: list.path.replace('per_page=100', 'per_page=101') }, /more than 100/],
    [{ ...list, path: list.path.replace('per_page=100', 'per_page=all') }, /must be integer/],
    [{ ...list, path: `${list.path}&status=done` }, /allowed values/],
    [{ ...list, path: `${list.path}&event=push` }, /twice/],
    [{ ...dispatch, text: '' }, /body is missing/],
    [{ ...dispatch, text: body({ ref: undefined }) }, /required property 'ref'/],
    [{ ...dispatch, text: body({ ref: 1 }) }, /ref must be string/],
    [{ ...dispatch, text: body({ return_run_details: true }) }, /return_run_details is unknown/],
    [{ ...dispatch, headers: run.headers }, /body's type/],
  ];
  for (const [asked, fault] of cases) assert.match(requestFaults(asked).join('\n'), fault);
});
