// Changes to the control document of an input frame that leave it one that the shim could send.

import { operations } from '../../../bindings/generated/operations.ts';
import type { InputControl, RequestInput } from '../../../bindings/js/control.ts';
import type { Random } from '../../../simulator/base/random.ts';
import { below, pick, pickWeighted } from './choose.ts';

/** A type without its `readonly`, all the way down. */
export type Draft<T> = T extends object ? { -readonly [K in keyof T]: Draft<T[K]> } : T;

/** A control document that may be changed. */
export type ControlDraft = Draft<InputControl>;

type Change = (random: Random, control: ControlDraft, segments: number) => void;

const odd_texts: readonly string[] = [
  ...['', 'acme', 'dev', 'prod', 'stg', '1', '0', '-1', '30', '60', '61', '100', '101', '1e3'],
  ...['9007199254740992', 'a'.repeat(46), 'a'.repeat(300), '../..', 'a/b', '%2f', '"', '\\', '\n'],
  ...['\u0000', '\u00e9', '\ud83d\ude00', 'dep_01KAMZ5G9V1V4PGEPYHCZ0MZZZ', 'No-Name', 'a--b'],
];
const query_names = ['wait', 'limit', 'cursor', 'env', 'version', 'colour', ''];
const hour_ms = 3_600_000;

const clock: Change = (random, control) => {
  control.now_ms += pick(random, [1, 1000, -1000, 300_001, hour_ms, 24 * hour_ms, -control.now_ms]);
};

const received: Change = (random, control) => {
  control.received_ms = control.now_ms - pick(random, [0, 1, 999, 30_000, 61_000, -5000]);
};

const entropy: Change = (random, control) => {
  const digits = Array.from({ length: 32 }, () => below(random, 16).toString(16)).join('');
  control.entropy = pickWeighted(random, [
    [60, digits],
    [1, digits.slice(1)],
    [1, digits.toUpperCase()],
  ]);
};

const settings: Change = (random, control) => {
  const name = pick(random, [...Object.keys(control.settings), 'SHELL_SHA']);
  if (random() < 0.5) delete control.settings[name];
  else control.settings[name] = pick(random, odd_texts);
};

const credentials: Change = (random, control) => {
  control.credentials = control.credentials.filter(() => random() < 0.5);
};

/** A change to requests; anything else is left as it is. */
function ofRequest(change: (random: Random, input: Draft<RequestInput>) => void): Change {
  return (random, { input }) => {
    if (input.kind === 'request') change(random, input);
  };
}

const operation = ofRequest((random, input) => {
  const others = [
    'route_unknown',
    'method_not_allowed',
    'no_such',
    ...operations.map((o) => o.name),
  ];
  input.operation = pick(random, others);
});

const params = ofRequest((random, input) => {
  const names = Object.keys(input.params);
  if (names.length > 0) input.params[pick(random, names)] = pick(random, odd_texts);
});

const query = ofRequest((random, input) => {
  input.query.push([pick(random, query_names), pick(random, odd_texts)]);
});

const caller = ofRequest((random, input) => {
  input.principal.kind = pick(random, ['none', 'admin', 'internal']);
});

const headers = ofRequest((random, input) => {
  const tags = ['*', 'W/"1"', '"1"', '"1", "2"', '', '"', ...odd_texts];
  input.headers = { 'if-none-match': pick(random, tags) };
});

const bodyKept = ofRequest((random, input) => {
  if (random() < 0.5) input.body_too_large = !input.body_too_large;
  else delete input.body;
});

const held = ofRequest((random, input) => {
  input.held = pick(random, odd_texts);
});

const other: Change = (random, { input }) => {
  const names = ['site:acme/dev', 'site:acme/nope', 'site:', 'batch:bat_1', 'site:a/b/c'];
  if (input.kind === 'effect') input.effect_key = pick(random, names);
  if (input.kind === 'effect' && random() < 0.5) delete input.effect_due_at_ms;
  if (input.kind === 'fold') input.aggregate = pick(random, [...names, 'operation:x', 'acme']);
};

const lessFacts: Change = (random, control) => {
  if (random() < 0.2) control.facts.reverse();
  else control.facts.splice(below(random, control.facts.length), 1);
};

const answer: Change = (random, control, segments) => {
  const fact = control.facts[below(random, control.facts.length)];
  if (fact === undefined) return;
  if (fact.outcome === 'answered') {
    const statuses = [200, 201, 204, 301, 304, 400, 401, 403, 404, 409, 422, 429, 500, 502, 504, 0];
    fact.status = pick(random, statuses);
    const limits = { 'retry-after': pick(random, odd_texts), 'x-ratelimit-remaining': '0' };
    if (random() < 0.3) fact.headers = limits;
    if (random() < 0.1) fact.truncated = !fact.truncated;
  }
  if (random() < 0.05) fact.segment = below(random, segments + 1);
};

const outcome: Change = (random, control) => {
  const at = below(random, control.facts.length);
  const fact = control.facts[at];
  // A query always finds its array; a site's account always exists.
  if (fact === undefined || /^(query|row:account):/.test(fact.key)) return;
  const details = ['timeout', 'network', 'unsent'];
  const lost = { key: fact.key, outcome: 'lost', detail: pick(random, details) };
  const changed = fact.outcome === 'answered' ? lost : { key: fact.key, outcome: 'absent' };
  control.facts[at] = changed as (typeof control.facts)[number];
};

const changes: readonly (readonly [number, Change])[] = [
  [10, clock],
  [4, received],
  [4, entropy],
  [6, settings],
  [4, credentials],
  [6, operation],
  [10, params],
  [14, query],
  [6, caller],
  [6, headers],
  [4, bodyKept],
  [4, held],
  [4, other],
  [16, lessFacts],
  [20, answer],
  [10, outcome],
];

/** Changes one thing in `control`; `segments` is the number of the frame's segments. */
export function mutateControl(random: Random, control: ControlDraft, segments: number): void {
  pickWeighted(random, changes)(random, control, segments);
}
