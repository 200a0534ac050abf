// The memory of one start: the Input and the facts that were gathered, as the next input frame.
// The core itself remembers nothing between steps.
import type { Fact, FactOutcome, Input, InputControl } from './control.ts';
import { bytesOf, encodeFrame } from './frame.ts';

/** A fact as it was gathered: its bytes have no segment number yet. */
export type Gathered = FactOutcome & { readonly key: string; readonly bytes?: Uint8Array };

/** What a run is told beside its Input. */
export interface Arrival {
  /** The body of a request, or what is wished of provisioning. */
  readonly body?: Uint8Array;
  /** When the request came in, for a run that follows a hold; absent: now. */
  readonly received_ms?: number;
}

/** What stays the same in every round of a start. */
export type Opening = Omit<InputControl, 'input' | 'facts'>;

/** Grows by facts; gives the frame of the next step. */
export interface Transcript {
  add(facts: readonly Gathered[]): void;
  frame(): Uint8Array;
}

/** A transcript without facts. */
export function openTranscript(opening: Opening, input: Input, body?: Uint8Array): Transcript {
  const segments: Uint8Array[] = [];
  const facts: Fact[] = [];
  // Segment 0 is the control document, so that a segment's number is the count after its push.
  const placed = (bytes: Uint8Array): number => segments.push(bytes);
  const hasBody = input.kind === 'request' || input.kind === 'provision';
  const whole: Input = hasBody && body !== undefined ? { ...input, body: placed(body) } : input;
  return {
    add(gathered) {
      for (const { bytes, ...fact } of gathered) {
        facts.push(bytes === undefined ? fact : { ...fact, segment: placed(bytes) });
      }
    },
    frame() {
      const control: InputControl = { ...opening, input: whole, facts };
      return encodeFrame([bytesOf(JSON.stringify(control)), ...segments]);
    },
  };
}
