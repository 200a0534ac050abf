// Workers Builds as a runner: each build claims the next batch that waits for a runner in an
// account, and serves all its shards one after the other. Builds of a Cloudflare account run so
// many at a time, and none for longer than Cloudflare lets it.

import { createHash } from 'node:crypto';
import { DEFAULT_TIMINGS, type ModelledRunnerOptions, varied } from './modelled.ts';
import { Agenda } from './modelled_agenda.ts';
import { type Progress, type Surroundings, secretsOf, takeStep } from './modelled_steps.ts';

/** What the builds of one deploy hook do. */
export interface BuildPlan {
  /** The hook's id. */
  readonly id: string;
  readonly worker: string;
  /** The Cloudflare account whose places the builds take. */
  readonly account: string;
  /** The account in Slipway whose next batch is claimed, and its environment, if only one. */
  readonly claims: { readonly account: string; readonly env?: string | undefined };
  /** The build's variables: those of a GitHub environment. */
  readonly variables: Readonly<Record<string, string>>;
}

/** What the builds are made of. */
export interface WorkersBuildsOptions
  extends Pick<
    ModelledRunnerOptions,
    'clock' | 'store' | 'slipway' | 'cloudflare' | 'cloudflareUrl' | 'failures'
  > {
  readonly hooks: readonly BuildPlan[];
  readonly timings?: ModelledRunnerOptions['timings'];
  readonly seed?: number;
  /** Builds of one Cloudflare account at the same time: 1, as on the Free plan; 6 when paid. */
  readonly concurrent?: number;
  /** After so long a build is ended: 20 minutes. */
  readonly timeout_ms?: number;
}

/** One build. */
export interface Build {
  readonly id: number;
  readonly build_uuid: string;
  /** The secret end of the hook's address. */
  readonly hook: string;
  readonly worker: string;
  /** What it calls itself in claims and reports: 20 digits. */
  readonly runId: string;
  readonly created_ms: number;
  started_ms: number | null;
  ended_ms: number | null;
  outcome: 'success' | 'failure' | null;
}

/** The builds; they move only when they are told to. */
export interface WorkersBuilds {
  /** Queues a build of the hook. */
  start(hook: string, build_uuid: string): void;
  /** Performs everything that is due by the clock. A call during a call joins it. */
  advance(): Promise<void>;
  /** When something is due next, in milliseconds since the epoch; undefined: nothing is active. */
  nextDue_ms(): number | undefined;
  /** Every build, oldest first. */
  builds(): readonly Readonly<Build>[];
  /** What a build wrote since this process began. */
  log(id: number): string;
}

const FREE_PLAN_BUILDS = 1;
const TIMEOUT_ms = 20 * 60_000;
const FOLDER = 'workers_builds';

/** Makes the runner; builds that an earlier process left go on. */
export function workersBuilds(options: WorkersBuildsOptions): WorkersBuilds {
  return new Builds(options);
}

class Builds implements WorkersBuilds {
  readonly #options: WorkersBuildsOptions;
  readonly #agenda: Agenda;
  readonly #builds = new Map<number, Build>();
  readonly #logs = new Map<number, string[]>();
  /** Builds that wait for a place, in order. */
  readonly #waiting = new Set<number>();
  /** How many builds of each Cloudflare account run. */
  readonly #running = new Map<string, number>();
  #advancing: Promise<void> | undefined;

  constructor(options: WorkersBuildsOptions) {
    this.#options = options;
    this.#agenda = new Agenda(options.store, FOLDER);
    for (let id = 1; ; id += 1) {
      const build = options.store.get<Build>(`${FOLDER}/build/${id}`);
      if (build === undefined) break;
      this.#builds.set(id, build);
      if (build.ended_ms !== null) continue;
      if (build.started_ms === null) this.#waiting.add(id);
      else this.#count(build, 1);
      if (this.#agenda.restore(id) === undefined) this.#queue(id);
    }
    this.#fillPlaces();
  }

  start(hook: string, build_uuid: string): void {
    const id = this.#builds.size + 1;
    const created_ms = this.#options.clock.now();
    const runId = digitsOf(build_uuid);
    const { worker } = this.#planOf({ hook });
    const state = { started_ms: null, ended_ms: null, outcome: null };
    this.#save({ id, build_uuid, hook, worker, runId, created_ms, ...state });
    this.#waiting.add(id);
    this.#queue(id);
    this.#fillPlaces();
  }

  nextDue_ms(): number | undefined {
    return this.#agenda.nextDue_ms();
  }

  builds(): readonly Readonly<Build>[] {
    return [...this.#builds.values()];
  }

  log(id: number): string {
    return (this.#logs.get(id) ?? []).join('');
  }

  advance(): Promise<void> {
    this.#advancing ??= this.#performDue().finally(() => {
      this.#advancing = undefined;
    });
    return this.#advancing;
  }

  async #performDue(): Promise<void> {
    for (;;) {
      const due = this.#agenda.due(this.#options.clock.now());
      if (due === undefined) return;
      await this.#perform(due);
    }
  }

  async #perform(progress: Progress): Promise<void> {
    const build = this.#known(progress.id);
    const now_ms = this.#options.clock.now();
    const { timeout_ms = TIMEOUT_ms } = this.#options;
    if (now_ms >= (build.started_ms ?? now_ms) + timeout_ms) {
      this.#note(build.id, 'the build took too long');
      this.#end(build, 'failure');
      return;
    }
    const after = await takeStep(this.#around(build), progress);
    if ('conclusion' in after) {
      this.#end(build, after.conclusion === 'success' ? 'success' : 'failure');
    } else this.#agenda.keep(after);
  }

  #around(build: Build): Surroundings {
    const { clock, hooks: _, ...options } = this.#options;
    const plan = this.#planOf(build);
    return {
      ...options,
      clock,
      timings: { ...DEFAULT_TIMINGS, ...options.timings },
      vary: varied(options.seed),
      runId: build.runId,
      selector: plan.claims,
      everyShard: true,
      environment: `of the hook of ${plan.worker}`,
      secrets: secretsOf(plan.variables),
      dies: () => false,
      note: (text) => this.#note(build.id, text),
    };
  }

  #queue(id: number): void {
    const none = { shard: 0, next: 0, tries: 0, failed: 0, uploaded: 0 };
    this.#agenda.keep({ id, runId: id, phase: 'waiting', due_ms: 0, ...none });
  }

  #fillPlaces(): void {
    const { clock, concurrent = FREE_PLAN_BUILDS, timings, seed } = this.#options;
    const { queue_ms, setup_ms } = { ...DEFAULT_TIMINGS, ...timings };
    for (const id of this.#waiting) {
      const build = this.#known(id);
      const progress = this.#agenda.get(id);
      if (!progress || this.#count(build, 0) >= concurrent) continue;
      this.#waiting.delete(id);
      this.#count(build, 1);
      const started_ms = clock.now();
      const due_ms = started_ms + varied(seed)(`build ${id}`, queue_ms + setup_ms);
      this.#agenda.keep({ ...progress, phase: 'claim', due_ms });
      this.#save({ ...build, started_ms });
    }
  }

  #end(build: Build, outcome: 'success' | 'failure'): void {
    this.#save({ ...build, outcome, ended_ms: this.#options.clock.now() });
    this.#agenda.drop(build.id);
    this.#count(build, -1);
    this.#fillPlaces();
  }

  /** How many builds run in the account of this one, after adding some. */
  #count(build: Build, more: number): number {
    const { account } = this.#planOf(build);
    const running = (this.#running.get(account) ?? 0) + more;
    this.#running.set(account, running);
    return running;
  }

  #planOf({ hook }: Pick<Build, 'hook'>): BuildPlan {
    const plan = this.#options.hooks.find(({ id }) => id === hook);
    if (plan === undefined) throw new RangeError('no such build hook');
    return plan;
  }

  #known(id: number): Build {
    const build = this.#builds.get(id);
    if (build === undefined) throw new RangeError(`no build ${id}`);
    return build;
  }

  #save(build: Build): void {
    this.#builds.set(build.id, build);
    this.#options.store.put(`${FOLDER}/build/${build.id}`, build);
  }

  #note(id: number, text: string): void {
    const lines = this.#logs.get(id) ?? [];
    lines.push(`${new Date(this.#options.clock.now()).toISOString()} ${text.trimEnd()}\n`);
    this.#logs.set(id, lines);
  }
}

// A runner without GitHub draws a random number; this one draws it from its build's id.
function digitsOf(build_uuid: string): string {
  const digest = createHash('sha256').update(build_uuid).digest('hex').slice(0, 20);
  return String(BigInt(`0x${digest}`) % 10n ** 20n).padStart(20, '1');
}
