// Every planted bug still fits the code, and is held to checks that exist. `npm run mutants` plants
// them for real.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { build_check, checkOf, defaultChecks } from '../mutants/checks.ts';
import { mutants } from '../mutants/list.ts';
import { mutated, Stale } from '../mutants/mutant.ts';

const root = join(import.meta.dirname, '../..');

test('the text of every planted bug stands in the code exactly once', () => {
  for (const mutant of mutants) {
    assert.notEqual(mutant.find, mutant.replace, mutant.name);
    assert.doesNotThrow(() => mutated(mutant, root), mutant.name);
  }
});

test('a text that is gone, or stands twice, is told', () => {
  const [mutant] = mutants;
  assert.ok(mutant !== undefined);
  for (const find of ['no such text stands here', '\n']) {
    assert.throws(() => mutated({ ...mutant, find }, root), Stale);
  }
});

test('every bug has a name of its own, and checks that exist', () => {
  assert.ok(mutants.length >= 16);
  assert.equal(new Set(mutants.map(({ name }) => name)).size, mutants.length);
  for (const { name, caught_by } of mutants) {
    assert.ok(caught_by.length > 0, name);
    for (const check of caught_by.filter((each) => each !== build_check)) {
      assert.ok(checkOf(check, root).commands.length > 0, `${name}: ${check}`);
    }
  }
});

test('a bug that nobody knows meets every folder of tests that is there', () => {
  const changed = ['src/app/run.cpp', 'worker-shim/run.ts', 'worker-shim/pages/ui.tsx'];
  for (const check of defaultChecks(changed)) assert.ok(checkOf(check, root), check);
  assert.throws(() => checkOf('tests/node/nowhere', root), TypeError);
});
