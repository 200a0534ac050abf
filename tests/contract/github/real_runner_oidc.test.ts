// The real runner's tokens of GitHub: a job that may ask for them gets where to ask, no other does.

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { serve } from '../../../simulator/base/serve.ts';
import { oidcProvider } from '../../../simulator/github/oidc.ts';
import { realRunner } from '../../../simulator/runner/real.ts';
import { dispatch, idleRunner, temporary, world } from './world.ts';

const ASK =
  'curl -sS -H "Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN"' +
  ' "$ACTIONS_ID_TOKEN_REQUEST_URL&audience=http://slipway.test" | cut -d. -f2 |' +
  ' tr _- /+ | base64 -d 2> /dev/null || true';

function workflow(permissions: string): string {
  return `on: workflow_dispatch
permissions: {}
jobs:
  build:
    runs-on: ubuntu-24.04
    environment: main-dev
    permissions: ${permissions}
    steps:
      - run: 'echo "may ask: \${ACTIONS_ID_TOKEN_REQUEST_URL:+yes}"'
      - run: '${ASK}'
`;
}

async function logOf(context: TestContext, permissions: string): Promise<[string, number]> {
  const clock = { now: () => Date.now() };
  const spy = idleRunner();
  let url = '';
  const provider = (): ReturnType<typeof oidcProvider> => oidcProvider(clock, url);
  let present: ReturnType<typeof provider> | undefined;
  const served = await serve(async (asked) => {
    const answer = await present?.fetch(asked);
    return answer ?? new Response(null, { status: 503 });
  });
  url = served.url;
  present = provider();
  const runner = realRunner({
    clock,
    directory: temporary(context),
    environments: {},
    oidc: (run, environment) => ({ ...present?.requestFor(run, environment) }),
  });
  const attach = runner.attach;
  runner.attach = (host) => {
    spy.attach(host);
    attach(host);
  };
  context.after(() => Promise.all([served.close(), runner.close()]));
  const files = { '.github/workflows/build.yml': workflow(permissions) };
  const { github } = world(context, files, { runner });
  const { workflow_run_id: id } = (await (await github.fetch(dispatch({}))).json()) as {
    workflow_run_id: number;
  };
  await runner.idle();
  const { runs } = spy.host();
  return [
    runs
      .jobsOf(id)
      .map((job) => runs.log(job.id))
      .join(''),
    id,
  ];
}

test('a job with id-token: write gets a token of its own run', async (context) => {
  const [log, id] = await logOf(context, '{ contents: read, id-token: write }');
  assert.match(log, /may ask: yes/);
  assert.match(log, /"aud":"http:\/\/slipway\.test"/);
  assert.ok(log.includes(`"run_id":"${id}"`), log);
  assert.match(log, /"environment":"main-dev"/);
});

test('a job without the permission does not know where to ask', async (context) => {
  const [log] = await logOf(context, '{ contents: read }');
  assert.match(log, /may ask: *$/m);
  assert.ok(!log.includes('"aud"'));
});
