// The stories that are killed all over: a platform is created, changed while it is built, deleted;
// an org is provisioned; keys and tokens are made, changed and taken back.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { provePrincipal } from '../../../worker-shim/auth/principal.ts';
import { uploadsSince } from '../fleet/support.ts';
import { assertWhole, modelled, publicationStates } from '../orgs/pages.ts';
import * as org from '../orgs/support.ts';
import * as platform from '../platforms/support.ts';
import { boxOf, sealedRows } from '../sealing/support.ts';
import { type Answer, account_id, type Fleet } from './fleet.ts';
import type { Story } from './kill.ts';
import { assertConverged, assertKeysUsedOnce, openFleet, rows, type Scenario } from './scenario.ts';

const { hour_ms, insist, live, platforms, settle, siteOf, told } = platform;
const acme = `${platforms}/acme`;
const nothing = async (): Promise<void> => undefined;
const scenario: Scenario = { requests: [], sites: ['acme/dev'] };

/** A platform is created, until its site is live. */
export const creation: Story = {
  open: (points) => openFleet(points),
  ready: nothing,
  go: (fleet) => live(fleet, 'acme'),
  check: (fleet) => assertConverged(fleet, scenario),
};

/** Two changes while the first build runs: exactly one more build, of the newest version. */
export const changes: Story = {
  open: (points) => openFleet(points),
  async ready(fleet) {
    await insist(fleet, 'POST', platforms, { platformId: 'acme', environments: ['dev'] });
    const running = (): boolean => siteOf(fleet).active?.state === 'running';
    assert.ok(await fleet.passTime(running, hour_ms));
  },
  async go(fleet) {
    for (const featureId of ['chat', 'quotes']) {
      const { status, text } = await insist(fleet, 'POST', `${acme}/features/activate`, {
        featureId,
      });
      assert.ok(status === 202 || status === 200, text);
    }
    await settle(fleet);
  },
  async check(fleet) {
    const { live: served, desired, active } = siteOf(fleet);
    assert.deepEqual([served?.revision, active], [desired.revision, undefined]);
    const all = rows<{ state: string; config_version: number }>(fleet, 'deployment');
    assert.deepEqual(
      all.map(({ state }) => state),
      ['live', 'live'],
    );
    assert.equal(all[1]?.config_version, 3, 'what is served has both changes');
    assertKeysUsedOnce(fleet);
    assert.equal(uploadsSince(fleet, 0), 2, 'each is uploaded once');
    const versions = rows<{ version: number }>(fleet, 'config_version');
    assert.equal(versions.length, 3, 'no change is stored twice');
  },
};

/** A platform is deleted, with its project. */
export const deletion: Story = {
  open: (points) => openFleet(points),
  ready: (fleet) => live(fleet, 'acme'),
  async go(fleet) {
    await insist(fleet, 'DELETE', acme);
    await settle(fleet);
  },
  async check(fleet) {
    assert.deepEqual(platform.projectNames(fleet), []);
    assert.equal(told(await insist(fleet, 'GET', acme)), '404 platform.unknown');
    const left = ['config_version', 'document'].map((table) => platform.countOf(fleet, table));
    assert.deepEqual(left, [0, 0]);
  },
};

const treatment = { listed: false, deletable: true };

/** An org is provisioned, until its site is live. */
export const provisioning: Story = {
  open: (points) => org.orgFleet({ variables: modelled }, points),
  ready: nothing,
  async go(fleet) {
    await org.insist(fleet, 'POST', `${org.mine}/auto-provision`, undefined, 'ada');
    await org.settle(fleet);
  },
  async check(fleet) {
    assert.deepEqual(publicationStates(fleet), ['live']);
    await assertWhole(fleet, treatment);
  },
};

const key_after = 'a11ce'.repeat(12).padEnd(64, '0');

/** A new sealing key: the cron seals all values anew, and the old key may go. */
export const sealing: Story = {
  open: (points) => org.orgFleet({ variables: modelled }, points),
  async ready(fleet) {
    await org.provisioned(fleet);
    await org.provisioned(fleet, 'org-borealis');
    const deployHookUrl = `${org.hook_address}0badc0de-0000-4000-8000-0123456789ab`;
    await org.as(fleet, 'ada', 'PUT', org.mine, { deployHookUrl });
  },
  async go(fleet) {
    const { SEALING_KEY: before } = org.publishing;
    fleet.reconfigure({ SEALING_KEY: key_after, SEALING_KEY_PREVIOUS: before });
    await fleet.passTime(() => false, 4 * 60_000);
  },
  async check(fleet) {
    const id = createHash('sha256').update(Buffer.from(key_after, 'hex')).digest('hex');
    const used = Object.values(sealedRows(fleet.db)).map((row) => boxOf(row).key);
    assert.deepEqual(used, Array(3).fill(id.slice(0, 16)));
    fleet.reconfigure({ SEALING_KEY_PREVIOUS: '' });
    const revealed = await org.insist(fleet, 'POST', `${org.mine}/reveal`, undefined, 'ada');
    const { deployHookUrl } = org.json(revealed);
    assert.equal(deployHookUrl, `${org.hook_address}0badc0de-0000-4000-8000-0123456789ab`);
    await org.insist(fleet, 'DELETE', org.mine, undefined, 'ada');
    await assertWhole(fleet, treatment);
  },
};

/** Of two Cloudflare tokens the current one is revoked while a platform is made and changed. */
export const tokenPair: Story = {
  open(points) {
    const account = { tokens: ['cloudflare-token', 'token-old-of-two', 'token-new-of-two'] };
    const variables = {
      CF_API_TOKEN: 'token-old-of-two',
      CF_API_TOKEN_PREVIOUS: 'token-new-of-two',
    };
    return openFleet(points, undefined, { account, variables });
  },
  ready: nothing,
  async go(fleet) {
    await insist(fleet, 'POST', platforms, { platformId: 'acme', environments: ['dev'] });
    fleet.cloudflare.configure(account_id, { tokens: ['cloudflare-token', 'token-new-of-two'] });
    await settle(fleet);
  },
  check: (fleet) => assertConverged(fleet, scenario),
};

const token_body = { name: 'one', scopes: ['platforms:read'], platforms: ['*'] };

/** The tokens that count, and the plaintext that the last one asked for was given, if any. */
interface Asked {
  readonly token?: string;
}

/** Asks for a token with one key until the API has an answer. */
async function askForToken(fleet: Fleet): Promise<Asked> {
  for (let attempt = 0; attempt < 6; attempt += 1) {
    const headers = { 'idempotency-key': 'one token' };
    const sent = fleet.api('POST', '/api/v1/tokens', token_body, 'admin-key', headers);
    const answer = await sent.catch(() => undefined);
    if (answer?.status === 201) return platform.json(answer);
    if (answer === undefined || answer.status >= 500) continue;
    // It was made, and what it is was said to nobody: a person revokes it and takes another key.
    assert.equal(told(answer), '409 idempotency.not_replayable');
    return {};
  }
  return assert.fail('no token is given');
}

async function readBy(fleet: Fleet, token = ''): Promise<number> {
  return (await insistBy(fleet, token)).status;
}

// Reads until an answer comes that is not a failure of ours.
async function insistBy(fleet: Fleet, token: string): Promise<Answer> {
  for (let attempt = 0; attempt < 6; attempt += 1) {
    const answer = await fleet.api('GET', acme, undefined, token).catch(() => undefined);
    if (answer !== undefined && answer.status < 500) return answer;
  }
  return assert.fail('the platform is not read');
}

/** A token of the API is made once, opens the API, and is revoked for good. */
export function tokens(): Story {
  let asked: Asked = {};
  return {
    open: (points) => openFleet(points),
    ready: (fleet) => live(fleet, 'acme'),
    async go(fleet) {
      asked = await askForToken(fleet);
      const [made, ...others] = rows<{ digest: string }>(fleet, 'token');
      assert.ok(made !== undefined && others.length === 0, 'one token was made');
      const { items } = platform.json(await insist(fleet, 'GET', '/api/v1/tokens'));
      const read = (): Promise<number> => readBy(fleet, asked.token);
      if (asked.token !== undefined) assert.equal(await read(), 200);
      const path = `/api/v1/tokens/${items[0].tokenId}`;
      const gone = await insist(fleet, 'DELETE', path);
      assert.ok(gone.status === 204 || gone.status === 404, gone.text);
      if (asked.token !== undefined) assert.equal(await read(), 401);
    },
    async check(fleet) {
      assert.equal(rows(fleet, 'token').length, 1);
      const sql = `SELECT count(*) AS n FROM journal WHERE event LIKE '%"token_%'`;
      assert.equal(fleet.db.sqlite.prepare(sql).get()?.n, 2, 'made once, revoked once');
      if (asked.token !== undefined) {
        const { kind } = await provePrincipal(`Bearer ${asked.token}`, { admin: [], internal: [] });
        assert.equal(kind, 'token');
        assert.equal(await readBy(fleet, asked.token), 401);
      }
    },
  };
}
