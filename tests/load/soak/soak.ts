// Minutes of mixed traffic against all that `npm start` starts, while the Worker is killed with
// SIGKILL again and again. Then nothing that was acknowledged may be missing.
import { randomInt } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../../../simulator/base/random.ts';
import { freePort, type Place } from '../../e2e/place.ts';
import { instanceProcesses, killNow } from '../../e2e/processes.ts';
import { Product } from '../../e2e/support.ts';
import type { Options } from '../options.ts';
import { check } from './check.ts';
import { openClient } from './client.ts';
import { collect, readJournal } from './collect.ts';
import { allRepeated, type Desk } from './desk.ts';
import { type Killing, killAgainAndAgain } from './kills.ts';
import type { Finding, Ledger } from './ledger.ts';
import { fetchConfigs, look, publishOrgs, tellOfRuns } from './others.ts';
import { changeWorld } from './outside.ts';
import { ownPlatforms } from './owners.ts';
import { progressLine, resultOf, type SoakResult, verdictLines } from './report.ts';
import { type Settled, settle } from './settle.ts';

type Say = (text: string) => void;

const say_every_ms = 10_000;
const findings_at_once = 3;
const settle_min = 25;

/** Runs the soak in a place of its own, which is kept when something was found. */
export async function soak(
  options: Options,
  say: Say,
): Promise<{ result: SoakResult; good: boolean }> {
  const state = mkdtempSync(join(tmpdir(), 'slipway-soak-'));
  const place = { state, port: await freePort() };
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => reject(new Error('interrupted')));
    }
  });
  let good = false;
  try {
    const result = await Promise.race([run(options, place, say), interrupted]);
    good = result.findings.length === 0;
    return { result, good };
  } finally {
    for (let left = instanceProcesses(state); left.length > 0; left = instanceProcesses(state)) {
      killNow(left);
    }
    if (good) rmSync(state, { recursive: true, force: true, maxRetries: 5 });
    else say(`database, logs and the simulated world: ${state}`);
  }
}

async function run(options: Options, place: Place, say: Say): Promise<SoakResult> {
  const seed = options.seed ?? randomInt(2 ** 31);
  const load_before = loadavg()[0] ?? 0;
  say(`starting the product; --seed ${seed}; the machine's load is ${load_before.toFixed(1)}`);
  const product = new Product(place, ['--orgs'], 'scripts/start/main.ts');
  await product.printed('Ctrl-C stops everything');
  await makeRoom(product);

  const ledger: Ledger = { acknowledged: [], findings: [] };
  const desk = openDesk(options, product, ledger, seed);
  const killing = killAgainAndAgain(product, options, desk.random, () => desk.over());
  const telling = tell(desk, killing, say);
  await makeTraffic(desk, product);
  const kills = await killing.ended;
  const repeats = await allRepeated();
  clearInterval(telling);

  say('the traffic is over; waiting until everything is at its end');
  const settled = await settle(desk.client, orgsOf(ledger), settle_min * 60_000, say);
  const running = await collect(product, desk.client, {
    operations: ledger.acknowledged.flatMap(({ promised }) =>
      promised.kind === 'wish' ? [promised.operationId] : [],
    ),
    orgs: orgsOf(ledger),
  });
  const code = await product.stop();
  const found = { ...running, ...readJournal(place) };
  const findings = [
    ...ledger.findings,
    ...desk.client.counts.faults.map((what) => ({ what: `a fault of the Worker: ${what}` })),
    ...check(ledger.acknowledged, found),
    ...ending(code, settled),
  ];
  const about = { seed, load_before, minutes: options.minutes, repeats };
  const result = resultOf({
    about,
    ledger,
    counts: desk.client.counts,
    kills,
    settled,
    found,
    findings,
  });
  for (const line of verdictLines(result)) say(line);
  return result;
}

function ending(code: number, { settled, after_s }: Settled): Finding[] {
  const ends = code === 0 ? [] : [{ what: `npm start ended with ${code}` }];
  return settled ? ends : [...ends, { what: `not everything was at its end after ${after_s} s` }];
}

// Demo orgs are provisioned by `npm start`; they are looked at like the others.
function orgsOf({ acknowledged }: Ledger): string[] {
  const slugs = acknowledged.flatMap(({ promised }) =>
    promised.kind === 'provisioned' ? [promised.slug] : [],
  );
  return ['borealis', ...new Set(slugs)];
}

// For more projects than a young account takes, built by the modelled runner.
async function makeRoom(product: Product): Promise<void> {
  const { cloudflare_account: id } = product.secrets;
  await changeWorld(product, 'account', { id, change: { projectLimit: 2_000 } });
  await changeWorld(product, 'runner', { mode: 'modelled' });
  const account = { cloudflareId: id, dailyCreations: 10_000, capacity: 2_000 };
  const { status, text } = await product.api('PUT', '/api/v1/accounts/main', account);
  if (status !== 200) throw new Error(`the account: ${status} ${text}`);
}

function openDesk(options: Options, product: Product, ledger: Ledger, seed: number): Desk {
  const ends = Date.now() + options.minutes * 60_000;
  let count = 0;
  return {
    client: openClient(`http://127.0.0.1:${product.place.port}`, product.secrets.admin_key),
    ledger,
    random: seededRandom(seed),
    platforms: [],
    over: () => Date.now() >= ends,
    unique: () => {
      count += 1;
      return `change ${count}`;
    },
  };
}

// What Cloudflare allows in five minutes bounds how much can be built: about 60 sites.
async function makeTraffic(desk: Desk, product: Product): Promise<void> {
  const { internal_key } = product.secrets;
  await Promise.all([
    ownPlatforms(desk, 'north', 5_000),
    ownPlatforms(desk, 'south', 5_000),
    ownPlatforms(desk, 'west', 5_000),
    fetchConfigs(desk, internal_key, 100),
    fetchConfigs(desk, internal_key, 100),
    fetchConfigs(desk, internal_key, 100),
    look(desk, 300),
    tellOfRuns(desk, product, 3_000),
    publishOrgs(desk, 45_000),
  ]);
}

function tell(desk: Desk, killing: Killing, say: Say): NodeJS.Timeout {
  const began = Date.now();
  let told = 0;
  return setInterval(() => {
    say(progressLine(desk, killing, Date.now() - began));
    const { findings } = desk.ledger;
    for (const { what } of findings.slice(told, told + findings_at_once)) say(`    FOUND ${what}`);
    told = findings.length;
  }, say_every_ms);
}
