// The token of a claim: masked, handed to the later steps by their environment, in no file that
// the steps with foreign code can read.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: GitHub expressions are looked for as
// text.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { batch, deployment, startFakeApi } from './fake_api.ts';
import { dispatched, type Ended, makeRunner, nno, ROOT } from './fake_runner.ts';

const token = `slb_${'aB3_-'.repeat(8)}xyz`;

const PLACE = 'batch_id=bat_1\nenvironment=dev\nshards=1\n';

interface Claimed {
  readonly ended: Ended;
  readonly outputs: string;
  /** The content of every file that the claim left. */
  readonly files: string[];
}

async function claim(given: unknown): Promise<Claimed> {
  const api = await startFakeApi((call) =>
    call.path.endsWith('claims') ? batch([deployment('acme')], { token: given }) : undefined,
  );
  const runner = makeRunner();
  try {
    const ended = await runner.step('claim.js', { ...nno(api.url), ...dispatched() });
    const work = join(runner.folder, 'temp', 'slipway');
    const files = ended.status === 0 ? readdirSync(work, { recursive: true }).map(String) : [];
    const text = (file: string): string => readFileSync(join(work, file), 'utf8');
    return { ended, outputs: runner.outputs(), files: files.map(text) };
  } finally {
    api.close();
    runner.remove();
  }
}

test('a token is masked before anything else is said of it, and becomes an output', async () => {
  const { ended, outputs, files } = await claim(token);
  assert.equal(ended.status, 0, ended.output);
  assert.equal(outputs, `claimed=true\ntoken=${token}\n${PLACE}shell_sha=\n`);
  assert.deepEqual(
    ended.output.split('\n').filter((line) => line.includes(token)),
    [`::add-mask::${token}`],
  );
  assert.ok(files.length > 0 && files.every((text) => !text.includes(token)));
});

test('a token that could write other outputs is refused', async () => {
  for (const wrong of [`${token}\nclaimed=false`, 'slb_', 7, null, token.replace('slb', 'slp')]) {
    const { ended, outputs } = await claim(wrong);
    assert.equal(ended.status, 1);
    assert.match(ended.output, /::error::The claim failed. token does not match/);
    assert.equal(outputs, '');
  }
});

test('the steps after the claim use its token where there is one', () => {
  const file = join(ROOT, 'builder/.github/workflows/build.yml');
  const { jobs } = parse(readFileSync(file, 'utf8'));
  const steps: { id?: string; env?: Record<string, string> }[] = jobs.build.steps;
  const keys = steps.flatMap(({ env }) => env?.NNO_INTERNAL_API_KEY ?? []);
  const later = '${{ steps.claim.outputs.token || secrets.NNO_INTERNAL_API_KEY }}';
  assert.deepEqual(keys, ['${{ secrets.NNO_INTERNAL_API_KEY }}', later, later, later]);
});
