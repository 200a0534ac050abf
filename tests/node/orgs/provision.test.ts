// Auto-provisioning: one request makes the project and its hook, the first build is followed until
// the site is served, and two orgs have two sites.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rows } from '../crash/scenario.ts';
import { dashboard } from '../platforms/support.ts';
import {
  as,
  hook_address,
  json,
  makeProject,
  mine,
  orgFleet,
  orgOf,
  projectsOf,
  provisioned,
  served,
  settle,
  theirs,
  told,
} from './support.ts';

test('one request provisions: the hook in full this once, then the site is live', async () => {
  const { fleet } = await orgFleet();
  const before = json(await as(fleet, 'ada', 'GET', mine));
  assert.deepEqual(
    [before.state, before.canProvision, before.role, before.hook],
    ['unset', true, 'admin', undefined],
  );
  const answer = await as(fleet, 'ada', 'POST', `${mine}/auto-provision`);
  assert.equal(answer.status, 200, answer.text);
  const made = json(answer);
  assert.equal(made.projectName, 'aurora-ark');
  assert.equal(made.projectUrl, 'https://aurora-ark.pages.dev');
  assert.ok(made.deployHookUrl.startsWith(hook_address));
  const id = made.deployHookUrl.slice(hook_address.length);
  assert.equal(made.publishing.hook.masked, `${hook_address}********${id.slice(-4)}`);

  await settle(fleet);
  const after = json(await as(fleet, 'ben', 'GET', mine));
  assert.equal(after.publication.state, 'live', JSON.stringify(after));
  assert.equal(after.publication.verified, 'bytes');
  assert.deepEqual(
    after.steps.map(({ state }: { state: string }) => state),
    ['done', 'done', 'done', 'done'],
  );
  assert.equal(after.hook.masked, undefined, 'a member sees nothing of the hook');
  assert.match(await served(fleet, 'aurora-ark.pages.dev'), /Aurora Books/);
  assert.equal(rows(fleet, 'publication').length, 1);
  assert.deepEqual(await fleet.unequalAggregates(), []);
});

test('two orgs have two sites, each with its own name', async () => {
  const { fleet } = await orgFleet();
  await provisioned(fleet);
  await provisioned(fleet, 'org-borealis');
  const [aurora, borealis] = await Promise.all([
    served(fleet, 'aurora-ark.pages.dev'),
    served(fleet, 'borealis-ark.pages.dev'),
  ]);
  assert.match(aurora, /Aurora Books/);
  assert.doesNotMatch(aurora, /Borealis/);
  assert.match(borealis, /Borealis Bikes/);
});

test('provisioned again nothing is made, and the hook is not shown again', async () => {
  const { fleet } = await orgFleet();
  await provisioned(fleet);
  const again = await as(fleet, 'ada', 'POST', `${mine}/auto-provision`);
  assert.equal(again.status, 200);
  assert.equal(json(again).deployHookUrl, undefined);
  assert.equal(json(again).projectName, 'aurora-ark');
  const posts = fleet.cloudflare.log.filter(({ method }) => method === 'POST');
  assert.equal(posts.length, 3, 'a project, a hook, a build');
});

test('an operator provisions the same way', async () => {
  const { fleet } = await orgFleet();
  const answer = await fleet.api('POST', `${theirs}/auto-provision`);
  assert.equal(answer.status, 200, answer.text);
  assert.ok(json(answer).deployHookUrl.startsWith(hook_address));
  await settle(fleet);
  const view = json(await fleet.api('GET', theirs));
  assert.deepEqual(
    [view.role, view.publication.state, view.publication.by],
    ['operator', 'live', 'admin'],
  );
});

test('a project of the name that is not ours: a conflict; then it goes on', async () => {
  const { fleet } = await orgFleet();
  await makeProject(fleet, 'aurora-ark');
  const refused = await as(fleet, 'ada', 'POST', `${mine}/auto-provision`);
  assert.equal(told(refused), '409 publishing.name_taken');
  assert.match(json(refused).next, /[Dd]elete it .* paste/);
  const view = json(await as(fleet, 'ada', 'GET', mine));
  assert.deepEqual([view.state, view.failure.code], ['blocked', 'publishing.name_taken']);
  assert.equal((await dashboard(fleet, 'DELETE', 'aurora-ark')).status, 200);
  await provisioned(fleet);
  assert.equal(orgOf(fleet).last?.state, 'live');
  assert.equal(projectsOf(fleet).length, 1);
});

const refusals: [string, object, Record<string, string>, string, RegExp][] = [
  [
    'GitHub is not connected',
    { githubConnected: false },
    {},
    '409 git.not_connected',
    /connect-github/,
  ],
  [
    'the repository is not selected',
    { githubRepositories: ['neutrino-io/other'] },
    {},
    '409 git.repository_not_selected',
    /connect-github/,
  ],
  ['the account is full', { projectLimit: 0 }, {}, '409 project.limit_reached', /limit/],
  ['the account is blocked', { blocked: true }, {}, '403 account.blocked', /abusereply/],
  [
    'the token may only read',
    { permissions: { 'cloudflare-token': 'read' } },
    {},
    '403 credential.permission_missing',
    /Pages:Edit/,
  ],
  [
    'no repository is set',
    {},
    { PUBLISHING_GITHUB_REPOSITORY: '' },
    '503 publishing.not_configured',
    /./,
  ],
  ['no sealing key is set', {}, { SEALING_KEY: '' }, '503 publishing.not_configured', /./],
  ['no token is set', {}, { CF_API_TOKEN: '' }, '503 publishing.not_configured', /./],
];
for (const [name, account, variables, code, next] of refusals) {
  test(`${name}: ${code}, and the next step`, async () => {
    const { fleet } = await orgFleet({ account, variables });
    const answer = await as(fleet, 'ada', 'POST', `${mine}/auto-provision`);
    assert.equal(told(answer), code, answer.text);
    assert.match(json(answer).next, next);
    assert.equal(json(answer).retryable, false);
    await settle(fleet);
    assert.deepEqual(projectsOf(fleet), []);
    assert.deepEqual(await fleet.unequalAggregates(), []);
  });
}

test('a person of another org, a member and nobody: 404, 403, 401', async () => {
  const { fleet } = await orgFleet();
  const provision = `${mine}/auto-provision`;
  assert.equal(told(await as(fleet, 'cleo', 'POST', provision)), '404 org.unknown');
  assert.equal(told(await as(fleet, 'cleo', 'GET', mine)), '404 org.unknown');
  assert.equal(told(await as(fleet, 'ben', 'POST', provision)), '403 org.role');
  assert.equal(told(await as(fleet, 'ben', 'GET', mine)), '200');
  assert.equal(told(await fleet.api('POST', provision)), '403 auth.user_needed');
  assert.equal(told(await fleet.api('POST', provision, undefined, 'wrong')), '401 auth.missing');
  assert.deepEqual(projectsOf(fleet), []);
});
