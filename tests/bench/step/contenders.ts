// One step of a platform's creation, in two forms. `frame`: from input frame to output frame, as
// the core sees it. `request`: from the body to the texts that the storage takes and the bytes of
// the reply, as a Worker sees it; ours pays for its frames there, plain JavaScript needs none.
import type { InputControl, OutputControl } from '../../../bindings/js/control.ts';
import type { Core } from '../../../bindings/js/core.ts';
import { decodeFrame, segmentAt, textOf } from '../../../bindings/js/frame.ts';
import type { Issue } from '../hand/issues.ts';
import { encoded, parsed } from '../hand/text.ts';
import { hasCreateShape, refusalOf } from './body.ts';
import { type AccountRow, type Decision, type Digest, decideCreate } from './create.ts';
import { createFrame, entropy, now_ms, settings, stored_accounts } from './input.ts';

/** The forms. */
export const step_forms = ['frame', 'request'] as const;

/** One of them. */
export type StepForm = (typeof step_forms)[number];

/** Both implementations of a form; the outputs must be equal. */
export interface StepContenders {
  readonly ours: (input: Uint8Array) => Uint8Array | Statements;
  readonly js: (input: Uint8Array) => Uint8Array | Statements;
}

/** What is bound to statements, in order, and the reply. */
export interface Statements {
  readonly texts: readonly string[];
  readonly reply: Uint8Array;
}

function decided(body: Uint8Array, accounts: readonly AccountRow[], digest: Digest): Decision {
  const value = parsed(body);
  const issues: Issue[] = [];
  if (!hasCreateShape(value, issues)) throw new Error('the body has not the right shape');
  if (refusalOf(value) !== undefined) throw new Error('the body has faults');
  return decideCreate(value, { now_ms, entropy, settings, accounts, author: 'admin', digest });
}

function factSegment(control: InputControl, key: string): number | undefined {
  return control.facts.find((fact) => fact.key === key)?.segment;
}

/** The output frame for an input frame. */
function stepInJs(frame: Uint8Array, digest: Digest): Uint8Array {
  const segments = decodeFrame(frame);
  const control = JSON.parse(textOf(segmentAt(segments, 0))) as InputControl;
  const body = control.input.kind === 'request' ? control.input.body : undefined;
  const accounts = factSegment(control, 'query:accounts[]');
  if (body === undefined || accounts === undefined) throw new Error('something is missing');
  const decision = decided(
    segmentAt(segments, body),
    JSON.parse(textOf(segmentAt(segments, accounts))) as AccountRow[],
    digest,
  );
  const { operation_id, journal, rows, documents, effects, reply } = decision;
  const texts = ['', reply, journal];
  const placed = (text: string): number => texts.push(text) - 1;
  const commit = {
    journal: 2,
    author: 'admin',
    rows: rows.map(([table, json]) => ({ table, segment: placed(json) })),
    documents: documents.map(([id, text]) => ({ id, segment: placed(text) })),
    effects,
  };
  const location = `/api/v1/operations/${operation_id}`;
  const headers = { location, 'content-type': 'application/json' };
  texts[0] = JSON.stringify({ done: { commit, reply: { status: 202, headers, segment: 1 } } });
  return frameOf(texts);
}

let room = new Uint8Array(1 << 16);
const encoder = new TextEncoder();

/** The frame of these texts, encoded in place into room that is kept. */
function frameOf(texts: readonly string[]): Uint8Array {
  const header = 4 + 4 * texts.length;
  const most = header + 3 * texts.reduce((sum, text) => sum + text.length, 0);
  if (room.length < most) room = new Uint8Array(2 * most);
  const view = new DataView(room.buffer);
  view.setUint32(0, texts.length, true);
  let at = header;
  for (let i = 0; i < texts.length; i += 1) {
    const { written } = encoder.encodeInto(texts[i] ?? '', room.subarray(at));
    view.setUint32(4 + 4 * i, written, true);
    at += written;
  }
  return room.slice(0, at);
}

/** Ours as run.ts and commit.ts do it. */
function requestToCore(core: Core, body: Uint8Array): Statements {
  const segments = decodeFrame(core.step(createFrame(body)));
  const { done } = JSON.parse(textOf(segmentAt(segments, 0))) as OutputControl;
  const { commit, reply } = done ?? {};
  const texts = [textOf(segmentAt(segments, commit?.journal ?? 0))];
  for (const { segment } of commit?.rows ?? []) texts.push(textOf(segmentAt(segments, segment)));
  for (const { segment } of commit?.documents ?? []) {
    texts.push(textOf(segmentAt(segments, segment)));
  }
  texts.push(JSON.stringify(commit?.effects));
  return { texts, reply: segmentAt(segments, reply?.segment ?? 0).slice() };
}

function requestInJs(body: Uint8Array, digest: Digest): Statements {
  const decision = decided(body, JSON.parse(stored_accounts) as AccountRow[], digest);
  return {
    texts: [
      decision.journal,
      ...decision.rows.map(([, json]) => json),
      ...decision.documents.map(([, text]) => text),
      JSON.stringify(decision.effects),
    ],
    reply: encoded(decision.reply),
  };
}

/** Both implementations of each form. */
export function stepContenders(
  core: Core,
  digest: Digest,
): Readonly<Record<StepForm, StepContenders>> {
  return {
    frame: {
      ours: (frame) => core.step(frame),
      js: (frame) => stepInJs(frame, digest),
    },
    request: {
      ours: (body) => requestToCore(core, body),
      js: (body) => requestInJs(body, digest),
    },
  };
}

/** An output as bytes, for a comparison. */
export function bytesOfOutput(output: Uint8Array | Statements): Uint8Array {
  if (output instanceof Uint8Array) return output;
  return encoded(JSON.stringify([...output.texts, textOf(output.reply)]));
}
