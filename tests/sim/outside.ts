// Everything outside of Slipway: GitHub with its runner and webhooks, Cloudflare, the issuer of
// tokens. The builder's jobs reach Slipway over the same bad network as everybody else.
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import type { SleepingClock } from '../../simulator/base/clock.ts';
import { memoryStore } from '../../simulator/base/store.ts';
import { type Cloudflare, createCloudflare } from '../../simulator/cloudflare/index.ts';
import { createGithub, type Github } from '../../simulator/github/index.ts';
import { openRepositories } from '../../simulator/github/repositories.ts';
import { createIssuer } from '../../simulator/issuer/index.ts';
import { type Phase1Platform, plantPhase1 } from '../../simulator/phase1/plant.ts';
import type { Run, RunHost } from '../../simulator/runner/contract.ts';
import { type ModelledRunner, modelledRunner } from '../../simulator/runner/modelled.ts';
import { variables as addresses } from '../node/crash/fleet_options.ts';
import type { Chance } from './chance.ts';
import type { Plan, Rates } from './plan.ts';
import type { Scheduler } from './scheduler.ts';
import {
  account_id,
  environments,
  further_accounts,
  github_token,
  main_token,
  webhook_secret,
} from './settings.ts';
import type { UpstreamFaults } from './upstream_faults.ts';

const root = join(import.meta.dirname, '../..');
const minute_ms = 60_000;

/** What the outside is made of. */
export interface OutsideOptions {
  readonly plan: Plan;
  readonly scheduler: Scheduler;
  readonly chance: Chance;
  readonly faults: UpstreamFaults;
  readonly rates: () => Rates;
  /** Whether things go wrong now. */
  readonly inStorm: () => boolean;
  /** Told of what must not happen. */
  readonly violated: (violation: unknown) => void;
  /** Reaches Slipway; rejects where the connection is cut. */
  readonly slipway: (request: Request) => Promise<Response>;
}

/** The outside of one simulation. */
export class Outside {
  readonly cloudflare: Cloudflare;
  readonly github: Github;
  readonly issuer: (request: Request) => Promise<Response>;
  /** Platforms of the world before Slipway. */
  readonly planted: readonly Phase1Platform[];
  /** The runs that GitHub was told of. */
  host: RunHost | undefined;
  /** Names of projects that somebody made past Slipway. */
  readonly madeByHand = new Set<string>();
  /** Hooks that somebody made past Slipway. */
  readonly pasted: { readonly slug: string; readonly hook: string }[] = [];
  /** Whether GitHub was told to start some runs twice. */
  duplicated = false;
  readonly #options: OutsideOptions;
  readonly #runner: ModelledRunner;
  readonly #told = new Map<number, string>();
  #runner_due_ms = Infinity;

  constructor(options: OutsideOptions) {
    this.#options = options;
    const { plan, scheduler, faults, slipway, chance } = options;
    const clock: SleepingClock = {
      now: () => scheduler.now(),
      sleep: (ms) => scheduler.pause(ms),
    };
    const store = memoryStore();
    const repositories = {
      'neutrino-io/nno-platform-builder': { directory: join(root, 'builder') },
      'neutrino-io/ark-site': { directory: join(root, 'simulator/ark_site') },
    };
    const unknown = chance.below('what nobody documents');
    const accounts = [
      {
        id: account_id,
        tokens: [main_token],
        projectLimit: plan.accounts ? 3 : 100,
        gitSwitches: unknown.oneOf(['obeyed', 'obeyed', 'forgotten', 'ignored'] as const),
        gitUploads: unknown.oneOf(['served', 'served', 'refused', 'not_served'] as const),
      },
      ...further_accounts.map(({ id, token }) => ({ id, tokens: [token], projectLimit: 100 })),
    ];
    const around = { clock, store, seed: plan.seed };
    // How long a build waits for its turn; a newer one takes the place of one that waits.
    const queued_ms = chance.below('queue of builds').oneOf([500, 500, 45_000]);
    this.cloudflare = createCloudflare({
      ...around,
      faults,
      accounts,
      limits: { queued_ms },
      git: openRepositories(repositories, store, clock),
      deployHooks: { listed: plan.seed % 2 === 0, deletable: plan.seed % 3 !== 0 },
    });
    this.#runner = this.#runnerOf(around, slipway);
    this.github = createGithub({
      ...around,
      faults,
      repositories,
      runner: this.#watched(),
      tokens: [github_token],
      listLag_ms: plan.listLag_ms,
    });
    this.issuer = createIssuer({ clock, store, url: 'http://issuer.test', audience: 'slipway' });
    const { seed } = plan;
    const count = plan.migration ? 2 : 0;
    this.planted = plantPhase1(this, { count, account: account_id, seed });
  }

  /** Answers a request to any of the upstreams. */
  fetch(request: Request): Promise<Response> {
    switch (new URL(request.url).hostname) {
      case 'github.test':
        return this.github.fetch(request);
      case 'issuer.test':
        return this.issuer(request);
      case 'cloudflare.test':
        return this.cloudflare.fetch(request);
      case 'sites.test':
        return this.cloudflare.site(request);
      default:
        return Promise.reject(new TypeError(`nothing listens at ${request.url}`));
    }
  }

  /** Whether somebody acts past Slipway just now, by this seed's rate. */
  isMeddled(): boolean {
    const { chance, rates } = this.#options;
    return chance.hits(rates().past_slipway);
  }

  /** Makes a call that meets no fault and uses none up. */
  async untroubled<T>(call: () => Promise<T>): Promise<T> {
    const { faults } = this.#options;
    const { strength } = faults;
    faults.strength = 0;
    try {
      return await call();
    } finally {
      faults.strength = strength;
    }
  }

  /**
   * To be called after every step: plans the runner's next move, and tells of runs that changed.
   */
  afterStep(): void {
    const { scheduler } = this.#options;
    const due_ms = this.#runner.nextDue_ms() ?? Infinity;
    if (due_ms !== this.#runner_due_ms) {
      this.#runner_due_ms = due_ms;
      if (due_ms < Infinity) {
        scheduler.at(due_ms, () => void this.#advance());
      }
    }
    for (const run of this.host?.runs.all() ?? []) {
      const state = `${run.status} ${run.conclusion}`;
      if (this.#told.get(run.id) === state) continue;
      this.#told.set(run.id, state);
      this.#tell(run);
    }
  }

  async #advance(): Promise<void> {
    try {
      await this.#runner.advance();
    } catch (error) {
      this.#options.violated(error);
    }
    this.#runner_due_ms = Infinity;
  }

  #runnerOf(
    around: { clock: SleepingClock; store: ReturnType<typeof memoryStore>; seed: number },
    slipway: (request: Request) => Promise<Response>,
  ): ModelledRunner {
    const { plan, chance } = this.#options;
    const fails = chance.below('failing builds');
    const dies = chance.below('dying jobs');
    const sleeps = chance.below('sleeping runs');
    const never = new Map<number, boolean>();
    const storm = (rate: number): number => (this.#options.inStorm() ? rate : 0);
    return modelledRunner({
      ...around,
      slipway,
      cloudflare: (request) => this.cloudflare.fetch(request),
      cloudflareUrl: addresses.CLOUDFLARE_API_URL,
      environments: environments(),
      timings: { queue_ms: chance.integer(1, 4) * 20_000 },
      failures: () => (fails.hits(storm(plan.build_fails)) ? 'it does not build' : undefined),
      dies: () => dies.hits(storm(plan.build_dies)),
      neverStarts: (run) => {
        const known = never.get(run.id);
        if (known !== undefined) return known;
        const hit = sleeps.hits(storm(plan.run_never_starts));
        never.set(run.id, hit);
        return hit;
      },
    });
  }

  // The same runner, and a look at the runs that it is given.
  #watched(): ModelledRunner {
    const runner = this.#runner;
    return {
      attach: (host) => {
        this.host = host;
        runner.attach(host);
      },
      start: (run) => runner.start(run),
      cancel: (runId, force) => runner.cancel(runId, force),
      advance: () => runner.advance(),
      nextDue_ms: () => runner.nextDue_ms(),
      cost: () => runner.cost(),
    };
  }

  // GitHub's webhook: it may get lost, come twice, or come after a later one.
  #tell(run: Run): void {
    const { scheduler, chance, rates } = this.#options;
    const { webhook_lost, webhook_twice } = rates();
    if (chance.hits(webhook_lost)) return;
    const copies = chance.hits(webhook_twice) ? 2 : 1;
    const body = webhookOf(run);
    for (let copy = 0; copy < copies; copy += 1) {
      const at_ms = scheduler.now() + chance.integer(100, copy === 0 ? 5_000 : 2 * minute_ms);
      scheduler.at(at_ms, () => void this.#deliver(body, run.id));
    }
  }

  async #deliver(body: string, id: number): Promise<void> {
    const digest = createHmac('sha256', webhook_secret).update(body).digest('hex');
    const headers = {
      'content-type': 'application/json',
      'x-github-event': 'workflow_run',
      'x-github-delivery': `delivery-${id}`,
      'x-hub-signature-256': `sha256=${digest}`,
    };
    const request = new Request('http://slipway.test/webhooks/github', {
      method: 'POST',
      headers,
      body,
    });
    await this.#options.slipway(request).catch(() => undefined);
  }
}

function webhookOf(run: Run): string {
  const actions = { queued: 'requested', in_progress: 'in_progress', completed: 'completed' };
  return JSON.stringify({
    action: actions[run.status],
    workflow_run: {
      id: run.id,
      name: run.workflowName,
      display_title: run.title,
      event: 'workflow_dispatch',
      status: run.status,
      conclusion: run.conclusion,
      html_url: `https://github.com/${run.repository}/actions/runs/${run.id}`,
      run_attempt: 1,
      pull_requests: [],
    },
    workflow: { name: run.workflowName, badge_url: 'https://github.com' },
    repository: { id: 5, full_name: run.repository, private: true },
    sender: { login: 'slipway[bot]' },
  });
}
