// Everything at once, by seed: faulty upstreams, a queue that loses and repeats, runs beside each
// other. Then the faults end: every site comes to rest, says the truth, and can be taken live.
import assert from 'node:assert/strict';
import { derivedSeed, seededRandom } from '../../../simulator/base/random.ts';
import { rows, type Scenario } from '../crash/scenario.ts';
import type { QueuedEffect } from '../support/memory_ports.ts';
import { test } from '../support/own_thread.ts';
import { paired } from './gate.ts';
import {
  create,
  type FaultyFleet,
  hour_ms,
  minute_ms,
  openFleet,
  pass,
  runTitles,
  type SiteRow,
  settle,
} from './support.ts';

const environments = ['dev', 'stg', 'prod'];
const three: Scenario = {
  requests: [
    { method: 'POST', path: '/api/v1/platforms', body: { platformId: 'acme', environments } },
  ],
  sites: environments.map((name) => `acme/${name}`),
};

// A message is lost, comes once, or comes twice, up to half a minute late.
function unreliable(seed: number): (message: QueuedEffect) => QueuedEffect[] {
  const random = seededRandom(derivedSeed(seed, 'queue'));
  return (message) => {
    const copies = random() < 0.15 ? 0 : random() < 0.15 ? 2 : 1;
    const late = () => message.due_at_ms + Math.floor(random() * 30_000);
    return Array.from({ length: copies }, () => ({ ...message, due_at_ms: late() }));
  };
}

async function openStorm(seed: number): Promise<FaultyFleet> {
  const options = {
    seed,
    deliver: unreliable(seed),
    concurrent: true,
    wrapPorts: paired().wrap,
    listLag_ms: (seed % 4) * minute_ms,
    runner: { timings: { queue_ms: (1 + (seed % 5)) * minute_ms } },
  };
  const fleet = openFleet(options, [
    { operation: '*', rate: 0.12, fault: { when: 'after', answer: 'timeout' } },
    { operation: '*', rate: 0.08, fault: { when: 'before', answer: 503 } },
    { operation: '*', rate: 0.05, fault: { when: 'after', answer: 200, body: '<html>' } },
    {
      operation: '*',
      rate: 0.05,
      fault: { when: 'before', answer: 429, headers: { 'retry-after': '20' } },
    },
  ]);
  await create(fleet, three);
  return fleet;
}

interface Served {
  readonly deployment?: string;
}

async function servedAt(fleet: FaultyFleet, site: SiteRow): Promise<string | undefined> {
  const url = `http://sites.test/sites/${site.subdomain}/.well-known/slipway.json`;
  const answer = await fleet.cloudflare.site(new Request(url));
  if (answer.status !== 200) return undefined;
  return ((await answer.json()) as Served).deployment;
}

async function assertTruthful(fleet: FaultyFleet): Promise<void> {
  for (const site of rows<SiteRow>(fleet, 'site')) {
    const why = JSON.stringify(site);
    assert.equal(site.active, undefined, why);
    const reason = site.blocked ?? site.last?.failure;
    const up_to_date = site.live?.revision === site.desired.revision;
    assert.ok(up_to_date || (reason?.next.length ?? 0) > 10, why);
    if (site.last?.state === 'live') {
      assert.equal(await servedAt(fleet, site), site.live?.deployment_id, why);
    }
  }
  const keys = (await runTitles(fleet)).map((title) => title.split(' ')[0]);
  assert.equal(new Set(keys).size, keys.length, 'no key started two runs');
  assert.deepEqual(await fleet.unequalAggregates(), []);
}

test('after a storm every site rests with the truth, and goes live when asked', async (context) => {
  let live = 0;
  for (let seed = 1; seed <= 12; seed += 1) {
    const fleet = await openStorm(seed);
    await pass(fleet, hour_ms);
    fleet.faults.set([]);
    await settle(fleet, 4 * hour_ms);
    await assertTruthful(fleet);
    live += rows<SiteRow>(fleet, 'site').filter((site) => site.last?.state === 'live').length;
    for (const name of environments) {
      const path = `/api/v1/platforms/acme/environments/${name}/deployments`;
      assert.equal((await fleet.api('POST', path)).status, 202);
    }
    await settle(fleet, 4 * hour_ms);
    await assertTruthful(fleet);
    for (const site of rows<SiteRow>(fleet, 'site')) {
      assert.equal(site.live?.revision, site.desired.revision, `seed ${seed}`);
    }
  }
  context.diagnostic(`${live} of 36 sites were live by themselves`);
  assert.ok(live > 12, `${live} of 36 sites are live`);
});
