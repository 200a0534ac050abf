// Events of GitHub's webhook as GitHub's own description allows them, through the real core: those
// of a run bring the look at its batch forward, whatever else stands in them.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Fact, InputControl } from '../../../bindings/js/control.ts';
import {
  bytesOf,
  decodeFrame,
  encodeFrame,
  segmentAt,
  textOf,
} from '../../../bindings/js/frame.ts';
import { core } from '../../node/faults/support.ts';
import { controlOf, nameOf } from '../../node/golden/describe.ts';
import { goldenFrames } from '../../node/golden/golden.ts';
import { event } from '../../node/webhooks/support.ts';
import { api, referred, schemaFaults } from './openapi.ts';
import { webhooks } from './openapi_scope.ts';
import { at, type Tree } from './openapi_tree.ts';
import { overlaid, sampleOf, variantsOf } from './samples.ts';

const golden = 'github_webhook/204-batch_run_hinted';
const frame = goldenFrames().find(({ name }) => name === golden);
assert.ok(frame !== undefined, golden);
const told = decodeFrame(frame.input);
const delivered = JSON.parse(textOf(segmentAt(told, 1))) as Tree;

/** What the description lets be missing but without which nobody can tell whose run it is. */
const needed = ['/workflow_run/display_title missing'];

function schemaSteps(name: string): string[] {
  const body = ['x-webhooks', name, 'post', 'requestBody', 'content', 'application/json', 'schema'];
  const reference = at(api, [...body, '$ref']);
  return typeof reference === 'string' ? reference.split('/').slice(1) : body;
}

// The batch whose run is looked for: each of the three events is news of it.
function searched(): Uint8Array {
  const [row] = JSON.parse(textOf(segmentAt(told, 2))) as [Tree];
  const { run_id: _, run_url: __, ...batch } = row;
  return bytesOf(JSON.stringify([{ ...batch, state: 'unknown' }]));
}

// What the core does with this delivery, where it is new.
function outcomeOf(body: unknown): string {
  const text = JSON.stringify(body);
  const digest = createHash('sha256').update(text).digest('hex');
  const control = controlOf<InputControl>(told);
  const facts = control.facts.map((fact): Fact => {
    const key = fact.key.replace(/^(row:kept_reply:webhook\/).*/, `$1${digest}`);
    return { ...fact, key };
  });
  const [, , , ...rest] = told;
  const first = bytesOf(JSON.stringify({ ...control, facts }));
  const input = encodeFrame([first, bytesOf(text), searched(), ...rest]);
  return nameOf(input, core.step(input));
}

for (const name of webhooks.filter((each) => each.startsWith('workflow-run'))) {
  test(`${name}, and all that it may be`, (context) => {
    const action = name.slice('workflow-run-'.length).replaceAll('-', '_');
    const steps = schemaSteps(name);
    const schema = at(api, steps);
    const full = overlaid(sampleOf(schema), { ...delivered, action });
    const variants = [{ change: 'nothing', value: full }, ...variantsOf(schema, full, 3)];
    for (const { change, value } of variants) {
      assert.deepEqual(schemaFaults(steps, value), [], change);
    }
    const expected = outcomeOf({ ...delivered, action });
    assert.notEqual(expected, 'github_webhook/204', 'it is news');
    const missed = variants.filter(({ value }) => outcomeOf(value) !== expected);
    const isKnown = at(schema, ['properties', 'workflow_run', 'properties', 'display_title']);
    assert.deepEqual(
      missed.map(({ change }) => change),
      isKnown === undefined || action === 'requested' ? [] : needed,
    );
    context.diagnostic(`${variants.length} variants`);
  });
}

test('the event of another kind is let pass', () => {
  const examples = at(api, ['x-webhooks', 'ping', 'post', 'requestBody', 'content']) as Tree;
  const shown = at(examples, ['application/json', 'examples', 'default']);
  assert.equal(outcomeOf(referred(shown).value), 'github_webhook/204');
  assert.equal(outcomeOf({ zen: 'Keep it logically awesome.' }), 'github_webhook/204');
});

test('the events that the other tests send have what those of GitHub have', () => {
  for (const action of ['requested', 'in_progress', 'completed']) {
    const sent = JSON.parse(event(action, 7, 'K main-dev')) as Tree;
    const steps = schemaSteps(`workflow-run-${action.replaceAll('_', '-')}`);
    const full = overlaid(sampleOf(at(api, steps)), sent);
    assert.deepEqual(schemaFaults(steps, full), [], action);
  }
});

test('what is read of an event is known to GitHub', () => {
  const header = join(import.meta.dirname, '../../../src/app/github_notice.hpp');
  const text = readFileSync(header, 'utf8');
  const members = [...text.matchAll(/field<&(\w+)::\w+>\("(\w+)"/g)].map(
    ([, type, member]) => `${type}.${member}`,
  );
  assert.deepEqual(members, [
    'GithubRepository.full_name',
    'GithubNotice.action',
    'GithubNotice.workflow_run',
    'GithubNotice.repository',
  ]);
  for (const name of webhooks.filter((each) => each.startsWith('workflow-run'))) {
    const schema = at(api, schemaSteps(name)) as Tree;
    for (const member of ['action', 'workflow_run', 'repository']) {
      assert.ok((schema.required as string[]).includes(member), `${name} ${member}`);
    }
    const repository = referred(at(schema, ['properties', 'repository']));
    assert.ok((repository.required as string[]).includes('full_name'));
  }
});
