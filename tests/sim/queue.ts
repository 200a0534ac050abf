// A queue as Cloudflare promises it: at least once, in no order. Stricter: a message may be lost,
// because nothing may depend on it.
import type { EffectDelay } from '../../worker-shim/ports.ts';
import type { Chance } from './chance.ts';
import type { Rates } from './plan.ts';
import type { Scheduler } from './scheduler.ts';

/** A message on its way. */
export interface SimMessage {
  readonly key: string;
  readonly promised_ms: number;
  /** How often it was delivered. */
  deliveries: number;
}

/** Takes a delivery; resolves when each message was acknowledged or asked to come again. */
export type Consumer = (messages: readonly SimMessage[]) => void;

const batch_max = 10;

/** The queue. */
export class SimQueue {
  /** Where messages go. */
  consumer: Consumer = () => undefined;
  readonly #scheduler: Scheduler;
  readonly #chance: Chance;
  readonly #rates: () => Rates;
  readonly #fault: (name: string) => void;
  #due: SimMessage[] = [];
  #pumping = false;

  constructor(
    scheduler: Scheduler,
    chance: Chance,
    rates: () => Rates,
    fault: (name: string) => void,
  ) {
    this.#scheduler = scheduler;
    this.#chance = chance;
    this.#rates = rates;
    this.#fault = fault;
  }

  /** Takes a message: it comes once, or twice, or late, or never. */
  send({ key, due_at_ms, delay_s }: EffectDelay): void {
    const rates = this.#rates();
    const happens = (kind: 'message_lost' | 'message_twice' | 'message_late'): boolean => {
      const hit = this.#chance.hits(rates[kind]);
      if (hit) this.#fault(kind);
      return hit;
    };
    if (happens('message_lost')) return;
    const copies = happens('message_twice') ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      const late_ms = happens('message_late') ? this.#chance.integer(100, 90_000) : 0;
      this.#deliver({ key, promised_ms: due_at_ms, deliveries: 0 }, delay_s * 1000 + late_ms);
    }
  }

  /** Brings a message again. */
  again(message: SimMessage, delay_ms: number): void {
    this.#deliver(message, delay_ms);
  }

  #deliver(message: SimMessage, delay_ms: number): void {
    const at_ms = this.#scheduler.now() + delay_ms + this.#chance.integer(0, 50);
    this.#scheduler.at(at_ms, () => {
      this.#due.push(message);
      if (this.#pumping) return;
      this.#pumping = true;
      // What comes within a short while is one delivery.
      this.#scheduler.at(this.#scheduler.now() + this.#chance.integer(0, 200), () => this.#pump());
    });
  }

  #pump(): void {
    this.#pumping = false;
    const due = this.#due;
    this.#due = [];
    while (due.length > 0) {
      const size = this.#chance.integer(1, batch_max);
      this.consumer(due.splice(0, size));
    }
  }
}
