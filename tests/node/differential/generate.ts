// Frames from a seed: valid ones, changed where it hurts. Most reach the rules of the core; few are
// refused at the control document.
import { bytesOf, decodeFrame, encodeFrame, textOf } from '../../../bindings/js/frame.ts';
import type { Random } from '../../../simulator/base/random.ts';
import { below, pick, pickWeighted } from './choose.ts';
import { type ControlDraft, mutateControl } from './mutate_control.ts';
import {
  doubleMember,
  mutateBytes,
  mutateDocument,
  mutateGently,
  mutateToken,
  odd_tokens,
} from './mutate_text.ts';

/** A frame that is being changed. */
interface FrameDraft {
  readonly control: ControlDraft;
  /** Segments 1, 2, ...; the first is number 1. */
  readonly segments: Uint8Array[];
}

type TextChange = (random: Random, text: string) => string;

/** To what users and upstreams send: anything at all may come. */
const hostile_changes: readonly (readonly [number, TextChange])[] = [
  [4, mutateDocument],
  [3, mutateGently],
  [2, mutateToken],
  [2, mutateBytes],
  [1, doubleMember],
  [1, (random) => pick(random, odd_tokens)],
];

/** To what was stored: a row that does not read is damage, and stops the core. */
const stored_changes: readonly (readonly [number, TextChange])[] = [
  [40, mutateGently],
  [1, mutateDocument],
  [1, mutateBytes],
];

/**
 * The next frame of the sequence that `random` draws.
 * @param frames valid input frames, at least one
 */
export function generate(random: Random, frames: readonly Uint8Array[]): Uint8Array {
  const [head, ...segments] = decodeFrame(pick(random, frames));
  const control = JSON.parse(textOf(head ?? new Uint8Array())) as ControlDraft;
  const draft = { control, segments };
  const changes = pickWeighted(random, [
    [6, 1],
    [3, 2],
    [1, 4],
  ]);
  for (let change = 0; change < changes; change += 1) mutate(random, draft);
  let text = bytesOf(JSON.stringify(control));
  if (random() < 0.003) text = changed(random, text, hostile_changes);
  const frame = encodeFrame([text, ...draft.segments]);
  return random() < 0.001 ? changed(random, frame, [[1, mutateBytes]]) : frame;
}

function mutate(random: Random, { control, segments }: FrameDraft): void {
  const stored = storedSegments(control);
  const numbers = segments.map((_, index) => index + 1);
  const hostile = numbers.filter((number) => !stored.has(number));
  const [chosen, rules] =
    hostile.length > 0 && random() < 0.7
      ? [pick(random, hostile), hostile_changes]
      : [1 + below(random, segments.length), stored_changes];
  const segment = segments[chosen - 1];
  if (segment === undefined || random() < 0.4) mutateControl(random, control, segments.length);
  else segments[chosen - 1] = changed(random, segment, rules);
}

/** Numbers of the segments that hold rows and answers of queries. */
function storedSegments(control: ControlDraft): Set<number> {
  const stored = control.facts.filter(({ key }) => /^(row|query):/.test(key));
  return new Set(stored.flatMap(({ segment }) => (segment === undefined ? [] : [segment])));
}

function changed(
  random: Random,
  bytes: Uint8Array,
  rules: readonly (readonly [number, TextChange])[],
): Uint8Array {
  const text = Buffer.from(bytes).toString('latin1');
  return new Uint8Array(Buffer.from(pickWeighted(random, rules)(random, text), 'latin1'));
}
