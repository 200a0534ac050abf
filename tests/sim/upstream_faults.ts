// What goes wrong at GitHub and at Cloudflare themselves: each operation has faults and rates of
// its own, drawn when it is first called.
import type { Fault, Faults } from '../../simulator/base/contract.ts';
import type { Chance } from './chance.ts';

interface Standing {
  readonly chance: Chance;
  readonly rate: number;
  readonly kinds: readonly ((chance: Chance) => Fault)[];
}

const pages = ['<html>504</html>', '', '{}', '{"result":', '[]'];
const emptied = '{"success":true,"result":null}';

// Each is one way in which an upstream is known to fail.
const kinds: readonly ((chance: Chance) => Fault)[] = [
  () => ({ when: 'before', answer: 'timeout', delay_ms: 10_000 }),
  () => ({ when: 'after', answer: 'timeout' }),
  (chance) => ({ when: 'before', answer: chance.oneOf([500, 502, 503, 504]) }),
  (chance) => ({ when: 'after', answer: chance.oneOf([500, 502, 503, 504, 520, 524]) }),
  (chance) => {
    const headers = { 'retry-after': String(chance.integer(1, 120)) };
    return { when: 'before', answer: 429, headers };
  },
  (chance) => ({ when: 'after', answer: 200, body: chance.oneOf([...pages, emptied]) }),
  (chance) => ({ when: 'before', answer: 200, body: chance.oneOf(pages) }),
];

/** The faults of one simulation; `strength` says how many calls of an operation meet one. */
export class UpstreamFaults implements Faults {
  /** Faults that happened. */
  taken = 0;
  strength: number;
  readonly #chance: Chance;
  readonly #standing = new Map<string, Standing>();

  readonly #told: (what: string) => void;

  constructor(chance: Chance, strength: number, told: (what: string) => void) {
    this.#chance = chance;
    this.strength = strength;
    this.#told = told;
  }

  take(operation: string): Fault | undefined {
    if (this.strength === 0) return undefined;
    const { chance, rate, kinds: own } = this.#of(operation);
    if (!chance.hits(rate * this.strength)) return undefined;
    this.taken += 1;
    const fault = chance.oneOf(own)(chance);
    this.#told(`${operation}: ${fault.answer} ${fault.when} ${fault.body ?? ''}`);
    return fault;
  }

  #of(operation: string): Standing {
    const known = this.#standing.get(operation);
    if (known !== undefined) return known;
    const chance = this.#chance.below(operation);
    const own = kinds.filter(() => chance.hits(0.4));
    const rate = own.length === 0 || chance.hits(0.3) ? 0 : 0.02 * 25 ** chance.random();
    const standing = { chance, rate, kinds: own };
    this.#standing.set(operation, standing);
    return standing;
  }
}
