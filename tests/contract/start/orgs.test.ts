// What `npm start` makes ready for publishing: secrets, the Worker's variables, and a simulated
// world in which two orgs' sites are built from one repository.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import Sdk from 'cloudflare';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { type Instance, openInstance } from '../../../scripts/start/instance.ts';
import { createOrgs, demo_orgs, orgLines, orgVariables } from '../../../scripts/start/orgs.ts';
import { startSimulator } from '../../../scripts/start/simulator.ts';

function place(t: TestContext): string {
  const state = mkdtempSync(join(tmpdir(), 'start-orgs-'));
  t.after(() => rmSync(state, { recursive: true, force: true, maxRetries: 5 }));
  return state;
}

const open = (state: string, port = 8787): Instance =>
  openInstance({ state, port, once: false, orgs: false, fleet: 0 });

test('an older instance keeps its secrets and is given the one it lacks', (t) => {
  const state = place(t);
  const file = join(state, 'secrets.json');
  const first = open(state).secrets;
  assert.match(first.sealing_key, /^[0-9a-f]{64}$/);
  const { sealing_key: _, ...older } = first;
  writeFileSync(file, JSON.stringify(older));
  const second = open(state).secrets;
  assert.deepEqual({ ...second, sealing_key: '' }, { ...older, sealing_key: '' });
  assert.notEqual(second.sealing_key, first.sealing_key, 'a random one');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const written = readFileSync(file, 'utf8');
  assert.deepEqual(open(state).secrets, second);
  assert.equal(readFileSync(file, 'utf8'), written);
});

test('the demo orgs are put whole, and a refusal stops', async () => {
  const put: string[] = [];
  const api = { putOrg: async ({ slug }: { slug: string }) => void put.push(slug) };
  await createOrgs(api);
  assert.deepEqual(put, ['aurora', 'borealis']);
  const refusing = { putOrg: () => Promise.reject(new Error('refused')) };
  await assert.rejects(createOrgs(refusing), /refused/);
  assert.equal(
    demo_orgs.every(({ slug }) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug)),
    true,
  );
});

test('the table leads to each settings page and says who can sign in', (t) => {
  const lines = orgLines(open(place(t)));
  assert.match(lines[0] ?? '', /8787\/orgs\/org-aurora\/settings\/publishing$/);
  assert.match(lines[1] ?? '', /8787\/orgs\/org-borealis\/settings\/publishing$/);
  assert.match(lines[2] ?? '', /^Sign in as +ada .*ben .*cleo/);
});

test('two orgs are built from one repository, and its people can sign in', async (t) => {
  const instance = open(place(t), (await freePort()) - 1);
  const simulator = await startSimulator(instance);
  t.after(() => simulator.stop());
  const { simulator_url, secrets } = instance;
  const variables = orgVariables(instance, 'neutrino-io');

  const apiToken = secrets.cloudflare_token;
  const client = new Sdk({ apiToken, baseURL: `${simulator_url}/cloudflare/client/v4` });
  const account = { account_id: secrets.cloudflare_account };
  const pages = await Promise.all(
    demo_orgs.map(async ({ slug, name }) => {
      const project_name = `${slug}-ark`;
      await publish(client, account, { slug, name, variables });
      const response = await fetch(`${simulator_url}/sites/${project_name}.pages.dev/`);
      assert.equal(response.status, 200);
      return response.text();
    }),
  );
  assert.match(pages[0] ?? '', /<h1>Aurora Books<\/h1>/);
  assert.match(pages[1] ?? '', /<h1>Borealis Bikes<\/h1>/);

  const body = JSON.stringify({ user: 'ada' });
  const token = await fetch(`${simulator_url}/issuer/token`, { method: 'POST', body });
  const { access_token } = (await token.json()) as { access_token: string };
  const issuer = variables.SIGN_IN_ISSUER ?? '';
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`));
  const wanted = { issuer, audience: variables.SIGN_IN_AUDIENCE ?? '', algorithms: ['ES256'] };
  assert.equal((await jwtVerify(access_token, keys, wanted)).payload.sub, 'ada');
  const target = encodeURIComponent(`${instance.worker_url}/sign-in?to=%2F&state=x`);
  const page = await fetch((variables.SIGN_IN_URL ?? '').replace('{return}', target));
  assert.equal(page.status, 200);

  const planted = JSON.stringify({ repository: 'neutrino-io/ark-site', files: { 'build.js': '' } });
  const pushed = await fetch(`${simulator_url}/_sim/push`, { method: 'POST', body: planted });
  assert.equal(pushed.status, 400, 'what is built is the folder, and nothing that is posted');
});

interface Org {
  slug: string;
  name: string;
  variables: Record<string, string>;
}

async function publish(
  client: Sdk,
  account: { account_id: string },
  { slug, name, variables }: Org,
): Promise<void> {
  const { projects } = client.pages;
  const project_name = `${slug}-ark`;
  const env_vars = {
    ORG_SLUG: { type: 'plain_text' as const, value: slug },
    ORG_NAME: { type: 'plain_text' as const, value: name },
  };
  const {
    PUBLISHING_GITHUB_OWNER: owner = '',
    PUBLISHING_GITHUB_REPOSITORY: repo_name = '',
    PUBLISHING_BUILD_COMMAND: build_command = '',
    PUBLISHING_BUILD_OUTPUT: destination_dir = '',
  } = variables;
  await projects.create({
    ...account,
    name: project_name,
    production_branch: 'main',
    source: { type: 'github', config: { owner, repo_name } },
    build_config: { build_command, destination_dir },
    deployment_configs: { production: { env_vars } },
  });
  const { id } = await projects.deployments.create(project_name, account);
  for (let tries = 0; tries < 300; tries += 1) {
    const at = { ...account, project_name };
    const { latest_stage } = await projects.deployments.get(id, at);
    assert.notEqual(latest_stage.status, 'failure', latest_stage.name);
    if (latest_stage.name === 'deploy' && latest_stage.status === 'success') return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.fail(`${project_name} did not come up`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
