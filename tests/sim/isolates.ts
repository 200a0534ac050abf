// The isolates that serve: made when they are needed, a few beside each other, gone at any outside
// call. What an isolate had begun ends with it; whoever waits for it is told that nobody is there.
import type { Core } from '../../bindings/js/core.ts';
import { createApp } from '../../worker-shim/app.ts';
import { Isolate } from '../../worker-shim/isolate.ts';
import type { Ports } from '../../worker-shim/ports.ts';
import { limitedDb } from '../../worker-shim/storage/limits.ts';
import { tick } from '../../worker-shim/triggers/cron.ts';
import { buryMessages, performMessages } from '../../worker-shim/triggers/queue.ts';
import type { LogEntry, World } from '../../worker-shim/world.ts';
import { memoryWorld } from '../node/support/memory_ports.ts';
import type { Chance } from './chance.ts';
import { type Around, type PortsOwner, portsOf } from './ports.ts';
import type { SimMessage } from './queue.ts';

/** The isolate went away in the middle of it: a client sees its connection cut. */
export class Evicted extends TypeError {
  override readonly name = 'Evicted';
}

/** What isolates are made of. */
export interface IsolatesOptions extends Around {
  readonly core: Core;
  readonly chance: Chance;
  readonly variables: Readonly<Record<string, string>>;
  readonly skew_ms: number;
  /** Told of every log line. */
  readonly log: (entry: LogEntry) => void;
}

// As wrangler.toml has the queue: five retries, then the queue of dead messages.
const deliveries_max = 6;
const beside_max = 3;
const redelivery_ms = 30_000;

class Living implements PortsOwner {
  readonly name: string;
  readonly skew_ms: number;
  readonly entropy_seed: number;
  readonly chance: Chance;
  readonly memory = new Isolate();
  readonly ports: Ports;
  world: World | undefined;
  dead = false;
  readonly #waiting = new Set<(error: Evicted) => void>();

  constructor(around: Around, number: number, skew_ms: number, chance: Chance) {
    this.name = `isolate ${number}`;
    this.skew_ms = skew_ms;
    this.chance = chance;
    this.entropy_seed = chance.integer(0, 2 ** 31);
    this.ports = portsOf(around, this);
  }

  /** What the promise gives, unless the isolate is gone before. */
  guard<T>(begun: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.add(reject);
      const forget = (): boolean => this.#waiting.delete(reject);
      begun.then(resolve, reject).finally(forget);
    });
  }

  evict(): void {
    this.dead = true;
    for (const reject of this.#waiting) reject(new Evicted(`${this.name} is gone`));
    this.#waiting.clear();
  }
}

/** The isolates of one simulation. */
export class Isolates {
  evictions = 0;
  readonly #options: IsolatesOptions;
  readonly #app = createApp();
  readonly #living: Living[] = [];
  #made = 0;

  constructor(options: IsolatesOptions) {
    this.#options = options;
    const { scheduler, queue, chance } = options;
    scheduler.beforeStep = (owner) => {
      if (owner instanceof Living && chance.hits(options.rates().eviction)) this.#evict(owner);
    };
    queue.consumer = (messages) => void this.#consume(messages);
  }

  /** Serves a request. Rejects with Evicted. */
  async serve(request: Request): Promise<Response> {
    const isolate = this.#pick();
    return await isolate.guard(Promise.resolve(this.#app.fetch(request, this.#worldOf(isolate))));
  }

  /** One run of the cron, whatever becomes of it. */
  async cron(): Promise<void> {
    const isolate = this.#pick();
    this.#options.timeline.note(isolate.name, 'cron');
    await isolate.guard(tick(this.#worldOf(isolate))).catch(() => undefined);
  }

  async #consume(messages: readonly SimMessage[]): Promise<void> {
    const isolate = this.#pick();
    const { queue, timeline } = this.#options;
    const late = messages.filter(({ deliveries }) => deliveries >= deliveries_max);
    const usual = messages.filter(({ deliveries }) => deliveries < deliveries_max);
    timeline.note(isolate.name, `queue: ${messages.map(({ key }) => key).join(' ')}`);
    const open = new Set(messages);
    const taken = (message: SimMessage) => ({
      body: { key: message.key, due_at_ms: message.promised_ms },
      attempts: message.deliveries + 1,
      ack: () => open.delete(message),
      retry: ({ delaySeconds }: { delaySeconds: number }) => {
        open.delete(message);
        message.deliveries += 1;
        const at_once = message.deliveries >= deliveries_max;
        queue.again(message, at_once ? 0 : delaySeconds * 1000);
      },
    });
    const world = this.#worldOf(isolate);
    const performed = Promise.all([
      performMessages(world, usual.map(taken)),
      buryMessages(world, late.map(taken)),
    ]);
    await isolate.guard(performed).catch(() => undefined);
    for (const message of open) {
      message.deliveries += 1;
      queue.again(message, redelivery_ms);
    }
  }

  #pick(): Living {
    const { chance, skew_ms } = this.#options;
    const place = chance.integer(0, beside_max - 1);
    const found = this.#living[place];
    if (found !== undefined && !found.dead) return found;
    this.#made += 1;
    const skew = skew_ms === 0 ? 0 : chance.integer(-skew_ms, skew_ms);
    const own = chance.below(`isolate ${this.#made}`);
    const isolate = new Living(this.#options, this.#made, skew, own);
    this.#living[place] = isolate;
    return isolate;
  }

  #evict(isolate: Living): void {
    this.evictions += 1;
    this.#options.timeline.note(isolate.name, 'is gone');
    isolate.evict();
  }

  // Reading the variables takes longer than many an invocation: once an isolate.
  #worldOf(isolate: Living): World {
    const { core, variables, log } = this.#options;
    isolate.world ??= memoryWorld(core, isolate.ports, variables, isolate.memory);
    const ports = { ...isolate.ports, db: limitedDb(isolate.ports.db) };
    return { ...isolate.world, ports, log };
  }
}
