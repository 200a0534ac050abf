// What a golden file is called: the name says what happened and what came of it, and two exchanges
// of one name are the same case.
import type {
  Commit,
  Fact,
  Input,
  InputControl,
  OutputControl,
} from '../../../bindings/js/control.ts';
import { decodeFrame, segmentAt, textOf } from '../../../bindings/js/frame.ts';

type Segments = readonly Uint8Array[];

/** `<operation or input kind>/<case>` of one exchange with the core. */
export function nameOf(input: Uint8Array, output: Uint8Array): string {
  const given = decodeFrame(input);
  const told = controlOf<InputControl>(given);
  const answered = decodeFrame(output);
  const outcome = outcomeOf(controlOf<OutputControl>(answered), answered);
  const after = told.facts.findLast((fact) => 'status' in fact || fact.outcome === 'lost');
  const because = after === undefined ? '' : `.after-${answerOf(after, given)}`;
  return `${folderOf(told.input)}/${outcome}${because}`;
}

/** Segment 0 of a frame. */
export function controlOf<Control>(segments: Segments): Control {
  return JSON.parse(textOf(segmentAt(segments, 0))) as Control;
}

/** The folder: the operation, or the kind of the input. */
export function folderOf(input: Input): string {
  if (input.kind === 'request') return input.operation;
  return input.kind === 'effect' ? `effect_${input.effect_key.split(':')[0]}` : input.kind;
}

function outcomeOf({ need, act, done }: OutputControl, segments: Segments): string {
  if (need !== undefined) {
    const reads = need.map((one) => {
      if (one.read === 'row') return one.table;
      return one.read === 'query' ? one.query : partOf(one.key);
    });
    return `need-${[...new Set(reads)].join('-')}`;
  }
  if (act !== undefined) return `act-${partOf(act.key)}`;
  const commit = committed(done?.commit, segments);
  if (done?.reply === undefined) return `done-${commit === '' ? 'nothing' : commit}`;
  const { status, segment } = done.reply;
  const code = segment === undefined ? '' : wordOf(segmentAt(segments, segment));
  const hold = done.hold === undefined ? '' : 'hold';
  return [String(status), code, commit, hold].filter((part) => part !== '').join('-');
}

// `look:project`, `act:dispatch`, `look:file:/x`: what is asked for, without which one.
function partOf(key: string): string {
  const [kind = '', part = ''] = key.split(':');
  return kind === 'document' ? kind : part;
}

// The kinds of events and why something failed; without events, what becomes of effects or rows.
function committed(commit: Commit | undefined, segments: Segments): string {
  if (commit === undefined) return '';
  if (commit.journal === undefined) {
    if (commit.deletes !== undefined) return 'prune';
    if (commit.effects === undefined) return 'keep';
    const again = commit.effects.some((effect) => effect.due_at_ms !== undefined);
    return again ? 'look_again' : 'settle';
  }
  const journal = JSON.parse(textOf(segmentAt(segments, commit.journal))) as readonly {
    readonly event: { readonly type: string };
  }[];
  const kinds = new Set(journal.map(({ event }) => event.type));
  const reason = JSON.stringify(journal).match(/"failure":\{"code":"([a-z_.]+)"/)?.[1];
  return [...kinds, ...(reason === undefined ? [] : [reason])].join('-');
}

function answerOf(fact: Fact, segments: Segments): string {
  if (fact.outcome === 'lost') return `${partOf(fact.key)}_${fact.detail}`;
  const code = fact.segment === undefined ? '' : codeIn(segmentAt(segments, fact.segment));
  const status = 'status' in fact ? String(fact.status) : '';
  return [partOf(fact.key), status, code].filter((part) => part !== '').join('_');
}

// What a reply says in one word: its error's code, or that a journal does not give its row.
function wordOf(body: Uint8Array): string {
  return textOf(body) === '{"equal":false}' ? 'unequal' : codeIn(body);
}

// The first code in a problem document, or in an error of Cloudflare's.
function codeIn(body: Uint8Array): string {
  const found = Buffer.from(body)
    .toString('latin1')
    .match(/"code":\s*"?([a-z_.\d]+)/)?.[1];
  return found ?? '';
}
