// Accounts and projects: registered, refused, full, moved, taken over.
import type { Core } from '../../../bindings/js/core.ts';
import type { Fault } from '../../../simulator/base/contract.ts';
import { accountOf, main_id } from '../accounts/support.ts';
import { create, hour_ms, openFleet, settle } from '../faults/support.ts';

const accounts = '/api/v1/accounts';
const adopt = '/api/v1/platforms/acme/environments/dev/adopt';
const north = accountOf('north', 'a');
const headers = { authorization: 'Bearer cloudflare-token', 'content-type': 'application/json' };
const project = `http://cloudflare.test/client/v4/accounts/${main_id}/pages/projects`;

/** Plays all of it. */
export async function playAccounts(core: Core): Promise<void> {
  await playApi(core);
  await playRoom(core);
  await playRefusals(core);
  await playObstacles(core);
  await playAdoption(core);
}

async function playApi(core: Core): Promise<void> {
  const fleet = openFleet({ core, accounts: [north] });
  const body = { cloudflareId: north.id, capacity: 2, dailyCreations: 4 };
  const calls: readonly (readonly [string, string, unknown?, string?])[] = [
    ['GET', accounts, undefined, 'wrong'],
    ['GET', accounts, undefined, 'internal-key'],
    ['GET', accounts],
    ['PUT', `${accounts}/north`, body, 'wrong'],
    ['PUT', `${accounts}/north`],
    ['PUT', `${accounts}/north`, '{'],
    ['PUT', `${accounts}/north`, { cloudflareId: 'x', state: 'full' }],
    ['PUT', `${accounts}/North`, { ...body, capacity: 0, dailyCreations: 0 }],
    ['PUT', `${accounts}/north?dryRun=true`, body],
    ['PUT', `${accounts}/north`, body],
    ['PUT', `${accounts}/north`, body],
    ['PUT', `${accounts}/south`, body],
    ['PUT', `${accounts}/north`, { ...body, dailyCreations: 8, state: 'closed' }],
    ['PUT', `${accounts}/north`, { ...body, state: 'open' }],
    ['GET', accounts],
    ['DELETE', `${accounts}/north`, undefined, 'wrong'],
    ['DELETE', `${accounts}/south`],
    ['DELETE', `${accounts}/north`],
    ['DELETE', `${accounts}/north`],
    ['PUT', `${accounts}/north`, body],
  ];
  for (const [method, path, sent, key] of calls) await fleet.api(method, path, sent, key);
  await create(fleet);
  await settle(fleet);
  await fleet.api('DELETE', `${accounts}/north`);
  await fleet.api('DELETE', `${accounts}/main`);
  await fleet.api('PUT', `${accounts}/main`, { cloudflareId: 'e'.repeat(32) });
  await fleet.unequalAggregates();
}

// Three sites, one place; then a second one, and a slow account.
async function playRoom(core: Core): Promise<void> {
  const fleet = openFleet({ core, accounts: [north] });
  await fleet.api('PUT', `${accounts}/main`, { cloudflareId: main_id, capacity: 1 });
  for (const platformId of ['one', 'two', 'three']) {
    await fleet.api('POST', '/api/v1/platforms', { platformId, environments: ['dev'] });
  }
  await settle(fleet);
  await fleet.api('GET', '/api/v1/platforms/three');
  await fleet.api('PUT', `${accounts}/north`, { cloudflareId: north.id, dailyCreations: 1 });
  await fleet.passTime(() => false, hour_ms);
  for (const name of ['one', 'two', 'three']) await fleet.api('GET', `/api/v1/platforms/${name}`);
  await fleet.api('PUT', `${accounts}/north`, { cloudflareId: north.id, dailyCreations: 100 });
  await settle(fleet);
}

async function playRefusals(core: Core): Promise<void> {
  const changes = [{ projectLimit: 0 }, { blocked: true }, { emailUnverified: true }];
  for (const change of changes) {
    const fleet = openFleet({ core, accounts: [north] });
    fleet.cloudflare.configure(main_id, change);
    await fleet.api('PUT', `${accounts}/main`, { cloudflareId: main_id });
    await fleet.api('PUT', `${accounts}/north`, { cloudflareId: north.id, capacity: 50 });
    await create(fleet);
    await settle(fleet);
  }
}

// What has no account of its own: a refusal at the edge, an id that is none, a git project.
async function playObstacles(core: Core): Promise<void> {
  const fault: Fault = { when: 'before', answer: 403, body: '<html>Sorry</html>' };
  const plans = [{ operation: 'cloudflare.project.create', nth: 1, fault }];
  const edge = openFleet({ core }, plans);
  const wrong = openFleet({ core, variables: { CF_ACCOUNT_ID: 'none' } });
  const git = openFleet({ core });
  const config = {
    owner: 'neutrino-io',
    repo_name: 'nno-platform-builder',
    production_branch: 'main',
  };
  const source = { type: 'github', config };
  const body = JSON.stringify({ name: 'acme-dev-portal', production_branch: 'main', source });
  await git.cloudflare.fetch(new Request(project, { method: 'POST', headers, body }));
  for (const fleet of [edge, wrong, git]) {
    await create(fleet);
    await settle(fleet);
    await fleet.api('GET', '/api/v1/platforms/acme');
  }
}

async function playAdoption(core: Core): Promise<void> {
  const fleet = openFleet({ core });
  const body = JSON.stringify({ name: 'acme-dev-portal', production_branch: 'main' });
  await fleet.cloudflare.fetch(new Request(project, { method: 'POST', headers, body }));
  await fleet.api('POST', adopt, { confirm: 'acme-dev-portal' });
  await create(fleet);
  await fleet.api('POST', adopt, { confirm: 'acme-dev-portal' });
  await settle(fleet);
  const calls: readonly (readonly [unknown?, string?])[] = [
    [{ confirm: 'acme-dev-portal' }, 'wrong'],
    [undefined],
    ['{'],
    [{ confirm: 'acme' }],
    [{ confirm: 'acme-dev-portal' }],
  ];
  for (const [sent, key] of calls) await fleet.api('POST', adopt, sent, key);
  await fleet.api('POST', adopt.replace('/dev/', '/qa/'), { confirm: 'acme-dev-portal' });
  await settle(fleet);
  await fleet.api('POST', adopt, { confirm: 'acme-dev-portal' });
  await fleet.unequalAggregates();
}
