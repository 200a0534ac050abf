// The Pages project: whose it is when it exists already, why it cannot be made, and that what a
// person has to mend is not tried again until that person says so.
import assert from 'node:assert/strict';
import type { Fault } from '../../../simulator/base/contract.ts';
import { assertConverged } from '../crash/scenario.ts';
import { test } from '../support/own_thread.ts';
import {
  acme,
  assertBlocked,
  assertLive,
  assertQuiet,
  callsOf,
  create,
  deployments_path,
  type FaultyFleet,
  hour_ms,
  minute_ms,
  onlySite,
  openFleet,
  pass,
  playToEnd,
  settle,
} from './support.ts';

const account_id = '0123456789abcdef0123456789abcdef';
const git = {
  type: 'github',
  config: { owner: 'neutrino-io', repo_name: 'nno-platform-builder', production_branch: 'main' },
};

async function askCloudflare(
  fleet: FaultyFleet,
  method: string,
  below: string,
  body?: unknown,
): Promise<void> {
  const url = `http://cloudflare.test/client/v4/accounts/${account_id}/pages/projects${below}`;
  const headers = { authorization: 'Bearer cloudflare-token', 'content-type': 'application/json' };
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const answer = await fleet.cloudflare.fetch(new Request(url, { ...init, headers }));
  assert.equal(answer.status, 200, await answer.text());
}

function marked(site: string | undefined): unknown {
  const value = { type: 'plain_text', value: site };
  const vars = site === undefined ? {} : { env_vars: { SLIPWAY_SITE: value } };
  return {
    name: 'acme-dev-portal',
    production_branch: 'main',
    deployment_configs: { production: vars, preview: vars },
  };
}

async function unblock(fleet: FaultyFleet): Promise<void> {
  const { status, text } = await fleet.api('POST', deployments_path, { reason: 'mended' });
  assert.equal(status, 202, text);
  await settle(fleet);
  assertLive(fleet);
}

const foreign: Readonly<Record<string, unknown>> = {
  'without a marker': marked(undefined),
  'with the marker of another site': marked('other/dev'),
  'that is connected to git': { ...(marked('acme/dev') as object), source: git },
};

for (const [whose, body] of Object.entries(foreign)) {
  test(`a project of this name ${whose} blocks; once it is gone the site goes live`, async () => {
    const fleet = openFleet();
    await askCloudflare(fleet, 'POST', '', body);
    await playToEnd(fleet);
    assertBlocked(fleet, /git/.test(whose) ? 'project.git_connected' : 'project.name_taken');
    await assertQuiet(fleet);
    await askCloudflare(fleet, 'DELETE', '/acme-dev-portal');
    await unblock(fleet);
    await assertConverged(fleet, acme);
  });
}

test('a project with our marker is adopted', async () => {
  const fleet = openFleet();
  await askCloudflare(fleet, 'POST', '', marked('acme/dev'));
  await playToEnd(fleet);
  await assertConverged(fleet, acme);
  assert.equal(onlySite(fleet).adopted, true);
});

const closing: Readonly<Record<string, readonly [object, string]>> = {
  'that Cloudflare has blocked': [{ blocked: true }, 'closed, account.blocked'],
  'that is full': [{ projectLimit: 0 }, 'full, project.limit_reached'],
  'of an unverified user': [{ emailUnverified: true }, 'closed, account.email_unverified'],
};

for (const [what, [change, reason]] of Object.entries(closing)) {
  test(`the only account ${what} leaves no place; opened again, it makes the site`, async () => {
    const fleet = openFleet();
    fleet.cloudflare.configure(account_id, change);
    await playToEnd(fleet);
    assert.equal(assertBlocked(fleet, 'account.none_left').detail, `main: ${reason}`);
    await assertQuiet(fleet);
    const mended = { blocked: false, projectLimit: 1, emailUnverified: false };
    fleet.cloudflare.configure(account_id, mended);
    const opened = { cloudflareId: account_id, state: 'open' };
    assert.equal((await fleet.api('PUT', '/api/v1/accounts/main', opened)).status, 200);
    await settle(fleet);
    assertLive(fleet);
  });
}

const unusable: Readonly<Record<string, readonly [Record<string, string>, string]>> = {
  'with a wrong token': [{ CF_API_TOKEN: 'expired' }, 'credential.invalid'],
  'that the token is not for': [{ CF_ACCOUNT_ID: 'f'.repeat(32) }, 'credential.permission_missing'],
  'whose id is none': [{ CF_ACCOUNT_ID: 'none' }, 'account.id_unknown'],
};

for (const [what, [variables, code]] of Object.entries(unusable)) {
  test(`an account ${what} is closed, and the site rests`, async () => {
    const fleet = openFleet({ variables });
    await playToEnd(fleet);
    assert.equal(assertBlocked(fleet, 'account.none_left').detail, `main: closed, ${code}`);
    await assertQuiet(fleet);
  });
}

const refusals: readonly (readonly [number, number, string])[] = [
  [8000003, 400, 'project.invalid_name'],
  [8000007, 404, 'upstream.rejected'],
  [8000011, 400, 'git.not_connected'],
  [8000030, 403, 'project.subdomain_blocked'],
  [8000119, 403, 'project.blocked'],
  [8000077, 400, 'upstream.rejected'],
  [8001234, 400, 'upstream.rejected'],
];

for (const [code, answer, ours] of refusals) {
  test(`a creation refused with ${code} rests as ${ours}, in the words of Cloudflare`, async () => {
    const body = JSON.stringify({ success: false, errors: [{ code, message: 'So it is.' }] });
    const fault: Fault = { when: 'before', answer, body };
    const fleet = openFleet({}, [{ operation: 'cloudflare.project.create', nth: 1, fault }]);
    await playToEnd(fleet);
    assert.equal(assertBlocked(fleet, ours).detail, `Cloudflare ${code}: So it is.`);
    await assertQuiet(fleet);
    await unblock(fleet);
  });
}

test('the generic refusal says nothing: it is looked at again', async () => {
  const errors = [{ code: 8000000, message: 'An unknown error occurred.' }];
  const fault: Fault = { when: 'before', answer: 400, body: JSON.stringify({ errors }) };
  const fleet = openFleet({}, [
    { operation: 'cloudflare.project.get', nth: 1, fault },
    { operation: 'cloudflare.project.create', nth: 1, fault },
  ]);
  await playToEnd(fleet);
  await assertConverged(fleet, acme);
});

test('a name that someone else has gets a suffix, and the site is verified there', async () => {
  const fleet = openFleet({ takenSubdomains: ['acme-dev-portal'] });
  await playToEnd(fleet);
  await assertConverged(fleet, acme);
  assert.match(onlySite(fleet).subdomain ?? '', /^acme-dev-portal-[a-z0-9]+\.pages\.dev$/);
  assert.equal(assertLive(fleet).verified, 'bytes');
});

const unclear: Readonly<Record<string, readonly [Fault, string]>> = {
  'never gets a clear answer': [{ when: 'before', answer: 'timeout' }, 'upstream.unclear'],
  'is refused without a reason': [{ when: 'before', answer: 500 }, 'project.refused'],
};

for (const [what, [fault, code]] of Object.entries(unclear)) {
  test(`a creation that ${what} again and again ends with a person`, async () => {
    const fleet = openFleet({}, [{ operation: 'cloudflare.project.create', fault }]);
    await playToEnd(fleet);
    assertBlocked(fleet, code);
    assert.equal(callsOf(fleet, 'cloudflare.project.create').length, 8);
    await assertQuiet(fleet);
    fleet.faults.set([]);
    await unblock(fleet);
  });
}

test('a Worker of the name refuses the project until it is gone', async () => {
  const fleet = openFleet();
  fleet.cloudflare.configure(account_id, { workerNames: ['acme-dev-portal'] });
  await playToEnd(fleet);
  assert.match(assertBlocked(fleet, 'project.refused').next, /Worker/);
  fleet.cloudflare.configure(account_id, { workerNames: [] });
  await unblock(fleet);
});

test('a refusal at the edge rests with a reason of its own', async () => {
  const fault: Fault = { when: 'before', answer: 403, body: '<html>Sorry</html>' };
  const fleet = openFleet({}, [{ operation: 'cloudflare.project.create', nth: 1, fault }]);
  await playToEnd(fleet);
  assertBlocked(fleet, 'upstream.forbidden');
  await assertQuiet(fleet);
  await unblock(fleet);
});

test('limits are waited for, however often they come: they are no unclear answer', async () => {
  const fault: Fault = { when: 'before', answer: 429, headers: { 'retry-after': '300' } };
  const plan = { operation: 'cloudflare.project.create', times: 10, fault };
  const fleet = openFleet({}, [plan]);
  await playToEnd(fleet);
  await assertConverged(fleet, acme);
  assert.equal(callsOf(fleet, 'cloudflare.project.create').length, 11);
});

const silences: Readonly<Record<string, Fault>> = {
  'that does not answer': { when: 'before', answer: 'timeout' },
  'that answers nonsense': { when: 'before', answer: 200, body: '<html></html>' },
};

for (const [how, fault] of Object.entries(silences)) {
  test(`a Cloudflare ${how} for six hours is asked less and less, then all is live`, async () => {
    const fleet = openFleet({}, [{ operation: 'cloudflare.*', fault }]);
    await create(fleet);
    await pass(fleet, 6 * hour_ms);
    const calls = callsOf(fleet, 'cloudflare.*');
    assert.ok(calls.length < 100, `${calls.length} calls in six hours`);
    const last_ms = Math.max(...calls.map((call) => call.at_ms));
    assert.ok(fleet.clock.now() - last_ms <= 6 * minute_ms, 'it is still asked');
    fleet.faults.set([]);
    await settle(fleet);
    await assertConverged(fleet, acme);
  });
}
