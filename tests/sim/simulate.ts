// One simulation from its seed: users act while things go wrong, then nothing goes wrong any more
// and everything must come to rest, then people mend what waits for a person and all must be live.
import type { Core } from '../../bindings/js/core.ts';
import { CoreTrap } from '../../bindings/js/core.ts';
import type { LogEntry } from '../../worker-shim/world.ts';
import { openSqliteDb } from '../node/support/sqlite_db.ts';
import { migrationActs } from './acts_migration.ts';
import { operatorActs } from './acts_operations.ts';
import { orgActs } from './acts_orgs.ts';
import { platformActs } from './acts_platforms.ts';
import { Chance } from './chance.ts';
import { Isolates } from './isolates.ts';
import { Outside } from './outside.ts';
import { type Act, People } from './people.ts';
import { calm, type Kind, type Plan, planOf, type Rates } from './plan.ts';
import type { Around } from './ports.ts';
import { SimQueue } from './queue.ts';
import { Scheduler } from './scheduler.ts';
import { marker, variablesOf } from './settings.ts';
import { digestOf, secretsIn } from './storage.ts';
import { Timeline } from './timeline.ts';
import { heal, judge, judgeLive, pendingEffects, thaw } from './truth.ts';
import { UpstreamFaults } from './upstream_faults.ts';
import { Violation, Watch } from './watch.ts';

/** Every kind of act, by its name. */
export const acts: ReadonlyMap<string, Act> = new Map(
  Object.entries({ ...platformActs, ...migrationActs, ...operatorActs, ...orgActs }),
);

/** The kinds of acts, and what they are about. */
export const kinds: readonly Kind[] = [
  ...Object.keys(platformActs).map((name): Kind => ({ name, about: 'platforms' })),
  ...Object.keys(migrationActs).map((name): Kind => ({ name, about: 'migration' })),
  ...Object.keys(operatorActs).map((name): Kind => ({ name, about: 'upkeep' })),
  ...Object.keys(orgActs).map((name): Kind => ({ name, about: 'orgs' })),
];

const minute_ms = 60_000;
const hour_ms = 60 * minute_ms;
/** Within so long after the last fault everything must have come to rest. */
const rest_ms_max = 48 * hour_ms;
const start_ms = Date.UTC(2026, 0, 1);

/** What one seed came to. */
export interface Result {
  readonly seed: number;
  readonly steps: number;
  readonly calls: number;
  readonly faults: number;
  readonly evictions: number;
  readonly events: number;
  readonly simulated_ms: number;
  /** How often each edge was taken. */
  readonly edges: ReadonlyMap<string, number>;
  /** Faults by kind. */
  readonly kinds: ReadonlyMap<string, number>;
  /** A number over all that happened and all that is stored: equal for equal runs. */
  readonly digest: string;
  /** What was broken; absent: nothing. */
  readonly violation?: string;
  /** The timeline, where it was asked for. */
  readonly lines: readonly string[];
}

/** What may be chosen. */
export interface SimulateOptions {
  readonly core: Core;
  /** Whether the timeline is kept. */
  readonly timeline?: boolean;
  /** Stands before the ports, to plant a bug. */
  readonly bug?: (around: Around) => Around;
}

/** Simulates one seed to its end, or to the first broken invariant. */
export async function simulate(seed: number, options: SimulateOptions): Promise<Result> {
  const simulation = new Simulation(planOf(seed, kinds), options);
  return await simulation.run();
}

/** The state of one run: whoever needs it is given a part of it. */
export class Simulation {
  readonly plan: Plan;
  readonly db = openSqliteDb();
  readonly bucket = new Map<string, Uint8Array>();
  readonly scheduler: Scheduler;
  readonly timeline: Timeline;
  readonly outside: Outside;
  readonly people: People;
  readonly watch: Watch;
  readonly #isolates: Isolates;
  readonly #faults: UpstreamFaults;
  readonly #chance: Chance;
  readonly #kinds = new Map<string, number>();
  #rates: Rates;
  #calls = 0;
  #violation: unknown;
  #storms = true;

  constructor(plan: Plan, options: SimulateOptions) {
    this.plan = plan;
    this.#rates = plan.rates;
    const chance = new Chance(plan.seed, 'world');
    this.#chance = chance;
    this.scheduler = new Scheduler(chance.below('order').random, start_ms);
    const { scheduler } = this;
    this.timeline = new Timeline(() => scheduler.now(), options.timeline === true);
    this.#faults = new UpstreamFaults(chance.below('upstreams'), plan.rates.upstream, (what) =>
      this.timeline.note('upstream', `fault: ${what}`),
    );
    const rates = (): Rates => this.#rates;
    const fault = (name: string): void => this.#count(name);
    const variables = variablesOf(plan);
    const network = (request: Request): Promise<Response> => this.people.send(request);
    this.outside = new Outside({
      ...{ plan, scheduler, rates, chance: chance.below('outside'), faults: this.#faults },
      slipway: (request) => network(request),
      inStorm: () => this.#storms,
      violated: (violation) => this.#broken(violation),
    });
    const around: Around = {
      ...{ scheduler, timeline: this.timeline, db: this.db, bucket: this.bucket, rates, fault },
      queue: new SimQueue(scheduler, chance.below('queue'), rates, fault),
      outside: (request) => this.outside.fetch(request),
      store: plan.store,
      call: () => {
        this.#calls += 1;
      },
    };
    this.#isolates = new Isolates({
      ...(options.bug?.(around) ?? around),
      core: this.#fragile(options.core),
      chance: chance.below('isolates'),
      variables,
      skew_ms: plan.skew_ms,
      log: (entry) => this.#log(entry),
    });
    this.people = new People({
      ...{ plan, scheduler, timeline: this.timeline, db: this.db, outside: this.outside },
      ...{ rates, fault, acts, chance: chance.below('people') },
      serve: (request) => this.#isolates.serve(request),
      violated: (violation) => this.#broken(violation),
    });
    this.watch = new Watch(this.db, options.core, variables);
  }

  /** Runs it. */
  async run(): Promise<Result> {
    try {
      this.#beat();
      this.people.begin();
      await this.passUntil(start_ms + this.plan.storm_ms);
      this.people.rest();
      this.#rates = calm;
      this.#faults.strength = 0;
      this.#storms = false;
      this.timeline.note('weather', 'nothing goes wrong any more');
      while (this.people.isActing()) await this.passUntil(this.scheduler.now() + 1_000);
      await thaw(this);
      await this.passToRest();
      await judge(this, 'after the storm');
      await heal(this);
      await this.passToRest();
      await judge(this, 'after all was mended');
      judgeLive(this);
      this.#search();
    } catch (error) {
      this.#violation ??= error;
    }
    const digest = `${this.timeline.digest()}-${digestOf(this.db, this.bucket)}`;
    const result = this.#result(digest);
    this.db.sqlite.close();
    return result;
  }

  /** Lets the time pass up to this instant. @throws Violation */
  async passUntil(at_ms: number): Promise<void> {
    while (this.scheduler.next_ms() <= at_ms) await this.#step();
    this.scheduler.rest(at_ms);
  }

  /** Lets the time pass until nothing is promised and nobody waits. @throws Violation */
  async passToRest(): Promise<void> {
    const end_ms = this.scheduler.now() + rest_ms_max;
    for (;;) {
      await this.passUntil(this.scheduler.now() + 30_000);
      const pending = pendingEffects(this);
      if (pending.length === 0) return;
      if (this.scheduler.now() > end_ms) {
        throw new Violation(`not at rest after 48 hours: ${pending.join(', ')}`);
      }
    }
  }

  async #step(): Promise<void> {
    await this.scheduler.step();
    if (this.#violation !== undefined) throw this.#violation;
    await this.watch.afterStep();
    this.outside.afterStep();
  }

  // The cron, every minute or so, whether the one before has ended or not.
  #beat(): void {
    const { scheduler } = this;
    const chance = this.#chance.below('cron');
    const next = (): void => {
      scheduler.at(scheduler.now() + minute_ms + chance.integer(-2_000, 2_000), () => {
        next();
        if (chance.hits(this.#rates.cron_missed)) return;
        void this.#isolates.cron();
        if (chance.hits(this.#rates.cron_twice)) void this.#isolates.cron();
      });
    };
    next();
  }

  // The core, which traps now and then, and whose frames hold no credential.
  #fragile(core: Core): Core {
    const chance = this.#chance.below('traps');
    const secret = Buffer.from(marker);
    return {
      step: (frame) => {
        if (Buffer.from(frame.buffer, frame.byteOffset, frame.length).includes(secret)) {
          this.#broken(new Violation('a credential is in a frame'));
        }
        if (chance.hits(this.#rates.trap)) {
          this.#count('trap');
          throw new CoreTrap('the simulated core trapped');
        }
        return core.step(frame);
      },
      traps: () => core.traps(),
    };
  }

  #log(entry: LogEntry): void {
    const text = JSON.stringify(entry);
    this.timeline.note('log', text);
    if (text.includes(marker)) this.#broken(new Violation(`a secret is in the log: ${text}`));
  }

  #count(name: string): void {
    this.#kinds.set(name, (this.#kinds.get(name) ?? 0) + 1);
  }

  #broken(violation: unknown): void {
    this.#violation ??= violation;
  }

  #search(): void {
    const found = secretsIn(this.db, this.bucket, marker);
    if (found.length > 0) throw new Violation(`a secret is stored: ${found.join(', ')}`);
  }

  #result(digest: string): Result {
    const violation = this.#violation;
    const events = this.db.sqlite.prepare('SELECT max(id) AS n FROM journal').get()?.n;
    if (this.#faults.taken > 0) this.#kinds.set('upstream', this.#faults.taken);
    const faults = [...this.#kinds.values()].reduce((sum, count) => sum + count, 0);
    return {
      seed: this.plan.seed,
      steps: this.scheduler.steps,
      calls: this.#calls,
      faults: faults + this.#isolates.evictions,
      evictions: this.#isolates.evictions,
      events: Number(events ?? 0),
      simulated_ms: this.scheduler.now() - start_ms,
      edges: this.watch.machines.taken,
      kinds: this.#kinds,
      digest,
      ...(violation === undefined ? {} : { violation: textOf(violation) }),
      lines: this.timeline.lines,
    };
  }
}

function textOf(violation: unknown): string {
  if (violation instanceof Violation) return violation.message;
  return violation instanceof Error ? (violation.stack ?? violation.message) : String(violation);
}
