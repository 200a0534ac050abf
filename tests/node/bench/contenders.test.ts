import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { buildPreset } from '../../../scripts/lib/build.mjs';
import { root } from '../../../scripts/setup.mjs';
import { comparable, mustAgree } from '../../bench/agree.ts';
import { contender_names, type PieceName, piece_names } from '../../bench/contender.ts';
import { samplesOf } from '../../bench/inputs/samples.ts';
import { nodeContenders } from '../../bench/pieces_node.ts';
import { checkReplies, mustAnswerAlike, startBoth } from '../../bench/requests_bench.ts';
import { bytesOfOutput, step_forms } from '../../bench/step/contenders.ts';
import { nodeSteps, step_samples, stepInput } from '../../bench/step_bench.ts';
import { changedBytes, changedValue } from './mutations.ts';

const core_wasm = join(root, 'build/core.wasm');
let contenders: ReturnType<typeof nodeContenders>;

before(async () => {
  await buildPreset('wasi', ['bench']);
  contenders = nodeContenders(join(root, 'build/wasi/bench.wasm'));
});

function outputs(piece: PieceName, input: Uint8Array): Map<string, string> {
  return new Map(
    contender_names.map((name) => [name, comparable(contenders[name][piece](input))] as const),
  );
}

for (const piece of piece_names) {
  test(`${piece}: all contenders agree on every input that is timed`, () => {
    for (const { label, bytes } of samplesOf(piece)) {
      const ours = contenders.ours[piece](bytes);
      for (const name of contender_names) {
        mustAgree(`${piece}, ${label}`, ours, contenders[name][piece](bytes), name);
      }
      const refused = comparable(ours).includes('field.') || comparable(ours).includes('config.');
      assert.equal(refused, label.includes('wrong'), label);
    }
  });
}

const smallest = (piece: PieceName): Uint8Array => {
  const [first] = samplesOf(piece);
  assert.ok(first);
  return first.bytes;
};

for (const piece of piece_names) {
  test(`${piece}: all contenders agree on documents with changed members`, () => {
    const original = JSON.parse(new TextDecoder().decode(smallest(piece))) as object;
    const answers = new Set<string>();
    for (let seed = 0; seed < 2000; seed += 1) {
      const text = JSON.stringify(changedValue(original, seed));
      const found = outputs(piece, new TextEncoder().encode(text));
      const ours = found.get('ours') ?? '';
      answers.add(ours);
      for (const [name, output] of found) {
        assert.equal(output, ours, `seed ${seed}, ${name}: ${text.slice(0, 2000)}`);
      }
    }
    assert.ok(answers.size > 5, `only ${answers.size} different answers`);
  });
}

// What is refused outright; the rest is a document that was read.
const isRefused = (output: string): boolean => output === 'null' || output.startsWith('[');

for (const piece of piece_names) {
  test(`${piece}: all contenders accept and refuse the same damaged documents`, () => {
    const original = smallest(piece);
    let accepted = 0;
    let refused = 0;
    for (let seed = 0; seed < 400; seed += 1) {
      const input = changedBytes(original, seed);
      const found = outputs(piece, input);
      const ours = found.get('ours') ?? '';
      if (isRefused(ours)) refused += 1;
      else accepted += 1;
      // The core does not look into what it skips: only there it may take what others refuse.
      const skips = piece === 'github.runs' || piece === 'pages.deployments';
      for (const [name, output] of found) {
        const why = `seed ${seed}, ${name}: ${new TextDecoder().decode(input).slice(0, 3000)}`;
        if (skips && isRefused(output)) continue;
        assert.equal(isRefused(output), isRefused(ours), why);
        if (!isRefused(ours)) assert.deepEqual(JSON.parse(output), JSON.parse(ours), why);
      }
    }
    assert.ok(accepted > 20 && refused > 20, `${accepted} accepted, ${refused} refused`);
  });
}

test('one step: plain JavaScript makes the same bytes as the core', () => {
  const contenders_of = nodeSteps(core_wasm, 'check');
  for (const form of step_forms) {
    const { ours, js } = contenders_of[form];
    for (const [sample, config_bytes] of step_samples) {
      const input = stepInput(form, config_bytes);
      const expected = bytesOfOutput(ours(input));
      assert.ok(expected.length > config_bytes, sample);
      assert.ok(Buffer.from(bytesOfOutput(js(input))).equals(expected), `${form}, ${sample}`);
    }
  }
});

test('whole requests: the plain Worker answers as ours does, refusals included', async () => {
  const both = await startBoth(core_wasm);
  try {
    await checkReplies(both);
    const unlike = mustAnswerAlike(both, '/api/v1/platforms/acme', { headers: {} });
    await assert.rejects(unlike, /ours: .*auth.missing.*\n.*plain: .*404/);
  } finally {
    await both.stop();
  }
});
