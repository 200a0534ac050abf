// The whole system in one process and in virtual time: the real run.ts, the real core, SQLite under
// the D1 statements, the simulated GitHub with its modelled runner, the simulated Cloudflare. The
// process can crash at any outside call; what was stored survives, what was queued does not.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { virtualClock } from '../../../simulator/base/clock.ts';
import type { Fetch } from '../../../simulator/base/contract.ts';
import { memoryStore } from '../../../simulator/base/store.ts';
import { type Cloudflare, createCloudflare } from '../../../simulator/cloudflare/index.ts';
import { createGithub, type Github } from '../../../simulator/github/index.ts';
import { oidcProvider } from '../../../simulator/github/oidc.ts';
import { openRepositories } from '../../../simulator/github/repositories.ts';
import { createIssuer } from '../../../simulator/issuer/index.ts';
import type { Run } from '../../../simulator/runner/contract.ts';
import {
  type Cost,
  type ModelledRunner,
  modelledRunner,
} from '../../../simulator/runner/modelled.ts';
import { type WorkersBuilds, workersBuilds } from '../../../simulator/runner/workers_builds.ts';
import { createApp } from '../../../worker-shim/app.ts';
import { Isolate } from '../../../worker-shim/isolate.ts';
import type { Ports } from '../../../worker-shim/ports.ts';
import { run } from '../../../worker-shim/run.ts';
import { tick } from '../../../worker-shim/triggers/cron.ts';
import { buryMessages, performMessages } from '../../../worker-shim/triggers/queue.ts';
import type { LogEntry, World } from '../../../worker-shim/world.ts';
import { askedBy, requestFaults } from '../../contract/github/openapi_request.ts';
import { countable } from '../support/countable.ts';
import { exchangeFaults, exchangeOf } from '../support/exchange.ts';
import { memoryPorts, memoryWorld, type QueuedEffect } from '../support/memory_ports.ts';
import { openSqliteDb, type SqliteDb } from '../support/sqlite_db.ts';
import { TimeQueue } from '../support/time_queue.ts';
import {
  account_id,
  environmentsOf,
  type FleetOptions,
  secrets,
  tokensOf,
  variables,
} from './fleet_options.ts';

export { account_id, type FleetAccount, type FleetOptions } from './fleet_options.ts';

const ark_site = join(import.meta.dirname, '../../../simulator/ark_site');
const cron_every_ms = 60_000;
const deliveries_max = 6;
/** The crash: thrown out of an outside call, as if the process were gone. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** An answer of the API. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** The running system. */
export class Fleet {
  readonly clock = virtualClock();
  readonly db: SqliteDb;
  /** The objects of the bucket. */
  readonly bucket = new Map<string, Uint8Array>();
  readonly cloudflare: Cloudflare;
  readonly github: Github;
  readonly logged: LogEntry[] = [];
  /** GitHub's tokens for jobs; it makes its keys when they are first asked for. */
  readonly oidc = oidcProvider(this.clock, 'http://oidc.test');
  /** Signs people in. */
  readonly issuer: Fetch;
  /** Processes that crashed so far. */
  crashes = 0;
  readonly #options: FleetOptions;
  #variables: Readonly<Record<string, string>>;
  readonly #runner: ModelledRunner;
  /** Builds of Workers Builds: a deploy hook starts them, or a test. */
  readonly builds: WorkersBuilds;
  readonly #app = createApp();
  #ports: Ports;
  #isolate = new Isolate();
  readonly #queued = new TimeQueue<QueuedEffect>();
  #crashed = false;
  /** What GitHub's own description has against the requests that it got. */
  readonly #wrong: string[] = [];
  #nextCron_ms: number;

  constructor(options: FleetOptions) {
    this.#options = options;
    const accounts = options.accounts ?? [];
    this.#variables = { ...variables, ...tokensOf(accounts), ...options.variables };
    this.db = options.db ?? openSqliteDb();
    const { clock } = this;
    const store = memoryStore();
    const seed = options.seed ?? 1;
    const faults = options.faults === undefined ? {} : { faults: options.faults };
    const builder = options.builder ?? join(import.meta.dirname, '../../../builder');
    const hooks = (options.hooks ?? []).map((hook) => ({
      ...{ ...hook, worker: 'slipway-builder', branch: 'main', account: account_id },
      variables: secrets,
    }));
    const repositories = {
      'neutrino-io/nno-platform-builder': { directory: builder },
      'neutrino-io/ark-site': { directory: ark_site },
    };
    this.cloudflare = createCloudflare({
      clock,
      store,
      seed,
      ...faults,
      accounts: [
        { id: account_id, tokens: [secrets.CF_API_TOKEN], ...options.account },
        ...accounts.map(({ name: _, token, ...account }) => ({ ...account, tokens: [token] })),
      ],
      limits: options.cloudflareLimits ?? {},
      git: openRepositories(repositories, store, clock),
      takenSubdomains: options.takenSubdomains ?? [],
      ...(options.deployHooks === undefined ? {} : { deployHooks: options.deployHooks }),
      buildHooks: { hooks, start: ({ id }, uuid) => this.builds.start(id, uuid) },
    });
    const around = {
      clock,
      store,
      slipway: (request: Request) => this.#fromBuilder(request),
      cloudflare: this.cloudflare.fetch,
      cloudflareUrl: variables.CLOUDFLARE_API_URL,
    };
    this.builds = workersBuilds({ ...around, hooks });
    const idToken = (run: Run, environment: string, audience: string): string =>
      this.oidc.sign(this.oidc.claimsOf(run, environment, audience));
    this.#runner = modelledRunner({
      ...around,
      seed,
      ...options.runner,
      ...(options.keyless === true ? { idToken } : {}),
      environments: environmentsOf(accounts),
    });
    this.github = createGithub({
      apps: options.apps ?? [],
      clock,
      store,
      seed,
      ...faults,
      runner: this.#runner,
      tokens: [variables.GITHUB_TOKEN],
      repositories,
      ...(options.githubLimits === undefined ? {} : { limits: options.githubLimits }),
      ...(options.listLag_ms === undefined ? {} : { listLag_ms: options.listLag_ms }),
    });
    const issued = { url: 'http://issuer.test', audience: 'slipway' };
    this.issuer = createIssuer({ ...issued, clock, store });
    this.#ports = this.#boot();
    this.#nextCron_ms = clock.now() + cron_every_ms;
  }

  /** Calls the API as the platform engineer, or with another key. */
  async api(
    method: string,
    path: string,
    body?: unknown,
    key = 'admin-key',
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const request = new Request(`http://slipway.test${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: text }),
    });
    const response = await this.#serve(request);
    return { status: response.status, text: await response.text(), headers: response.headers };
  }

  /** What the builder's jobs would have cost so far. */
  cost(): Cost {
    return this.#runner.cost();
  }

  /** Serves one request as it is. */
  fetch(request: Request): Promise<Response> {
    return this.#serve(request);
  }

  /** A new version of the instance, with other variables: what was queued stays. */
  reconfigure(changed: Readonly<Record<string, string>>): void {
    this.#variables = { ...this.#variables, ...changed };
    const queued = this.#queued.takeAll();
    this.#ports = this.#boot();
    for (const message of queued) this.#queued.push(message);
  }

  /** Lets the time pass until `done`, at most `limit_ms` of virtual time; false when it ran out. */
  async passTime(done: () => boolean | Promise<boolean>, limit_ms: number): Promise<boolean> {
    const end_ms = this.clock.now() + limit_ms;
    while (!(await done())) {
      if (this.clock.now() > end_ms) return false;
      await this.#turn();
    }
    return true;
  }

  /** Lets the time pass up to this instant, and no further. */
  async passUntil(at_ms: number): Promise<void> {
    while (this.clock.now() < at_ms) await this.#turn(at_ms);
  }

  /** Whether replaying the journal of every aggregate gives its row. */
  async unequalAggregates(): Promise<string[]> {
    const rows = this.db.sqlite.prepare('SELECT DISTINCT aggregate FROM journal').all();
    const unequal: string[] = [];
    const ports = memoryPorts({ db: this.db });
    for (const { aggregate } of rows) {
      const world = memoryWorld(this.#options.core, ports, this.#variables);
      const { body } = await run(world, { kind: 'fold', aggregate: String(aggregate) });
      if (new TextDecoder().decode(body) !== '{"equal":true}') unequal.push(String(aggregate));
    }
    return unequal;
  }

  // One instant: messages that are due, the runner, the cron; then the clock moves on.
  async #turn(latest_ms = Infinity): Promise<void> {
    this.#reboot();
    assert.deepEqual(this.#wrong, [], 'requests to GitHub');
    const now_ms = this.clock.now();
    const due = this.#queued.takeDue(now_ms);
    const runs: (() => Promise<void>)[] = due.map((message) => () => this.#perform(message));
    runs.push(
      () => this.#runner.advance(),
      () => this.builds.advance(),
    );
    if (now_ms >= this.#nextCron_ms) {
      this.#nextCron_ms = now_ms + cron_every_ms;
      runs.push(() => tick(this.#world()).catch(() => undefined));
    }
    if (this.#options.concurrent === true) await Promise.all(runs.map((begin) => begin()));
    else for (const begin of runs) await begin();
    this.#reboot();
    const next_ms = Math.min(
      latest_ms,
      this.#nextCron_ms,
      this.#runner.nextDue_ms() ?? Infinity,
      this.builds.nextDue_ms() ?? Infinity,
      this.#queued.next_ms,
    );
    this.clock.advance(Math.max(0, next_ms - this.clock.now()));
  }

  // As wrangler.toml has the queue: five retries, then the queue of dead messages.
  async #perform(message: QueuedEffect): Promise<void> {
    const queued = this.#queued;
    const { key, promised_ms, deliveries = 0 } = message;
    const take = deliveries < deliveries_max ? performMessages : buryMessages;
    await take(this.#world(), [
      {
        body: { key, due_at_ms: promised_ms },
        attempts: deliveries + 1,
        ack: () => undefined,
        retry: ({ delaySeconds }) => {
          const again_ms = deliveries + 1 < deliveries_max ? delaySeconds * 1000 : 0;
          const due_at_ms = this.clock.now() + again_ms;
          queued.push({ ...message, due_at_ms, deliveries: deliveries + 1 });
        },
      },
    ]);
  }

  async #fromBuilder(request: Request): Promise<Response> {
    const serve: Fetch = (passed) => this.#serve(passed);
    const { toApi } = this.#options;
    return toApi === undefined ? serve(request) : toApi(request, serve);
  }

  async #serve(request: Request): Promise<Response> {
    this.#reboot();
    const response = await this.#app.fetch(request, this.#world());
    if (this.#crashed) throw new TypeError('the connection was cut');
    assert.deepEqual(exchangeFaults(await exchangeOf(request, response)), [], request.url);
    assert.deepEqual(this.#wrong, [], 'requests to GitHub');
    return response;
  }

  #world(): World {
    const { core } = this.#options;
    const world = memoryWorld(core, this.#ports, this.#variables, this.#isolate);
    return { ...world, log: (entry) => this.logged.push(entry) };
  }

  #reboot(): void {
    if (!this.#crashed) return;
    this.crashes += 1;
    this.#ports = this.#boot();
  }

  // A new process: the stored state, the same outside, an empty queue.
  #boot(): Ports {
    this.#crashed = false;
    this.#isolate = new Isolate();
    const { onCall, deliver, wrapPorts } = this.#options;
    const seed = (this.#options.seed ?? 1) * 1000 + this.crashes;
    const store = this.#variables.CONFIG_STORE === 'r2' ? 'r2' : 'd1';
    const fetch: Fetch = (request) => this.#outside(request);
    const ports = memoryPorts({ db: this.db, bucket: this.bucket, store, seed, fetch });
    this.#queued.takeAll();
    const clocked: Ports = {
      ...ports,
      now: () => this.clock.now(),
      sleep: (ms) => this.clock.sleep(ms),
      queue: {
        send: async (messages) => {
          for (const { key, due_at_ms: promised_ms, delay_s } of messages) {
            const sent = { key, promised_ms, due_at_ms: this.clock.now() + delay_s * 1000 };
            for (const each of deliver?.(sent) ?? [sent]) this.#queued.push(each);
          }
        },
      },
    };
    const wrapped = wrapPorts?.(clocked) ?? clocked;
    if (onCall === undefined) return wrapped;
    return countable(wrapped, (name, phase) => {
      try {
        onCall(name, phase);
      } catch (error) {
        this.#crashed = true;
        throw error;
      }
    });
  }

  async #outside(request: Request): Promise<Response> {
    switch (new URL(request.url).hostname) {
      case 'github.test':
        this.#wrong.push(...requestFaults(await askedBy(request)));
        return this.github.fetch(request);
      case 'oidc.test':
        return this.oidc.fetch(request);
      case 'issuer.test':
        return this.issuer(request);
      case 'cloudflare.test':
        return this.cloudflare.fetch(request);
      case 'sites.test':
        return this.cloudflare.site(request);
      default:
        throw new TypeError(`nothing listens at ${request.url}`);
    }
  }
}
