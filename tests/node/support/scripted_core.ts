// A core written in a test: the same frames, decisions by a function.

import type { InputControl, OutputControl } from '../../../bindings/js/control.ts';
import type { Core } from '../../../bindings/js/core.ts';
import {
  bytesOf,
  decodeFrame,
  encodeFrame,
  segmentAt,
  textOf,
} from '../../../bindings/js/frame.ts';

/** What a scripted core sees: the control document and a way to read a segment as text. */
export interface Seen extends InputControl {
  readonly text: (segment: number) => string;
}

/** What it answers: a control document and the texts of segments 1, 2, ... */
export interface Scripted extends OutputControl {
  readonly segments?: readonly string[];
}

/** A core that answers every step by `decide`; `seen` keeps what it was shown. */
export function scriptedCore(decide: (seen: Seen) => Scripted): Core & { readonly seen: Seen[] } {
  const history: Seen[] = [];
  return {
    seen: history,
    step(frame) {
      const parts = decodeFrame(frame);
      const control = JSON.parse(textOf(segmentAt(parts, 0))) as InputControl;
      const seen = { ...control, text: (n: number) => textOf(segmentAt(parts, n)) };
      history.push(seen);
      const { segments = [], ...output } = decide(seen);
      return encodeFrame([JSON.stringify(output), ...segments].map(bytesOf));
    },
    traps: () => 0,
  };
}
