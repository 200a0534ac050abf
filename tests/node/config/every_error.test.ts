// Every fault of a configuration is told at once, at its place, and nothing else is.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import fc from 'fast-check';
import type { Answer, Fleet } from '../crash/fleet.ts';
import {
  type Documents,
  type Fault,
  rule_faults,
  shape_faults,
  single_faults,
  soundDocuments,
} from './faults.ts';
import { config_path, json, liveFleet, problem } from './support.ts';

const seed = Number(process.env.SLIPWAY_SEED ?? 1);
// Faults of one kind in one document; the core tells at most 100 issues.
const faults_max = 30;

let fleet: Fleet;
before(async () => {
  fleet = await liveFleet();
});

function tried(documents: Documents): Promise<Answer> {
  const match = { 'if-match': '*' };
  return fleet.api('PUT', `${config_path}?dryRun=true`, documents, 'admin-key', match);
}

/** Plants the faults and demands exactly their issues. */
async function mustTell(faults: readonly Fault[], code: string): Promise<void> {
  const documents = soundDocuments();
  const planted = faults.flatMap((fault, number) => fault.plant(documents, number));
  const answer = await tried(documents);
  const told: { pointer: string; code: string }[] = json(answer).errors ?? [];
  const issues = told.map((issue) => `${issue.pointer} ${issue.code}`);
  const names = faults.map(({ name }) => name).join(', ');
  // In a pointer `/` is `~1` and `~` is `~0`.
  const expected = planted.map((issue) => issue.replace('a/b~', 'a~1b~0'));
  assert.deepEqual(issues.toSorted(), expected.toSorted(), names);
  assert.equal(problem(answer), `422 ${code}`);
}

test('documents without a fault are taken', async () => {
  const answer = await tried(soundDocuments());
  assert.equal(answer.status, 200, answer.text);
});

for (const fault of [...rule_faults, ...single_faults, ...shape_faults]) {
  test(`alone: ${fault.name}`, async () => {
    const shape = shape_faults.includes(fault);
    await mustTell([fault], shape ? 'body.invalid' : 'config.invalid');
  });
}

test('any number of broken rules are told at once', async () => {
  const several = fc.tuple(
    fc.array(fc.constantFrom(...rule_faults), { minLength: 1, maxLength: faults_max }),
    fc.uniqueArray(fc.constantFrom(...single_faults)),
  );
  await fc.assert(
    fc.asyncProperty(several, ([faults, single]) =>
      mustTell([...faults, ...single], 'config.invalid'),
    ),
    { numRuns: 400, seed },
  );
});

test('any number of faults of shape are told at once', async () => {
  const several = fc.array(fc.constantFrom(...shape_faults), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(several, (faults) => mustTell(faults, 'body.invalid')),
    { numRuns: 400, seed },
  );
});
