// The core's rendering as it ships: core.wasm answers a platform_create, and its Done stores the
// rendered modules.
import { join } from 'node:path';
import type { Fact, InputControl, Need, OutputControl } from '../../../bindings/js/control.ts';
import {
  bytesOf,
  decodeFrame,
  encodeFrame,
  segmentAt,
  textOf,
} from '../../../bindings/js/frame.ts';
import { loadCore } from '../../../bindings/js/load_node.ts';

const core = loadCore(join(import.meta.dirname, '../../../build/core.wasm'));

/** The answer: a status, and the stored documents by their name after the version's prefix. */
export interface Stored {
  readonly status: number;
  /** Such as `env.config.ts`, and for an environment of its own `prod/env.config.ts`. */
  readonly documents: ReadonlyMap<string, string>;
  /** The reply's body. */
  readonly body: string;
}

/** Creates a platform of this configuration, a JSON text. `run` tells one run from another. */
export function createPlatform(config: string, run = 1): Stored {
  const body = `{"platformId":"acme","environments":["dev","stg","prod"],"config":${config}}`;
  let facts: Fact[] = [];
  let segments: Uint8Array[] = [];
  for (let round = 0; round < 4; round += 1) {
    const control = opening(run, facts);
    const frame = encodeFrame([bytesOf(JSON.stringify(control)), bytesOf(body), bytesOf('[]')]);
    segments = decodeFrame(core.step(frame));
    const { need, done } = JSON.parse(textOf(segmentAt(segments, 0))) as OutputControl;
    if (done !== undefined) return stored(done, segments);
    facts = [...facts, ...(need ?? []).map(fact)];
  }
  throw new Error('the core does not come to an end');
}

function opening(run: number, facts: readonly Fact[]): InputControl {
  return {
    now_ms: Date.UTC(2026, 0, 1) + run,
    received_ms: Date.UTC(2026, 0, 1) + run,
    entropy: run.toString(16).padStart(32, '0'),
    settings: { CF_ACCOUNT_NAME: 'main', CF_ACCOUNT_ID: '0123456789abcdef0123456789abcdef' },
    credentials: ['github', 'cloudflare:main'],
    input: {
      kind: 'request',
      operation: 'platform_create',
      params: {},
      query: [],
      headers: {},
      principal: { kind: 'admin' },
      body: 1,
      body_too_large: false,
    },
    facts,
  };
}

// Nothing is stored yet: no row, and no row in any query (segment 2).
function fact(need: Need): Fact {
  const { key } = need;
  return need.read === 'query' ? { key, outcome: 'found', segment: 2 } : { key, outcome: 'absent' };
}

function stored(done: NonNullable<OutputControl['done']>, segments: Uint8Array[]): Stored {
  const documents = (done.commit?.documents ?? []).map(({ id, segment }) => {
    const name = id.split('/').slice(3).join('/');
    return [name, textOf(segmentAt(segments, segment))] as const;
  });
  const body = done.reply?.segment;
  return {
    status: done.reply?.status ?? 0,
    documents: new Map(documents),
    body: body === undefined ? '' : textOf(segmentAt(segments, body)),
  };
}
