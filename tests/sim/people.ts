// People who use Slipway: each thinks, asks for something that may or may not make sense, repeats
// it when the connection was cut, and holds Slipway to every answer.
import { exchangeFaults, exchangeOf } from '../node/support/exchange.ts';
import type { SqliteDb } from '../node/support/sqlite_db.ts';
import type { Chance } from './chance.ts';
import type { Outside } from './outside.ts';
import type { Plan, Rates } from './plan.ts';
import type { Scheduler } from './scheduler.ts';
import { admin_key } from './settings.ts';
import type { Timeline } from './timeline.ts';
import { Violation } from './watch.ts';

/** A request of a person. */
export interface Wish {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** A person with a session; absent: the operator with the admin key. */
  readonly user?: string;
  /** The bearer key, where it is another one than the operators'. */
  readonly key?: string;
  /** The moment that the person waits for, watching; without it the request is made at once. */
  readonly when?: () => boolean;
  /** What the person does past Slipway just before. */
  readonly before?: () => void;
  /** What a success promises; throws Violation where it is not so. */
  readonly promised?: (answer: SimAnswer) => void;
}

/** An answer. */
export interface SimAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** What acts are made from. */
export interface Scene {
  readonly plan: Plan;
  readonly chance: Chance;
  readonly db: SqliteDb;
  readonly outside: Outside;
  /** A number that no other act has. */
  readonly number: number;
}

/** A kind of act: makes a wish, or acts past Slipway, or finds nothing to do. */
export type Act = (scene: Scene) => Wish | undefined | Promise<undefined>;

/** What people need to reach Slipway. */
export interface PeopleOptions {
  readonly plan: Plan;
  readonly chance: Chance;
  readonly scheduler: Scheduler;
  readonly timeline: Timeline;
  readonly db: SqliteDb;
  readonly outside: Outside;
  readonly rates: () => Rates;
  readonly fault: (name: string) => void;
  /** Reaches Slipway; rejects where the isolate is gone. */
  readonly serve: (request: Request) => Promise<Response>;
  readonly acts: ReadonlyMap<string, Act>;
  /** Told of what went wrong with an answer. */
  readonly violated: (violation: unknown) => void;
}

const tries_max = 4;
const patience_ms = 60_000;
const token_ms = 50 * 60_000;

/** All people of one simulation. */
export class People {
  /** How many wishes were answered, and how. */
  readonly answers = new Map<number, number>();
  readonly #options: PeopleOptions;
  readonly #tokens = new Map<string, { token: string; until_ms: number }>();
  #number = 0;
  #resting = false;
  #acting = 0;

  constructor(options: PeopleOptions) {
    this.#options = options;
  }

  /** People begin, each at a time of their own. */
  begin(): void {
    const { plan } = this.#options;
    for (let person = 0; person < plan.users; person += 1) void this.#live(person);
  }

  /** Nobody begins anything new. */
  rest(): void {
    this.#resting = true;
  }

  /** Whether somebody still waits for an answer. */
  isActing(): boolean {
    return this.#acting > 0;
  }

  /** One wish, repeated until there is an answer; undefined where there is none. */
  async ask(wish: Wish): Promise<SimAnswer | undefined> {
    const { timeline, scheduler, chance } = this.#options;
    this.#number += 1;
    const key = wish.method === 'POST' ? { 'idempotency-key': `key-${this.#number}` } : {};
    for (let attempt = 0; attempt < tries_max; attempt += 1) {
      try {
        const answer = await this.#once(wish, key);
        timeline.note('person', `${answer.status} to ${wish.method} ${wish.path}`);
        this.answers.set(answer.status, (this.answers.get(answer.status) ?? 0) + 1);
        if (answer.status < 500) {
          if (answer.status < 300) wish.promised?.(answer);
          return answer;
        }
      } catch (error) {
        if (error instanceof Violation) throw error;
        timeline.note('person', `no answer to ${wish.method} ${wish.path}`);
      }
      await scheduler.pause(chance.integer(500, 8_000));
    }
    return undefined;
  }

  /** Sends a request over the network of clients. Rejects where there is no answer. */
  async send(request: Request): Promise<Response> {
    const { chance, rates, scheduler, fault, serve } = this.#options;
    const fails = (kind: 'client_before' | 'client_after'): boolean => {
      const hit = chance.hits(rates()[kind]);
      if (hit) fault(kind);
      return hit;
    };
    await scheduler.pause(chance.integer(2, 30));
    if (fails('client_before')) throw new TypeError('the connection was cut');
    const response = await serve(request);
    const faults = exchangeFaults(await exchangeOf(request, response));
    if (faults.length > 0) {
      throw new Violation(`${request.method} ${request.url}: ${faults.join('; ')}`);
    }
    await scheduler.pause(chance.integer(2, 30));
    if (fails('client_after')) throw new TypeError('the connection was cut');
    return response;
  }

  async #live(person: number): Promise<void> {
    const { scheduler, chance, plan, violated } = this.#options;
    const own = chance.below(`person ${person}`);
    try {
      for (;;) {
        await scheduler.pause(Math.ceil(-Math.log(1 - own.random()) * plan.think_ms));
        if (this.#resting) return;
        this.#acting += 1;
        await this.#act(own);
        this.#acting -= 1;
      }
    } catch (error) {
      violated(error);
    }
  }

  async #act(chance: Chance): Promise<void> {
    const { acts, plan, db, outside, timeline } = this.#options;
    const names = [...acts.keys()];
    const name = chance.weighted(names, (each) => plan.weights.get(each) ?? 0);
    const act = name === undefined ? undefined : acts.get(name);
    if (act === undefined) return;
    this.#number += 1;
    const made = act({ plan, chance, db, outside, number: this.#number });
    if (made === undefined) return;
    timeline.note('person', `${name}`);
    if (made instanceof Promise) return await made;
    if (made.when !== undefined && !(await this.#sees(made.when))) return;
    made.before?.();
    await this.ask(made);
  }

  // Whether the moment came before the person lost patience.
  async #sees(moment: () => boolean): Promise<boolean> {
    const { scheduler, chance } = this.#options;
    const end_ms = scheduler.now() + patience_ms;
    while (!moment()) {
      if (this.#resting || scheduler.now() > end_ms) return false;
      await scheduler.pause(chance.integer(50, 500));
    }
    return true;
  }

  async #once(wish: Wish, key: Readonly<Record<string, string>>): Promise<SimAnswer> {
    const { method, path, body, headers, user, key: own = admin_key } = wish;
    const bearer = user === undefined ? own : await this.#tokenOf(user);
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    const request = new Request(`http://slipway.test${path}`, {
      method,
      headers: {
        authorization: `Bearer ${bearer}`,
        'content-type': 'application/json',
        ...key,
        ...headers,
      },
      ...text,
    });
    const response = await this.send(request);
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  async #tokenOf(user: string): Promise<string> {
    const { scheduler, outside } = this.#options;
    const known = this.#tokens.get(user);
    if (known !== undefined && known.until_ms > scheduler.now()) return known.token;
    const request = new Request('http://issuer.test/issuer/token', {
      method: 'POST',
      body: JSON.stringify({ user }),
    });
    const response = await outside.issuer(request);
    const { access_token: token } = (await response.json()) as { access_token: string };
    this.#tokens.set(user, { token, until_ms: scheduler.now() + token_ms });
    return token;
  }
}
