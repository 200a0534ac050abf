// Who may do what: every operation of the list by every kind of caller. A new operation needs a row
// here, a new row a request.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type Operation, operations } from '../../../bindings/generated/operations.ts';
import type { Answer } from '../crash/fleet.ts';
import {
  type Caller,
  type Cast,
  callers,
  liveDeployment,
  openCast,
  plantDeadLetter,
  plantRetryable,
} from './callers.ts';
import { askAs, isPerson, type Person, pasted, people, plantOrg } from './org_cast.ts';
import { told } from './support.ts';

const unknown = '401 auth.missing';
const forbidden = '403 auth.forbidden';

type Anyone = Caller | Person;
type Cells = Readonly<Record<Anyone, string>>;

const everyone: readonly Anyone[] = [...callers, ...(Object.keys(people) as Person[])];

/** What every caller is told where nobody may do it but the administrators. */
const nobody: Cells = {
  none: unknown,
  'wrong key': unknown,
  'revoked token': unknown,
  'expired token': unknown,
  'read token': forbidden,
  'write token': forbidden,
  'deploy token': forbidden,
  'config token': forbidden,
  'publishing token': forbidden,
  'publisher for all': forbidden,
  'other tenant': forbidden,
  'other build': forbidden,
  'own build': forbidden,
  'internal key': forbidden,
  'admin token': 'done',
  'admin key': 'done',
  'org admin': forbidden,
  'org member': forbidden,
  'other org admin': forbidden,
  'no member': forbidden,
  'cross site': forbidden,
};

/** What every caller is told of an org where only its admins may do it. */
function personal(method: string): Cells {
  const of = (all: readonly Anyone[], word: string): [Anyone, string][] =>
    all.map((caller) => [caller, word]);
  return Object.fromEntries([
    ...of(callers, '403 auth.user_needed'),
    ...of(['none', 'wrong key'], unknown),
    ...of(['org admin'], 'done'),
    ...of(['org member'], '403 org.role'),
    ...of(['other org admin', 'no member'], '404 org.unknown'),
    // What is only read may be asked for from anywhere: no other site can see the answer.
    ...of(['cross site'], method === 'GET' ? 'done' : '403 auth.cross_site'),
  ]) as Cells;
}

/** Who may, by scope; what `other` says to a token of another tenant that has the scope. */
function row({ scope, method }: Operation, other: string): Cells {
  const tenant = { ...nobody, 'other tenant': other };
  switch (scope) {
    case 'open':
      return Object.fromEntries(everyone.map((caller) => [caller, 'done'])) as Cells;
    case 'webhook':
      // Without a secret the webhook does not exist, and no bearer opens it.
      return Object.fromEntries(everyone.map((each) => [each, '404 route.unknown'])) as Cells;
    case 'platforms:read':
      return { ...tenant, 'read token': 'done' };
    case 'platforms:write':
      return { ...tenant, 'write token': 'done' };
    case 'deploy':
      return { ...tenant, 'deploy token': 'done' };
    case 'config:read':
      return {
        ...tenant,
        'config token': 'done',
        'internal key': 'done',
        'own build': 'done',
        'other build': '404 platform.unknown',
      };
    case 'builder':
      return { ...nobody, 'internal key': 'done' };
    case 'report':
      return {
        ...nobody,
        'internal key': 'done',
        'own build': 'done',
        'other build': '404 batch.unknown',
      };
    case 'publishing':
      // A token for some platforms knows of no org.
      return { ...nobody, 'publisher for all': 'done' };
    case 'org:admin':
      return personal(method);
    case 'org:member':
      return { ...personal(method), 'org member': 'done' };
    case 'admin':
      return nobody;
  }
}

/** How an operation is asked, and what a token of another tenant with its scope is told. */
interface Asked {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly other?: string;
  /** Which site it is about, where that is not `acme`'s. */
  readonly site?: 'imported' | 'migrated';
}

const documents = {
  features: { features: { billing: { enabled: false } }, stacks: { search: { enabled: false } } },
  env: { default: {} },
  auth: { default: { provider: 'none' } },
};
const no_deployment = '404 deployment.unknown';

const requests: Readonly<Record<string, Asked>> = {
  healthz: {},
  platform_create: { body: { platformId: 'acme', environments: ['dev'] }, other: forbidden },
  platform_list: { other: 'done' },
  platform_read: {},
  platform_patch: { body: { name: 'Acme' } },
  platform_suspend: { body: { reason: 'a test' } },
  platform_resume: {},
  platform_delete: { query: '?dryRun=true' },
  config_read: {},
  config_read_cli: {},
  site_deployments: {},
  deployment_request: {},
  deployment_read: { other: no_deployment },
  operation_read: { other: '404 operation.unknown' },
  batch_claim: { body: { platformId: 'acme', env: 'dev', runId: '9001', runAttempt: 1 } },
  batch_report: {},
  batch_turn: {},
  github_webhook: {},
  config_write: { body: documents, headers: { 'if-match': '*' } },
  config_version_list: {},
  config_version_read: {},
  config_version_diff: { query: '?from=1' },
  config_restore: {},
  feature_activate: { body: { featureId: 'billing' } },
  feature_deactivate: { body: { featureId: 'billing' } },
  stack_provision: { body: { stackId: 'search' } },
  stack_deactivate: { body: { stackId: 'search' } },
  token_create: { body: { name: 'one more', scopes: ['deploy'], platforms: ['*'] } },
  token_list: {},
  token_revoke: {},
  audit_list: {},
  account_list: {},
  account_put: { body: { cloudflareId: 'e'.repeat(32) } },
  account_remove: {},
  adopt: { body: { confirm: 'acme-dev-portal' } },
  readyz: {},
  status_read: {},
  batch_list: {},
  batch_read: {},
  budget_list: {},
  dead_letter_list: {},
  dead_letter_retry: {},
  dead_letter_retry_all: {},
  dead_letter_dismiss: {},
  reconcile_read: {},
  reconcile_start: {},
  config_store_read: {},
  config_store_migrate: { body: { to: 'd1' } },
  import_start: { body: { repositories: ['nobody'] } },
  import_read: {},
  migration_read: { site: 'imported' },
  migration_start: { site: 'imported' },
  migration_roll_back: { site: 'imported' },
  migration_confirm: { site: 'migrated' },
  builds_pause: { body: { reason: 'a test' } },
  builds_resume: {},
  fleet_read: { other: 'done' },
  fleet_freeze: { body: { reason: 'a test' } },
  fleet_unfreeze: {},
  deployment_cancel: { other: no_deployment },
  deployment_retry: { other: no_deployment },
  site_rollback: {},
  site_check: {},
  doctor: {},
  org_list: {},
  org_put: { body: { orgId: 'org-aurora', name: 'Aurora Books' } },
  org_read: {},
  org_delete: {},
  org_member_put: { body: { role: 'member' } },
  org_member_remove: {},
  my_publishing_read: {},
  publishing_read: {},
  my_publishing_provision: {},
  publishing_provision: {},
  my_manual_hook_put: { body: pasted },
  manual_hook_put: { body: pasted },
  my_manual_hook_remove: {},
  manual_hook_remove: {},
  my_publish: {},
  publish: {},
  my_publishing_reveal: {},
  publishing_reveal: {},
  my_publishing_rotate: {},
  publishing_rotate: {},
  my_publication_list: {},
  publication_list: {},
  my_publication_read: {},
  publication_read: {},
};

let cast: Cast;
before(async () => {
  cast = await openCast();
});

async function ask(operation: Operation, caller: Anyone): Promise<Answer> {
  const { fleet, keys, runId } = cast;
  const { body, headers, query = '', site } = requests[operation.name] ?? {};
  const ids = site === undefined ? cast.ids : { ...cast.ids, ...cast[site] };
  if (operation.name.startsWith('dead_letter_')) plantDeadLetter(fleet);
  if (operation.name === 'deployment_retry') plantRetryable(fleet);
  const results = [{ deploymentId: ids.deploymentId, outcome: 'building' }];
  const found: Readonly<Record<string, unknown>> = {
    batch_report: { runId, results },
    batch_turn: { runId, deploymentId: ids.deploymentId },
    site_rollback: { deploymentId: liveDeployment(fleet) },
  };
  const sent = found[operation.name] ?? body;
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name) => ids[name] ?? 'missing');
  if (isPerson(caller)) return askAs(fleet, caller, operation.method, path + query, sent);
  return await fleet.api(operation.method, path + query, sent, keys[caller], headers);
}

test('every operation has its row, and no row is left over', () => {
  const names = operations.map(({ name }) => name);
  assert.deepEqual(Object.keys(requests).sort(), names.sort());
});

for (const operation of operations) {
  test(`${operation.method} ${operation.path} is for ${operation.scope}`, async () => {
    const wanted = row(operation, requests[operation.name]?.other ?? '404 platform.unknown');
    // What was resumed a moment ago finds its project.
    if (operation.name === 'adopt') await cast.fleet.passTime(() => false, 60_000);
    if (isAboutOrgs(operation)) await plantOrg(cast.fleet);
    const before_it = journalSize();
    const refused = everyone.filter((caller) => wanted[caller] !== 'done');
    for (const caller of refused) {
      assert.equal(told(await ask(operation, caller)), wanted[caller], caller);
    }
    assert.equal(journalSize(), before_it, 'what is refused changes nothing');
    for (const caller of everyone.filter((each) => !refused.includes(each))) {
      if (isAboutOrgs(operation)) await plantOrg(cast.fleet);
      const answer = await ask(operation, caller);
      assert.ok(answer.status < 300, `${caller}: ${told(answer)}`);
    }
  });
}

function isAboutOrgs({ path }: Operation): boolean {
  return path.includes('/orgs');
}

function journalSize(): unknown {
  return cast.fleet.db.sqlite.prepare('SELECT count(*) AS n FROM journal').get()?.n;
}

test("another tenant's platform cannot be told from one that does not exist", async () => {
  const { fleet, keys } = cast;
  const by = (key: string, platform: string) => (operation: Operation) =>
    fleet.api(
      operation.method,
      operation.path
        .replace('{platformId}', platform)
        .replaceAll(/\{(\w+)\}/g, (_, name) => cast.ids[name] ?? 'missing'),
      requests[operation.name]?.body,
      key,
    );
  const shown = async (answer: Promise<Answer>): Promise<[number, string]> => {
    const { status, text } = await answer;
    return [status, text];
  };
  const scoped = operations.filter(
    ({ path, scope }) => path.includes('{platformId}') && scope !== 'report',
  );
  assert.ok(scoped.length >= 13);
  for (const operation of scoped) {
    const unknown_one = await shown(by(keys['other tenant'], 'initech')(operation));
    assert.equal(unknown_one[0], 404, operation.name);
    assert.deepEqual(await shown(by(keys['other tenant'], 'acme')(operation)), unknown_one);
  }
});

test('lists show the platforms of the token, page by page, and no other', async () => {
  const { fleet, keys, imported, migrated } = cast;
  const others = [String(imported.platformId), String(migrated.platformId)].sort();
  const ids = async (key: string, query = ''): Promise<unknown[]> => {
    const { items } = JSON.parse(
      (await fleet.api('GET', `/api/v1/platforms${query}`, undefined, key)).text,
    );
    return items.map(({ platformId }: { platformId: string }) => platformId);
  };
  assert.deepEqual(await ids(keys['read token']), ['acme', ...others]);
  assert.deepEqual(await ids(keys['other tenant']), ['globex']);
  assert.deepEqual(await ids(keys['read token'], '?cursor=acme'), others);
  assert.deepEqual(await ids(keys['admin token']), ['acme', 'globex', ...others]);
});

test('a cursor of another platform leads to nothing of it', async () => {
  const { fleet, keys } = cast;
  const path = '/api/v1/platforms/acme/config/versions?cursor=zzz';
  const { items } = JSON.parse((await fleet.api('GET', path, undefined, keys['read token'])).text);
  const own = JSON.parse((await fleet.api('GET', '/api/v1/platforms/acme/config/versions')).text);
  assert.deepEqual(items, own.items);
});
