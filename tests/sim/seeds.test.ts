// Seeds without a broken invariant; `npm run sim` simulates as many as one likes.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { loadCore } from '../../bindings/js/load_node.ts';
import { test } from '../node/support/own_thread.ts';
import { tamePlatform } from './native.ts';
import { simulate } from './simulate.ts';

tamePlatform();
const core = loadCore(join(import.meta.dirname, '../../build/core.wasm'));
const first = Number(process.env.SLIPWAY_SEED ?? 1);
const seeds = Array.from({ length: 80 }, (_, index) => first + index);

test('no seed breaks an invariant', async (context) => {
  const edges = new Set<string>();
  let faults = 0;
  for (const seed of seeds) {
    const result = await simulate(seed, { core });
    const again = `show it again: npm run sim -- --seed ${seed} --timeline`;
    assert.equal(result.violation, undefined, `seed ${seed}: ${again}`);
    for (const edge of result.edges.keys()) edges.add(edge);
    faults += result.faults;
  }
  context.diagnostic(`${seeds.length} seeds, ${faults} faults, ${edges.size} distinct edges`);
  assert.ok(faults > 500, `${faults} faults`);
});
