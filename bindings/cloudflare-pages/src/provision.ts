// The loop: asks the core what to do next, does that, and asks again. There is no storage here:
// what the core wants committed is dropped, and a new call finds what is there by looking.
import type { Act, Commit, Done, Need, OutputControl } from '../../js/control.ts';
import type { Core, CoreModule } from '../../js/core.ts';
import { createCore } from '../../js/core.ts';
import type { Exchange } from '../../js/exchange.ts';
import { bytesOf, decodeFrame, segmentAt, textOf } from '../../js/frame.ts';
import { type Gathered, openTranscript, type Transcript } from '../../js/transcript.ts';
import { raced, sleep } from './abort.ts';
import { coreFault, refused, unfinished } from './problems.ts';
import type { Progress, Provision, Provisioned, ProvisionOptions, WaitReason } from './types.ts';
import { Upstream } from './upstream.ts';

const rounds_max = 16;
const default_tries = 8;
const default_deadline_ms = 300_000;

/** Clock, waiting and randomness. */
export interface Machine {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Rejects with the signal's reason. */
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>;
  /** 32 lower-case hex digits. */
  entropy(): string;
}

const machine: Machine = {
  now: () => Date.now(),
  sleep,
  entropy: () => {
    const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  },
};

/** The core's answer: what stands, and when to look again. */
interface View {
  readonly projectName: string;
  readonly projectUrl?: string;
  readonly orphanedHooks?: readonly string[];
  readonly againAfterMs?: number;
}

/** `provision` over the core that `load` gives, once. */
export function provisioner(load: () => Promise<CoreModule>, on: Machine = machine): Provision {
  const cores = new WeakMap<CoreModule, Core>();
  let own: Promise<CoreModule> | undefined;
  const coreOf = async (given: CoreModule | undefined): Promise<Core> => {
    own = given === undefined ? (own ?? load()) : own;
    try {
      const module = given ?? (await own) ?? {};
      const core = cores.get(module) ?? createCore(module);
      cores.set(module, core);
      return core;
    } catch (error) {
      own = undefined;
      throw coreFault(error instanceof Error ? error.message : String(error), true);
    }
  };
  return async (slug, options) => {
    const { signal } = options;
    signal?.throwIfAborted();
    const upstream = new Upstream(options);
    const core = await raced(coreOf(options.core), signal);
    return new Call(core, slug, options, upstream, on).run();
  };
}

class Call {
  readonly #core: Core;
  readonly #slug: string;
  readonly #options: ProvisionOptions;
  readonly #upstream: Upstream;
  readonly #on: Machine;
  readonly #orphans = new Set<string>();
  /** Values that the core gave to be stored, by id: the hook, never anything else. */
  readonly #sealed = new Map<string, string>();
  #reason: WaitReason = 'unclear_answer';
  #projectTold = false;

  constructor(
    core: Core,
    slug: string,
    options: ProvisionOptions,
    upstream: Upstream,
    on: Machine,
  ) {
    this.#core = core;
    this.#slug = slug;
    this.#options = options;
    this.#upstream = upstream;
    this.#on = on;
  }

  async run(): Promise<Provisioned> {
    const { maxTries = default_tries, deadlineMs = default_deadline_ms, signal } = this.#options;
    const end_ms = this.#on.now() + deadlineMs;
    for (let attempt = 0; ; attempt += 1) {
      const result = await this.#attempt(attempt);
      if (typeof result !== 'number') return result;
      const over = this.#on.now() + result > end_ms;
      if (over || attempt + 1 >= maxTries) {
        const why = over ? 'the next look would be past the deadline' : 'all tries are used up';
        throw unfinished(`${why} (${this.#reason})`, result);
      }
      this.#tell({ step: 'waiting', ms: result, reason: this.#reason });
      signal?.throwIfAborted();
      await this.#on.sleep(result, signal);
    }
  }

  /** From the top; a number is how long to wait before the next one. */
  async #attempt(attempt: number): Promise<Provisioned | number> {
    const transcript = this.#open(attempt);
    for (let round = 0; round < rounds_max; round += 1) {
      const { control, segments } = this.#step(transcript);
      const { need, act, done } = control;
      if (need !== undefined) transcript.add(await this.#read(need, segments));
      else if (act !== undefined) transcript.add([await this.#act(act, segments)]);
      else if (done !== undefined) return this.#finish(done, segments);
      else break;
    }
    throw coreFault('it came to no end', false);
  }

  #open(attempt: number): Transcript {
    const { accountId, github, productionBranch, build, variables, hookName } = this.#options;
    const wish = {
      slug: this.#slug,
      accountId,
      owner: github?.owner,
      repository: github?.repository,
      productionBranch,
      buildCommand: build?.command,
      buildOutput: build?.output,
      rootDir: build?.root,
      variables,
      hookName,
      attempt,
    };
    const now_ms = this.#on.now();
    const opening = {
      now_ms,
      received_ms: now_ms,
      entropy: this.#on.entropy(),
      settings: {},
      credentials: ['cloudflare:main'],
    };
    const body = bytesOf(JSON.stringify(wish));
    return openTranscript(opening, { kind: 'provision', body: 1 }, body);
  }

  #step(transcript: Transcript): { control: OutputControl; segments: Uint8Array[] } {
    try {
      const segments = decodeFrame(this.#core.step(transcript.frame()));
      const control = JSON.parse(textOf(segmentAt(segments, 0))) as OutputControl;
      return { control, segments };
    } catch (error) {
      throw coreFault(error instanceof Error ? error.name : 'unknown', false);
    }
  }

  async #read(needs: readonly Need[], segments: readonly Uint8Array[]): Promise<Gathered[]> {
    const gathered: Gathered[] = [];
    for (const need of needs) {
      const { key } = need;
      if (need.read === 'upstream') {
        this.#tellOf(key);
        gathered.push(this.#fact(key, await this.#upstream.send(need.request, segments)));
      } else {
        // Nobody else's budget is kept here, and nothing is stored.
        gathered.push({ key, outcome: need.read === 'spend' ? 'granted' : 'absent' });
      }
    }
    return gathered;
  }

  async #act({ key, commit, request }: Act, segments: readonly Uint8Array[]): Promise<Gathered> {
    this.#remember(commit, segments);
    this.#tellOf(key);
    return this.#fact(key, await this.#upstream.send(request, segments));
  }

  #fact(key: string, { fact, bytes }: Exchange): Gathered {
    if (fact.outcome === 'lost') this.#reason = 'no_answer';
    else if (fact.outcome === 'answered') {
      const asked = fact.status === 429 || fact.headers['retry-after'] !== undefined;
      this.#reason = asked ? 'asked_to_wait' : 'unclear_answer';
    }
    return bytes === undefined ? { key, ...fact } : { key, ...fact, bytes };
  }

  #remember(commit: Commit | undefined, segments: readonly Uint8Array[]): void {
    for (const { id, segment } of commit?.seals ?? []) {
      const value = textOf(segmentAt(segments, segment));
      this.#upstream.keep(value);
      this.#sealed.set(id, value);
    }
  }

  #finish({ commit, reply }: Done, segments: readonly Uint8Array[]): Provisioned | number {
    this.#remember(commit, segments);
    if (reply?.segment === undefined) throw coreFault('it gave no answer', false);
    const document: unknown = JSON.parse(textOf(segmentAt(segments, reply.segment)));
    if (reply.status >= 400) throw refused(document, (text) => this.#upstream.clean(text));
    const { projectName, projectUrl, orphanedHooks, againAfterMs } = document as View;
    for (const name of orphanedHooks ?? []) this.#orphans.add(name);
    if (reply.status === 202) return againAfterMs ?? 1000;
    const { id = '', prefix = '' } = reply.sealed_member ?? {};
    const hook = this.#sealed.get(id);
    if (hook === undefined || projectUrl === undefined) throw coreFault('it gave no hook', false);
    this.#tell({ step: 'hook_ready' });
    const deployHookUrl = prefix + hook;
    return { projectName, deployHookUrl, projectUrl, orphanedHooks: [...this.#orphans] };
  }

  #tellOf(key: string): void {
    if (key === 'look:project') this.#tell({ step: 'looking' });
    if (key === 'act:create_project') this.#tell({ step: 'creating_project' });
    const hooks = key === 'look:hooks' || key === 'act:create_hook';
    if (hooks && !this.#projectTold) {
      this.#projectTold = true;
      this.#tell({ step: 'project_ready' });
    }
    if (key === 'act:create_hook') this.#tell({ step: 'creating_hook' });
  }

  #tell(progress: Progress): void {
    try {
      this.#options.onProgress?.(progress);
    } catch {
      // A listener that fails must not leave a project behind that nobody knows of.
    }
  }
}
