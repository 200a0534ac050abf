// Every operation that the simulated GitHub has is one of GitHub's own description, and its answer
// is one that the description promises.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ROUTES, type Route } from '../../../simulator/github/routes.ts';
import { signAppJwt } from '../../../worker-shim/auth/app_jwt.ts';
import { importSigningKey } from '../../../worker-shim/auth/private_key.ts';
import { app, known } from '../../node/auth/support.ts';
import { api, referred, schemaFaults } from './openapi.ts';
import { askedBy, operationFor, operations } from './openapi_request.ts';
import { at, type Tree } from './openapi_tree.ts';
import { dispatch, idleRunner, REPOSITORY, request, world } from './world.ts';

const BUILD = `name: Build
on: { workflow_dispatch: { inputs: { env: { type: string } } } }
jobs: { build: { runs-on: ubuntu-24.04, steps: [{ run: echo }] } }
`;

// What the description has against the answer.
async function answerFaults(asked: Request, answer: Response): Promise<string[]> {
  const operation = operationFor(await askedBy(asked));
  if (operation === undefined) return [`${asked.method} ${asked.url} is no operation`];
  const responses = [...operation.steps, 'responses'];
  const promised = at(api, [...responses, String(answer.status)]) as Tree | undefined;
  if (promised === undefined) return [`${operation.name}: ${answer.status} is not promised`];
  const { content } = referred(promised);
  const text = await answer.clone().text();
  if (content === undefined) return text === '' ? [] : [`${operation.name}: it has a body`];
  const reference = promised.$ref;
  const place =
    typeof reference === 'string'
      ? reference.split('/').slice(1)
      : [...responses, String(answer.status)];
  const schema = [...place, 'content', 'application/json', 'schema'];
  return schemaFaults(schema, JSON.parse(text)).map((fault) => `${operation.name}: ${fault}`);
}

interface Setting {
  /** A request of this operation that succeeds. */
  ask(route: Route): Request;
  answer(asked: Request): Promise<Response>;
}

async function setting(context: TestContext): Promise<Setting> {
  const runner = idleRunner();
  const installed = { ...app, repositories: [REPOSITORY] };
  const files = { '.github/workflows/build.yml': BUILD, 'docs/a.md': 'text\n' };
  const { github, clock } = world(context, files, { runner, apps: [installed] });
  assert.equal((await github.fetch(dispatch({ env: 'dev' }))).status, 200);
  const run = String(runner.started[0]);
  const job = runner.host().runs.addJob(Number(run), 'build', ['ubuntu-24.04']);
  const key = await importSigningKey(known.pem);
  const jwt = await signAppJwt(key, installed.client_id, clock.now());
  const [owner = '', repo = ''] = REPOSITORY.split('/');
  const parts: Readonly<Record<string, string>> = {
    ...{ owner, repo, run, org: owner, workflow: 'build.yml', job: String(job.id) },
    ...{ installation: String(app.installation_id), path: 'docs', ref: 'main' },
  };
  return {
    ask({ method, path, operation, byApp }) {
      const filled = path.replaceAll(/:(\w+)(\{[^}]*\})?/g, (_, name: string) => parts[name] ?? '');
      const body = operation === 'github.dispatch' ? { ref: 'main', inputs: {} } : undefined;
      const type = body === undefined ? {} : { 'content-type': 'application/json' };
      const by = byApp === true ? { authorization: `Bearer ${jwt}` } : {};
      const accept = { accept: 'application/vnd.github+json' };
      return request(method, filled, body, { ...accept, ...type, ...by });
    },
    answer: (asked) => github.fetch(asked.clone()),
  };
}

test('every operation of the simulated GitHub answers as the description promises', async (t) => {
  const { ask, answer } = await setting(t);
  const faults: string[] = [];
  for (const route of ROUTES) {
    const asked = ask(route);
    faults.push(...(await answerFaults(asked, await answer(asked))));
  }
  assert.deepEqual(faults, []);
  const called = new Set<string | undefined>();
  for (const route of ROUTES) called.add(operationFor(await askedBy(ask(route)))?.name);
  assert.deepEqual([...called].toSorted(), operations.map(({ name }) => name).toSorted());
});

test('an answer that the description does not promise is told', async (t) => {
  const { ask, answer } = await setting(t);
  const route = ROUTES.find(({ operation }) => operation === 'github.get_run');
  assert.ok(route);
  const asked = ask(route);
  const run = (await (await answer(asked)).json()) as Tree;
  const told = async (body: unknown, status = 200): Promise<string> =>
    (await answerFaults(asked, Response.json(body, { status }))).join();
  assert.equal(await told(run), '');
  assert.match(await told({ ...run, id: 'seven' }), /id must be integer/);
  assert.match(await told({ ...run, html_url: null }), /html_url must be string/);
  assert.match(await told(run, 418), /418 is not promised/);
});
