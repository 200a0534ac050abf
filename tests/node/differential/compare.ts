// Holding the answers of several doors against each other, byte for byte.
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OutputControl } from '../../../bindings/js/control.ts';
import { decodeFrame, segmentAt, textOf } from '../../../bindings/js/frame.ts';
import type { Answer, Door } from './doors.ts';

/** How often each kind of answer came: `trap`, `need`, `act`, `done`, or a reply's status. */
export type Tally = Map<string, number>;

/**
 * Asks every door, fails at the first frame that two doors answer differently.
 * @returns the answers that all agree on
 * @throws AssertionError that names the file in which the frame was kept
 */
export async function sameAnswers(
  doors: readonly Door[],
  frames: readonly Uint8Array[],
): Promise<Answer[]> {
  const all = await Promise.all(doors.map((door) => door.answers(frames)));
  const [first = []] = all;
  for (const [index, frame] of frames.entries()) {
    const expected = answerAt(first, index);
    for (const [door, answers] of all.entries()) {
      const found = answerAt(answers, index);
      if (!areEqual(expected, found)) {
        const names = `${doors[0]?.name} and ${doors[door]?.name}`;
        assert.fail(`${names} differ, frame in ${keep(frame)}: ${difference(expected, found)}`);
      }
    }
  }
  return first;
}

/** Counts an answer by its kind. */
export function count(tally: Tally, answer: Answer): void {
  const kind = kindOf(answer);
  tally.set(kind, (tally.get(kind) ?? 0) + 1);
}

/** A tally in words, the most frequent kind first: `need 51.3 %, 422 20.0 %`. */
export function shares(tally: Tally): string {
  const total = [...tally.values()].reduce((sum, each) => sum + each, 0);
  const falling = [...tally].sort(([, a], [, b]) => b - a);
  return falling.map(([kind, n]) => `${kind} ${((100 * n) / total).toFixed(1)} %`).join(', ');
}

function kindOf(answer: Answer): string {
  if (answer === 'trap') return 'trap';
  const text = textOf(segmentAt(decodeFrame(answer), 0));
  const { need, act, done } = JSON.parse(text) as OutputControl;
  if (need !== undefined) return 'need';
  if (act !== undefined) return 'act';
  return done?.reply === undefined ? 'done' : String(done.reply.status);
}

function answerAt(answers: readonly Answer[], index: number): Answer {
  const answer = answers[index];
  assert.ok(answer !== undefined, `no answer to frame ${index}`);
  return answer;
}

function areEqual(a: Answer, b: Answer): boolean {
  if (a === 'trap' || b === 'trap') return a === b;
  return Buffer.compare(a, b) === 0;
}

function keep(frame: Uint8Array): string {
  const path = join(mkdtempSync(join(tmpdir(), 'slipway-differential-')), 'input.frame');
  writeFileSync(path, frame);
  return path;
}

/** What differs, with a few bytes around the first difference. */
function difference(a: Answer, b: Answer): string {
  if (a === 'trap' || b === 'trap')
    return `one traps, the other does not: ${shown(a)}, ${shown(b)}`;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return `${a.length} and ${b.length} bytes, from byte ${at}: ${shown(a, at)}, ${shown(b, at)}`;
}

function shown(answer: Answer, at = 0): string {
  if (answer === 'trap') return answer;
  const from = Math.max(0, at - 40);
  return JSON.stringify(Buffer.from(answer).toString('latin1', from, from + 80));
}
