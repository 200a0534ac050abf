// The core costs what wasm/budgets.json says, within a tenth.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { measure } from './measure.ts';
import { compare, core_path, type Figures, recordedFigures } from './ratchet.ts';

const grown_means =
  'The core costs more than wasm/budgets.json allows. Make it cheaper; or, where the cost is ' +
  'worth it, run `npm run budgets` and give the reason in the commit message:';
const fallen_means = 'The core became cheaper: `npm run budgets` holds it there.';

test('instructions, memory and size are within a tenth of what is recorded', (context) => {
  const { grown, fallen } = compare(recordedFigures(), measure(readFileSync(core_path)));
  for (const line of fallen) context.diagnostic(line);
  if (fallen.length > 0) context.diagnostic(fallen_means);
  assert.ok(grown.length === 0, [grown_means, ...grown].join('\n  '));
});

const recorded: Figures = { module: { bytes: 1000 }, a: { instructions: 500, pages: 20 } };

function changed(a: Record<string, number>, module = { bytes: 1000 }): Figures {
  return { module, a: { instructions: 500, pages: 20, ...a } };
}

test('the ratchet: a tenth more is allowed, more is not', () => {
  const none = { grown: [], fallen: [] };
  assert.deepEqual(compare(recorded, recorded), none);
  assert.deepEqual(compare(recorded, changed({ instructions: 550, pages: 18 })), none);
  assert.deepEqual(compare(recorded, changed({ instructions: 551 }, { bytes: 899 })), {
    grown: ['a: instructions: 500 -> 551 (+10 %)'],
    fallen: ['module: bytes: 1000 -> 899 (-10 %)'],
  });
});

test('the ratchet: what is on one side only counts as grown', () => {
  const module = { bytes: 1000 };
  assert.deepEqual(compare(recorded, { module, b: { instructions: 1 } }).grown, [
    'a: instructions: 500 -> not measured',
    'a: pages: 20 -> not measured',
    'b: instructions: not recorded -> 1',
  ]);
});
