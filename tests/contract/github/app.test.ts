// Apps by GitHub's own client: a JWT gets an installation token, and the token opens what it was
// narrowed to.

import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import { Octokit } from '@octokit/rest';
import { serve } from '../../../simulator/base/serve.ts';
import type { AppOptions } from '../../../simulator/github/apps.ts';
import { signAppJwt } from '../../../worker-shim/auth/app_jwt.ts';
import { importSigningKey } from '../../../worker-shim/auth/private_key.ts';
import { conforms } from './openapi.ts';
import { idleRunner, REPOSITORY, request, world } from './world.ts';

const BUILD = 'on: workflow_dispatch\njobs: { a: { runs-on: x, steps: [{ run: date }] } }\n';
const REPO = { owner: 'acme', repo: 'builder' };
const VERSION = { headers: { 'x-github-api-version': '2026-03-10' } };
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const app: AppOptions = {
  id: 7,
  client_id: 'Iv1.app',
  public_keys: [publicKey.export({ type: 'spki', format: 'pem' }).toString()],
  installation_id: 42,
  repositories: [REPOSITORY],
  permissions: { actions: 'write', contents: 'read', metadata: 'read' },
};

test('a JWT gets a narrow token, and the token works until its hour is over', async (context) => {
  const files = { '.github/workflows/build.yml': BUILD, 'a.txt': 'text' };
  const { github, clock } = world(context, files, { runner: idleRunner(), apps: [app] });
  const served = await serve(github.fetch);
  context.after(() => served.close());
  const client = (auth: string): Octokit =>
    new Octokit({ auth, baseUrl: served.url, userAgent: 'contract', log: silent });

  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  const jwt = await signAppJwt(await importSigningKey(pem), app.client_id, clock.now());
  const asApp = client(jwt);
  const found = await asApp.rest.apps.getRepoInstallation({ ...REPO, ...VERSION });
  assert.equal(found.data.id, 42);
  const made = await asApp.rest.apps.createInstallationAccessToken({
    installation_id: found.data.id,
    repositories: ['builder'],
    permissions: { actions: 'write', metadata: 'read' },
    ...VERSION,
  });
  assert.equal(made.status, 201);
  const path = '/app/installations/42/access_tokens';
  const headers = { authorization: `Bearer ${jwt}` };
  const plain = await github.fetch(request('POST', path, {}, headers));
  await conforms('/app/installations/{installation_id}/access_tokens', 'post', plain);
  const { token, expires_at } = made.data;
  assert.ok(token.startsWith('ghs_') && token.length > 500);
  assert.equal(Date.parse(expires_at), clock.now() + 3_600_000);

  const builder = client(token);
  const started = await builder.rest.actions.createWorkflowDispatch({
    ...REPO,
    ...{ workflow_id: 'build.yml', ref: 'main' },
    ...VERSION,
  });
  assert.equal(Number(started.status), 200);
  await assert.rejects(builder.rest.repos.getContent({ ...REPO, path: 'a.txt' }), {
    status: 403,
    message: /Resource not accessible by integration/,
  });
  await assert.rejects(asApp.rest.repos.get({ ...REPO }), { status: 401 });
  clock.advance(3_600_000);
  const runs = { ...REPO, workflow_id: 'build.yml' };
  await assert.rejects(builder.rest.actions.listWorkflowRuns(runs), { status: 401 });
});
