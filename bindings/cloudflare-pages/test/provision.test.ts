// The package against the simulated Cloudflare: the ordinary course, and every refusal.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProvisionOptions } from '../src/types.ts';
import {
  account_id,
  type Chosen,
  calls,
  everything,
  publish,
  refusal,
  stage,
  steps,
  token,
  usual,
} from './support.ts';

test('makes the project and its hook, and the hook builds the site of the org', async () => {
  const on = stage();
  const made = await on.provision();
  assert.equal(made.projectName, 'aurora-ark');
  assert.equal(made.projectUrl, 'https://aurora-ark.pages.dev');
  assert.deepEqual(made.orphanedHooks, []);
  assert.deepEqual(calls(on), ['project.get', 'project.create', 'hook.create']);
  assert.deepEqual(steps(on), [
    'looking',
    'creating_project',
    'project_ready',
    'creating_hook',
    'hook_ready',
  ]);
  assert.match(await publish(on, made), /<title>Aurora Books<\/title>/);
});

test('what is wished is what is asked for, in production and in preview', async () => {
  const on = stage();
  await on.provision('aurora', {
    productionBranch: 'release',
    build: { command: 'make', output: 'out', root: 'web' },
    variables: { ORG_SLUG: 'someone-elses', PUBLIC_A: 'x "y" \u00e9' },
    hookName: 'settings page',
  });
  const [, project, hook] = await Promise.all(on.sent.map((request) => request.text()));
  const asked = JSON.parse(project ?? '');
  assert.equal(asked.name, 'aurora-ark');
  assert.equal(asked.production_branch, 'release');
  assert.deepEqual(asked.build_config, {
    build_command: 'make',
    destination_dir: 'out',
    root_dir: 'web',
  });
  const { owner, repo_name, production_branch } = asked.source.config;
  assert.deepEqual([owner, repo_name, production_branch], ['neutrino-io', 'ark-site', 'release']);
  const own = Object.entries({ ORG_SLUG: 'someone-elses', PUBLIC_A: 'x "y" \u00e9' });
  for (const environment of ['production', 'preview']) {
    const variables = asked.deployment_configs[environment].env_vars;
    for (const [name, value] of own) {
      assert.deepEqual(variables[name], { type: 'plain_text', value }, `${environment} ${name}`);
    }
  }
  assert.deepEqual(JSON.parse(hook ?? ''), { name: 'settings page', branch: 'release' });
});

test('requests say who asks, carry the token and follow no redirect', async () => {
  const on = stage();
  await on.provision();
  for (const request of on.sent) {
    assert.equal(request.headers.get('authorization'), `Bearer ${token}`);
    assert.equal(request.headers.get('user-agent'), 'slipway');
    assert.equal(request.redirect, 'manual');
    assert.ok(request.url.startsWith(`http://cloudflare.test/client/v4/accounts/${account_id}/`));
  }
});

const refusals: [string, Required<Chosen>['account'], string, RegExp][] = [
  [
    'GitHub is not connected',
    { githubConnected: false },
    '409 git.not_connected',
    /https:.*git-integration/,
  ],
  [
    'the repository is not selected',
    { githubRepositories: ['neutrino-io/other'] },
    '409 git.repository_not_selected',
    /https:.*git-integration/,
  ],
  ['the account is full', { projectLimit: 0 }, '409 project.limit_reached', /limit/],
  ['the account is blocked', { blocked: true }, '403 account.blocked', /abusereply/],
  [
    'the token may only read',
    { permissions: { [token]: 'read' } },
    '403 credential.permission_missing',
    /Pages:Edit/,
  ],
  [
    'the token may do nothing',
    { permissions: { [token]: 'none' } },
    '403 credential.permission_missing',
    /Pages:Edit/,
  ],
  ['the token is unknown', { tokens: ['other'] }, '403 credential.invalid', /token/],
  [
    'the address is not verified',
    { emailUnverified: true },
    '403 account.email_unverified',
    /mail/,
  ],
  [
    'subdomains are blocked',
    { subdomainsBlocked: true },
    '403 project.subdomain_blocked',
    /abusereply/,
  ],
];
for (const [name, account, code, next] of refusals) {
  test(`${name}: ${code}, and the next step`, async () => {
    const on = stage({ account });
    const error = await refusal(on.provision());
    assert.equal(`${error.status} ${error.code}`, code);
    assert.match(error.next, next);
    assert.doesNotMatch(
      everything(error),
      /\/help\/|state: open|platform id|wrangler/,
      'no word of an instance',
    );
    assert.equal(error.retryable, false);
    assert.equal(error.name, 'ProvisionError');
    assert.ok(error.message.startsWith(error.title));
    assert.doesNotMatch(JSON.stringify(on.cloudflare.state()), /aurora-ark/);
    assert.ok(!calls(on).includes('hook.create'));
  });
}

test('a project of the name that is not ours is left alone', async () => {
  const on = stage();
  const theirs = new Request(`${usual.baseUrl}/accounts/${account_id}/pages/projects`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'aurora-ark', production_branch: 'main' }),
  });
  assert.equal((await on.cloudflare.fetch(theirs)).status, 200);
  const error = await refusal(on.provision());
  assert.equal(`${error.status} ${error.code}`, '409 publishing.name_taken');
  assert.match(error.next, /Delete that project/);
  assert.equal(error.detail, 'aurora-ark');
  assert.deepEqual(calls(on), ['project.create', 'project.get']);
});

const wrong: [string, string, Partial<ProvisionOptions>, string][] = [
  ['a slug with a space', 'Bad slug', {}, '/slug'],
  ['an empty slug', '', {}, '/slug'],
  ['a slug that is too long', 'a'.repeat(55), {}, '/slug'],
  ['a slug that would leave its path', '../x', {}, '/slug'],
  ['an account id', 'aurora', { accountId: 'x/../y' }, '/accountId'],
  ['an owner', 'aurora', { github: { ...usual.github, owner: 'a/b' } }, '/github/owner'],
  ['no repository', 'aurora', { github: { owner: 'a' } as never }, '/github/repository'],
  ['a build', 'aurora', { build: { command: 'x'.repeat(501) } }, '/build/command'],
  ['an output', 'aurora', { build: { output: 'x'.repeat(501) } }, '/build/output'],
  ['a root', 'aurora', { build: { root: 'x'.repeat(501) } }, '/build/root'],
  ['a variable', 'aurora', { variables: { 'no name': '' } }, '/variables/no name'],
  ['our own variable', 'aurora', { variables: { SLIPWAY_SITE: '' } }, '/variables/SLIPWAY_SITE'],
  ['a base', 'aurora', { baseUrl: 'file:///x' }, '/baseUrl'],
  ['a base with a user', 'aurora', { baseUrl: 'https://a:b@c.test' }, '/baseUrl'],
];
for (const [name, slug, options, pointer] of wrong) {
  test(`refused before any request, and before a token is asked for: ${name}`, async () => {
    const on = stage();
    let asked = 0;
    const provider = (): string => {
      asked += 1;
      return token;
    };
    const error = await refusal(on.provision(slug, { token: provider, ...options }));
    assert.equal(`${error.status} ${error.code}`, '422 body.invalid');
    assert.equal(error.errors[0]?.pointer, pointer, JSON.stringify(error.errors));
    assert.equal(asked + on.sent.length + calls(on).length, 0);
  });
}

test('the longest slug is a project', async () => {
  const slug = 'a'.repeat(54);
  assert.equal((await stage().provision(slug)).projectName, `${slug}-ark`);
});
