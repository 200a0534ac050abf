// What many seeds came to, together.
import type { Result } from './simulate.ts';

/** The sum of results. */
export class Sum {
  readonly edges = new Map<string, number>();
  readonly kinds = new Map<string, number>();
  /** Seeds that broke an invariant, and which. */
  readonly violations: { readonly seed: number; readonly violation: string }[] = [];
  readonly #wanted: number;
  readonly #began = performance.now();
  #seeds = 0;
  #steps = 0;
  #calls = 0;
  #faults = 0;
  #evictions = 0;
  #events = 0;
  #simulated_ms = 0;

  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  add(result: Result): void {
    const { seed, violation } = result;
    this.#seeds += 1;
    this.#steps += result.steps;
    this.#calls += result.calls;
    this.#faults += result.faults;
    this.#evictions += result.evictions;
    this.#events += result.events;
    this.#simulated_ms += result.simulated_ms;
    for (const [name, count] of result.edges) addTo(this.edges, name, count);
    for (const [name, count] of result.kinds) addTo(this.kinds, name, count);
    if (violation !== undefined) this.violations.push({ seed, violation });
  }

  /** One line of progress. */
  progress(): string {
    const { perSecond } = this;
    return (
      `${this.#seeds} of ${this.#wanted} seeds, ${perSecond(this.#steps)} steps/s, ` +
      `${perSecond(this.#faults)} faults/s, ${this.edges.size} edges, ` +
      `${this.violations.length} broken`
    );
  }

  /** The sum for people. */
  text(from: number, to: number): string {
    const { perSecond } = this;
    const s = this.#seconds();
    const kinds = [...this.kinds].sort(([, a], [, b]) => b - a);
    return [
      `seeds ${from} to ${to}: ${this.violations.length} of ${this.#seeds} broken`,
      `${s.toFixed(0)} s for ${(this.#simulated_ms / 3_600_000).toFixed(0)} simulated hours`,
      `${this.#steps} steps (${perSecond(this.#steps)}/s), ${this.#calls} outside calls, ` +
        `${this.#events} events`,
      `${this.#faults} faults (${perSecond(this.#faults)}/s), ${this.#evictions} evictions: ` +
        kinds.map(([name, count]) => `${name} ${count}`).join(', '),
      `${this.edges.size} distinct edges (${(this.edges.size / s).toFixed(1)}/s)`,
    ].join('\n');
  }

  /** The sum for programs. */
  json(): object {
    return {
      seeds: this.#seeds,
      seconds: this.#seconds(),
      simulated_hours: this.#simulated_ms / 3_600_000,
      steps: this.#steps,
      calls: this.#calls,
      events: this.#events,
      faults: this.#faults,
      evictions: this.#evictions,
      kinds: Object.fromEntries(this.kinds),
      edges: Object.fromEntries(this.edges),
      violations: this.violations,
    };
  }

  readonly perSecond = (count: number): string => (count / this.#seconds()).toFixed(0);

  #seconds(): number {
    return Math.max(0.001, (performance.now() - this.#began) / 1000);
  }
}

function addTo(counts: Map<string, number>, name: string, count: number): void {
  counts.set(name, (counts.get(name) ?? 0) + count);
}
