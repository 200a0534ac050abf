// The Worker is killed, again and again, at random moments of the main job; `npm start` brings it
// back, and every site still goes live once.
//
// Each round creates a platform of its own and kills the Worker some time later, so that a kill
// meets the new platform early in its job and the platforms of the rounds before at every later
// step. The demo sites and three of the platforms are built by the real runner. SLIPWAY_SEED
// repeats the moments of an earlier run.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { seededRandom } from '../../simulator/base/random.ts';
import { assertEachLiveOnce, assertKeysClaimedOnce } from './converged.ts';
import { openPlace } from './place.ts';
import { Product, pause, until } from './support.ts';

interface Round {
  readonly platform: string;
  readonly runner: 'real' | 'modelled';
  /** The kill comes so long after the creation, in milliseconds. */
  readonly moment_ms: number;
}

// Within a real build, which takes about 11 seconds; early in a modelled one, which takes about 45.
const span_ms = { real: 10_000, modelled: 4_000 };

function plan(seed: number): Round[] {
  const random = seededRandom(seed);
  const round = (runner: Round['runner'], number: number): Round => {
    const platform = `${runner}-${number}`;
    return { platform, runner, moment_ms: Math.floor(random() * span_ms[runner]) };
  };
  const modelled = [1, 2, 3, 4, 5, 6, 7].map((number) => round('modelled', number));
  return [...modelled, ...[1, 2, 3].map((number) => round('real', number))];
}

test('ten kills of the Worker change nothing of the end', async (t) => {
  const seed = Number(process.env.SLIPWAY_SEED ?? randomInt(2 ** 31));
  t.diagnostic(`SLIPWAY_SEED=${seed}`);
  const rounds = plan(seed);
  const place = await openPlace(t);
  const product = new Product(place);
  await product.printed('acme/dev');

  // Twelve sites at once are more than a young account makes by itself.
  const accounts = await product.api('GET', '/api/v1/accounts');
  const [{ cloudflareId }] = JSON.parse(accounts.text).items;
  const pace = { cloudflareId, dailyCreations: 1000 };
  assert.equal((await product.api('PUT', '/api/v1/accounts/main', pace)).status, 200);

  const platforms = ['acme', 'globex'];
  for (const runner of ['modelled', 'real'] as const) {
    await allStarted(product, platforms);
    await choose(product, runner);
    const created: Promise<void>[] = [];
    for (const round of rounds.filter((each) => each.runner === runner)) {
      platforms.push(round.platform);
      created.push(create(product, round.platform));
      await pause(round.moment_ms);
      await kill(t, product, round);
    }
    await Promise.all(created);
  }
  await allLive(product, platforms);
  await product.printed('Ctrl-C stops everything');

  const sites = ['globex/prod', ...platforms.map((platform) => `${platform}/dev`)];
  const projects = await product.platformProjects();
  const runs = await product.runs();
  assert.equal(await product.stop(), 0, product.output);
  assertEachLiveOnce(place, projects, sites);
  assertKeysClaimedOnce(place, runs);
});

async function kill(t: TestContext, product: Product, round: Round): Promise<void> {
  const met = await steps(product).catch(() => 'the Worker does not answer');
  const killed = await product.killWorker();
  t.diagnostic(`${round.platform} +${round.moment_ms} ms: killed ${killed} processes at ${met}`);
  assert.ok(killed >= 2, 'wrangler and workerd');
  await product.workerAnswers();
}

/** Creates a platform as a patient client does: the same request until it is accepted. */
async function create(product: Product, platformId: string): Promise<void> {
  await until(`the creation of ${platformId}`, async () => {
    const body = { platformId, environments: ['dev'] };
    const answer = await product.api('POST', '/api/v1/platforms', body).catch(() => undefined);
    if (answer !== undefined && answer.status < 500) assert.equal(answer.status, 202, answer.text);
    return answer?.status === 202;
  });
}

interface Site {
  readonly environment: string;
  readonly state: string;
  readonly upToDate: boolean;
  readonly active?: { readonly state: string; readonly batchId: string };
  readonly last?: { readonly state: string; readonly failure?: object };
}

async function sitesOf(product: Product, platform: string): Promise<Site[]> {
  return (await product.document<{ sites: Site[] }>(`/api/v1/platforms/${platform}`)).sites;
}

// What every platform is doing, for the reader of a failure.
async function steps(product: Product): Promise<string> {
  const { items } = await product.document<{ items: { platformId: string }[] }>(
    '/api/v1/platforms',
  );
  const words: string[] = [];
  for (const { platformId } of items) {
    for (const { active, last, state } of await sitesOf(product, platformId)) {
      words.push(`${platformId} ${active?.state ?? last?.state ?? state}`);
    }
  }
  return words.join(', ');
}

// Every site has its run, so that another choice of the runner does not touch it.
async function allStarted(product: Product, platforms: readonly string[]): Promise<void> {
  const building = ['running', 'uploaded', 'verifying'];
  let started: string[] = [];
  await allSites(
    product,
    'the runs',
    platforms,
    ({ active, upToDate }) => {
      const begun =
        building.includes(active?.state ?? '') || started.includes(active?.batchId ?? '');
      return upToDate || begun;
    },
    async () => {
      started = await startedBatches(product);
    },
  );
}

async function startedBatches(product: Product): Promise<string[]> {
  const path = '/api/v1/batches?limit=50';
  const { items } = await product.document<{ items: { batchId: string; state: string }[] }>(path);
  const begun = ['dispatched', 'claimed', 'closed'];
  return items.filter(({ state }) => begun.includes(state)).map(({ batchId }) => batchId);
}

async function allLive(product: Product, platforms: readonly string[]): Promise<void> {
  await allSites(product, 'the life', platforms, ({ upToDate }) => upToDate);
}

// Waits; a deployment that failed ends the wait.
async function allSites(
  product: Product,
  what: string,
  platforms: readonly string[],
  is: (site: Site) => boolean,
  look: () => Promise<void> = async () => undefined,
): Promise<void> {
  await until(`${what} of ${platforms}`, async () => {
    await look();
    for (const platform of platforms) {
      const sites = await sitesOf(product, platform).catch(() => []);
      const failed = sites.find(({ last }) => last?.failure !== undefined);
      assert.equal(failed, undefined, `${platform}: ${JSON.stringify(failed)}`);
      if (sites.length === 0 || !sites.every(is)) return false;
    }
    return true;
  });
}

async function choose(product: Product, mode: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ mode });
  const { status } = await product.outside('/_sim/runner', { method: 'POST', headers, body });
  assert.equal(status, 200);
}
