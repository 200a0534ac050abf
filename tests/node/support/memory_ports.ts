// Ports with virtual time: nothing waits, and everything can be repeated from a seed.
import type { Core } from '../../../bindings/js/core.ts';
import { openKeys, openUpstreams } from '../../../worker-shim/github_settings.ts';
import { Isolate } from '../../../worker-shim/isolate.ts';
import type { Db, EffectQueue, Ports } from '../../../worker-shim/ports.ts';
import { Sealing } from '../../../worker-shim/sealing.ts';
import { sealingKeysOf, settingsOf, type Variables } from '../../../worker-shim/settings.ts';
import { documentsInBoth } from '../../../worker-shim/storage/documents_both.ts';
import { documentsInDb } from '../../../worker-shim/storage/documents_d1.ts';
import { limitedDb } from '../../../worker-shim/storage/limits.ts';
import type { LogEntry, World } from '../../../worker-shim/world.ts';
import { documentsInMap } from './memory_bucket.ts';

/** A message that waits in the queue. */
export interface QueuedEffect {
  readonly key: string;
  /** The promise that it was sent for. */
  readonly promised_ms: number;
  /** When it may be delivered, in milliseconds since the epoch. */
  readonly due_at_ms: number;
  /** How often it was delivered; absent: never. */
  readonly deliveries?: number;
}

/** Ports whose time and queue belong to the test. */
export interface MemoryPorts extends Ports {
  /** The clock; a test may set it. `sleep` advances it and returns at once. */
  readonly clock: { now_ms: number };
  /** Messages that were sent, in order; a test takes out what it delivers. */
  readonly queued: QueuedEffect[];
}

/** What a test may choose. */
export interface MemoryOptions {
  readonly db: Db;
  /** The objects of the bucket; default: an empty one. */
  readonly bucket?: Map<string, Uint8Array>;
  /** Where documents are written; default `d1`. */
  readonly store?: 'd1' | 'r2';
  /** Seed of `entropy`; default 1. */
  readonly seed?: number;
  /** Start of the clock, in milliseconds since the epoch; default the start of 2026. */
  readonly now_ms?: number;
  /** The outside; default: every exchange fails as a broken network does. */
  readonly fetch?: (request: Request) => Promise<Response>;
}

/** Ports in memory over a Db; documents lie in the Db, too. */
export function memoryPorts(options: MemoryOptions): MemoryPorts {
  const clock = { now_ms: options.now_ms ?? Date.UTC(2026, 0, 1) };
  const queued: QueuedEffect[] = [];
  const queue: EffectQueue = {
    async send(messages) {
      for (const { key, due_at_ms: promised_ms, delay_s } of messages) {
        queued.push({ key, promised_ms, due_at_ms: clock.now_ms + delay_s * 1000 });
      }
    },
  };
  const stores = { d1: documentsInDb(options.db), r2: documentsInMap(options.bucket ?? new Map()) };
  const store = options.store ?? 'd1';
  return {
    clock,
    queued,
    db: options.db,
    documents: documentsInBoth(stores[store], stores[store === 'd1' ? 'r2' : 'd1']),
    stores,
    queue,
    fetch: options.fetch ?? (() => Promise.reject(new TypeError('no network'))),
    now: () => clock.now_ms,
    entropy: seededEntropy(options.seed ?? 1),
    async sleep(ms) {
      clock.now_ms += ms;
    },
  };
}

/** A world over the ports: as an instance with these variables and secrets would have it. */
export function memoryWorld(
  core: Core,
  ports: Ports,
  variables: Variables,
  isolate: Isolate = new Isolate(),
): World & { readonly logged: LogEntry[] } {
  const logged: LogEntry[] = [];
  return {
    core,
    ports: { ...ports, db: limitedDb(ports.db) },
    settings: settingsOf(variables),
    upstreams: openUpstreams(variables, isolate),
    keys: openKeys(variables, isolate),
    sealing: new Sealing(sealingKeysOf(variables)),
    log: (entry) => logged.push(entry),
    logged,
  };
}

/** 32 lower-case hex digits a call, the same sequence for the same seed. */
export function seededEntropy(seed: number): () => string {
  let state = seed >>> 0;
  // mulberry32: 32 well-mixed bits from a counter.
  const word = (): string => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0).toString(16).padStart(8, '0');
  };
  return () => word() + word() + word() + word();
}
