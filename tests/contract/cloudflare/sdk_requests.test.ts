// Every request to Cloudflare that the core can make is one that the official client makes: what it
// says passes the compiler as the client's own type, and the client sends the same bytes for it.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import Sdk from 'cloudflare';
import { goldenRequests } from '../upstream_requests.ts';
import { type Known, known, lacking, made_by, type Parts, type Said } from './sdk_requests.ts';
import { compiled } from './sdk_types.ts';
import { call, createProject, createTestWorld, projectPath, TOKEN } from './support.ts';

const root = join(import.meta.dirname, '../../..');
const shown = goldenRequests('cloudflare').map(({ file, request: { method, path }, text }) => {
  return { file, method, path, text };
});
type Asked = (typeof shown)[number];

/** Requests that no golden file shows, with where they are made. */
const unshown: readonly Asked[] = [
  {
    file: 'src/upstream/pages.cpp',
    method: 'DELETE',
    path: `${projectPath('acme-dev-portal')}/deployments/f5065f32-a566-440f-8abf-f45bb8d71504`,
    text: '',
  },
  {
    file: 'src/upstream/builds_hook.hpp',
    method: 'POST',
    path: '/workers/builds/deploy_hooks/{credential}',
    text: '',
  },
];
const requests = [...shown, ...unshown];

interface Matched {
  readonly asked: Asked;
  readonly row: Known;
  readonly parts: Parts;
}

function partsOf(row: { method: string; path: string }, asked: Asked): Parts | undefined {
  const source = row.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
  const [path = ''] = asked.path.split('?');
  const found = row.method === asked.method ? new RegExp(`^${source}$`).exec(path) : null;
  return found === null ? undefined : { ...found.groups };
}

const matched: readonly Matched[] = requests.flatMap((asked) =>
  known.flatMap((row) => {
    const parts = partsOf(row, asked);
    return parts === undefined ? [] : [{ asked, row, parts }];
  }),
);

// What the request says, as one object: numbers and booleans of the query are what they mean.
function saidBy({ asked, row, parts }: Matched): Said {
  const query = [...new URLSearchParams(asked.path.split('?')[1] ?? '')];
  const meant = query.map(([name, value]) => [
    name,
    /^(\d+|true|false)$/.test(value) ? JSON.parse(value) : value,
  ]);
  return {
    ...Object.fromEntries(row.names.map((name) => [name, parts[name]])),
    ...Object.fromEntries(meant),
    ...(asked.text === '' ? {} : (JSON.parse(asked.text) as object)),
  };
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query: readonly string[];
  readonly body: unknown;
}

function sentBy(method: string, path: string, text: string, isForm = false): Sent {
  const url = new URL(path, 'http://cloudflare.test');
  const query = [...url.searchParams].map((pair) => pair.join('=')).toSorted();
  const body = isForm || text === '' ? '' : (JSON.parse(text) as unknown);
  return { method, path: url.pathname, query, body };
}

// The client's request for the same, and what the simulator answers to both of them.
async function replayed(one: Matched): Promise<{ sent: Sent; answers: string[] }> {
  const world = createTestWorld();
  const { account_id = '', project_name = '' } = one.parts;
  if (project_name !== '') await createProject(world, project_name);
  const sent: Sent[] = [];
  const answers: string[] = [];
  const client = new Sdk({
    apiToken: TOKEN,
    baseURL: 'http://cloudflare.test/client/v4',
    maxRetries: 0,
    fetch: async (input, init) => {
      const request = new Request(input, init);
      // The client tries out how fetch sends forms.
      if (request.url.startsWith('data:')) return new Response();
      const isForm = request.headers.get('content-type')?.startsWith('multipart/') === true;
      const { pathname, search } = new URL(request.url);
      const path = pathname.replace('/client/v4', '') + search;
      sent.push(sentBy(request.method, path, await request.clone().text(), isForm));
      const response = await world.cloudflare.fetch(request);
      answers.push(await answerOf(response.clone()));
      return response;
    },
  });
  await Promise.resolve(one.row.call(client.pages, one.parts, saidBy(one) as never)).catch(
    (error: unknown) => assert.ok(error instanceof Sdk.APIError, String(error)),
  );
  const other = createTestWorld();
  if (project_name !== '') await createProject(other, project_name);
  const { asked } = one;
  const init = { method: asked.method, ...(asked.text === '' ? {} : { body: asked.text }) };
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
  const own = new Request(`http://cloudflare.test/client/v4${asked.path}`, { ...init, headers });
  answers.push(await answerOf(await other.cloudflare.fetch(own)));
  assert.equal(sent.length, 1, `${account_id} is asked once`);
  return { sent: sent[0] as Sent, answers };
}

async function answerOf(response: Response): Promise<string> {
  const text = await response.text();
  const { errors = [] } = JSON.parse(text) as { errors?: { code: number }[] };
  return `${response.status} ${errors.map(({ code }) => code).join()}`;
}

test('every request is a call of the client, or the table says why it is none', () => {
  const rows = [...known, ...lacking];
  const fitting = requests.map((asked) => rows.filter((row) => partsOf(row, asked) !== undefined));
  const wrong = requests.filter((_, index) => fitting[index]?.length !== 1);
  assert.deepEqual(
    wrong.map(({ file, method, path }) => `${file}: ${method} ${path}`),
    [],
  );
  const used = new Set(fitting.flat());
  const unused = rows.filter((row) => !used.has(row)).map(({ path }) => path);
  assert.deepEqual(unused, []);
  assert.ok(lacking.every(({ instead }) => instead.length > 40));
});

test('no request to Cloudflare is made but by those whose requests are shown', () => {
  const folder = join(root, 'src');
  const speakers = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => /\.[ch]pp$/.test(name))
    .filter((name) => /Target::cloudflare;/.test(readFileSync(join(folder, name), 'utf8')));
  assert.deepEqual(speakers.toSorted(), [
    'upstream/builds_hook.hpp',
    'upstream/pages.cpp',
    'upstream/pages_git.cpp',
    'upstream/pages_publishing.cpp',
  ]);
  const headers = readdirSync(join(folder, 'upstream')).filter((name) => /^pages.*hpp$/.test(name));
  const makers = headers.flatMap((name) => {
    const text = readFileSync(join(folder, 'upstream', name), 'utf8');
    return [...text.matchAll(/\]\] (?:inline )?Request (\w+)\(/g)].map(([, maker]) => maker);
  });
  assert.deepEqual(makers.toSorted(), Object.keys(made_by).toSorted());
  const used = [...known, ...lacking].map(({ method, path }) => `${method} ${path}`);
  const sites = ['GET a site'];
  for (const call of Object.values(made_by)) assert.ok([...used, ...sites].includes(call), call);
});

test('what every request says passes the compiler as the type of the client', (context) => {
  assert.equal(compiled(matched.map((one) => [one.row.type, saidBy(one)])), '');
  const types = new Set(matched.map(({ row }) => row.type[1]));
  context.diagnostic(`${matched.length} requests, ${types.size} types`);
});

test('what the client does not know does not pass the compiler', () => {
  const create: Known['type'] = ['projects/projects', 'ProjectCreateParams'];
  const good = { account_id: 'a', name: 'n', production_branch: 'main' };
  const wrong = [
    { ...good, branch: 'main' },
    { account_id: 'a', name: 'n' },
    { ...good, build_config: { build_command: 1 } },
    { ...good, source: { type: 'github', config: { preview_deployment_setting: 'some' } } },
  ];
  for (const value of wrong) assert.match(compiled([[create, value]]), /values\.ts.*error TS/);
  assert.equal(compiled([[create, good]]), '');
});

for (const row of known) {
  const mine = matched.filter((one) => one.row === row);
  test(`${row.method} ${row.path}: the client sends the same`, async () => {
    assert.ok(mine.length > 0);
    for (const one of mine) {
      const { asked } = one;
      const { sent, answers } = await replayed(one);
      assert.deepEqual(sent, sentBy(asked.method, asked.path, asked.text), asked.file);
      if (row.differs === undefined) assert.equal(answers[0], answers[1], asked.file);
    }
  });
}

test('a request that the client would send otherwise is told', async () => {
  const one = matched.find(({ row }) => row.type[1] === 'DeploymentListParams');
  assert.ok(one);
  const other = { ...one, asked: { ...one.asked, path: one.asked.path.replace('25', '24') } };
  const { sent } = await replayed(other);
  assert.notDeepEqual(sent, sentBy(one.asked.method, one.asked.path, ''));
  const world = createTestWorld();
  assert.equal((await call(world, 'GET', projectPath('nobody'))).status, 404);
});
