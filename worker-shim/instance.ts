// A world over the bindings of a Worker: the one place that knows what they are called.
import type { Core } from '../bindings/js/core.ts';
import { openKeys, openUpstreams } from './github_settings.ts';
import { Isolate } from './isolate.ts';
import { type EffectDelay, type EffectQueue, hostPorts } from './ports.ts';
import { Sealing } from './sealing.ts';
import { configStoreOf, sealingKeysOf, settingsOf, type Variables } from './settings.ts';
import { d1Db } from './storage/d1.ts';
import { documentsInBoth } from './storage/documents_both.ts';
import { documentsInDb } from './storage/documents_d1.ts';
import { documentsInBucket } from './storage/documents_r2.ts';
import { limitedDb } from './storage/limits.ts';
import { consoleLog, type World } from './world.ts';

/** The bindings; variables and secrets lie beside them and are read in settings.ts. */
export interface Bindings {
  readonly DB: D1Database;
  readonly CONFIGS: R2Bucket;
  readonly EFFECTS: Queue<{ key: string; due_at_ms: number }>;
}

// What one sendBatch takes.
const messages_max = 100;

/**
 * The world of one invocation; `isolate` is what is remembered from earlier ones.
 * @throws SettingError when a variable has no usable value
 */
export function openWorld(env: Bindings, core: Core, isolate: Isolate = new Isolate()): World {
  const variables: Variables = { ...env };
  const db = limitedDb(d1Db(env.DB));
  const stores = { d1: documentsInDb(db), r2: documentsInBucket(env.CONFIGS) };
  const store = configStoreOf(variables);
  const documents = documentsInBoth(stores[store], stores[store === 'd1' ? 'r2' : 'd1']);
  return {
    core,
    ports: { ...hostPorts, db, documents, stores, queue: effectQueue(env.EFFECTS) },
    settings: settingsOf(variables),
    upstreams: openUpstreams(variables, isolate),
    keys: openKeys(variables, isolate),
    sealing: new Sealing(sealingKeysOf(variables)),
    log: consoleLog,
  };
}

function effectQueue(queue: Queue<{ key: string; due_at_ms: number }>): EffectQueue {
  return {
    async send(messages: readonly EffectDelay[]): Promise<void> {
      for (let first = 0; first < messages.length; first += messages_max) {
        const page = messages.slice(first, first + messages_max);
        await queue.sendBatch(
          page.map(({ key, due_at_ms, delay_s }) => ({
            body: { key, due_at_ms },
            delaySeconds: delay_s,
          })),
        );
      }
    },
  };
}
