// Everything is killed at once in the middle of the main job, as by a power cut; `npm start` with
// the same state directory goes on, and every site goes live.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import { assertEachLiveOnce, assertKeysClaimedOnce } from './converged.ts';
import { dispatchesUnderWay } from './dispatches.ts';
import { openPlace, type Place } from './place.ts';
import { instanceProcesses } from './processes.ts';
import { Product, pause, until } from './support.ts';

const sites = ['acme/dev', 'globex/dev', 'globex/prod'];
// The runs that were killed are lost; their deployments end with that and are made again.
const lost = ['run.failed'];

type Kill = (product: Product) => Promise<void>;

/** A place where everything was killed, while no dispatch was under way. */
async function killedPlace(t: TestContext, kill: Kill): Promise<Place> {
  for (;;) {
    const moment_ms = Number(process.env.SLIPWAY_MOMENT_MS ?? randomInt(14_000));
    t.diagnostic(`SLIPWAY_MOMENT_MS=${moment_ms}`);
    const place = await openPlace(t);
    const product = new Product(place);
    await product.printed('acme/dev');
    await pause(moment_ms);
    await kill(product);
    t.diagnostic(`it had printed:\n${product.output}`);
    const keys = dispatchesUnderWay(place);
    if (keys.length === 0) return place;
    t.diagnostic(`another moment, because these dispatches were under way: ${keys}`);
  }
}

async function assertGoesOn(place: Place): Promise<void> {
  const product = new Product(place);
  await product.printed('Ctrl-C stops everything');
  const projects = await product.platformProjects();
  const runs = await product.runs();
  assert.equal(await product.stop(), 0, product.output);
  assert.deepEqual(instanceProcesses(place.state), [], 'nothing of it runs on');
  assertEachLiveOnce(place, projects, sites, lost);
  assertKeysClaimedOnce(place, runs);
}

test('a second start goes on where everything was killed', async (t) => {
  const place = await killedPlace(t, async (product) => {
    const killed = await product.killAll();
    assert.ok(killed >= 5, 'npm start, the simulator, wrangler, workerd');
  });
  await assertGoesOn(place);
});

test('nothing outlives an npm start that was killed, and the next one goes on', async (t) => {
  const place = await killedPlace(t, async (product) => {
    await product.killGroup();
    const over = (): boolean => instanceProcesses(product.place.state).length === 0;
    await until('the end of all that it had started', over);
  });
  await assertGoesOn(place);
});
