// A whole product for one test: `npm start`, its API and its simulated outside.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Secrets } from '../../scripts/start/instance.ts';
import { dispatchesUnderWay } from './dispatches.ts';
import type { Place } from './place.ts';
import { hold, instanceProcesses, killNow, release, workerProcesses } from './processes.ts';

const root = join(import.meta.dirname, '../..');

/** An answer with its body read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** How long anything is waited for: other suites run beside this one, and take their share. */
const patience_ms = 400_000;

/** Waits for something to become true; fails, saying what, when patience is over. */
export async function until(what: string, probe: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + patience_ms;
  while (!(await probe())) {
    if (performance.now() > deadline) assert.fail(`this did not come: ${what}`);
    await pause(100);
  }
}

/** Lets time pass, in milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** One run of `npm start`. */
export class Product {
  readonly place: Place;
  /** Every answer of the API so far, headers and body. */
  readonly answers: string[] = [];
  #output = '';
  readonly #process: ChildProcess;
  readonly #exited: Promise<number>;

  /** `script` without set-up, scripts/start/main.ts, where that was done before. */
  constructor(place: Place, flags: readonly string[] = [], script = 'scripts/start.mjs') {
    this.place = place;
    const { port, state } = place;
    const args = [script, ...flags, '--port', String(port), '--state', state];
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, SLIPWAY_E2E_STATE: state },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (bytes: Buffer) => {
        this.#output += bytes.toString();
      });
    }
    this.#process = child;
    this.#exited = new Promise((resolve) => {
      child.on('close', (code, signal) => resolve(code ?? (signal === null ? 1 : 128)));
    });
  }

  /** What it has printed so far. */
  get output(): string {
    return this.#output;
  }

  get secrets(): Secrets {
    return JSON.parse(readFileSync(join(this.place.state, 'secrets.json'), 'utf8')) as Secrets;
  }

  /** Its exit code; fails when it does not end. */
  async exited(): Promise<number> {
    let code: number | undefined;
    void this.#exited.then((known) => {
      code = known;
    });
    await until(`its end\n${this.#output}`, () => code !== undefined);
    return code ?? 1;
  }

  /** Waits until it has printed `text`; fails at once when it ends without. */
  async printed(text: string): Promise<void> {
    await until(`"${text}" in the output`, () => {
      if (this.#output.includes(text)) return true;
      assert.equal(this.#process.exitCode, null, `it ended early:\n${this.#output}`);
      return false;
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}; printed so far:\n${this.#output}`);
    });
  }

  /** Asks it to end, as a terminal or a service manager would; its exit code. */
  async stop(): Promise<number> {
    this.#process.kill('SIGTERM');
    return this.exited();
  }

  /** Kills every process of it, without asking; how many there were. */
  async killAll(): Promise<number> {
    const killed = new Set<number>();
    const left = (): number[] => instanceProcesses(this.place.state);
    for (let pids = left(); pids.length > 0; pids = left()) {
      killNow(pids);
      for (const pid of pids) killed.add(pid);
      await pause(20);
    }
    return killed.size;
  }

  /** Kills the process group of `npm start` alone, as a supervisor does that has lost patience. */
  async killGroup(): Promise<void> {
    if (this.#process.pid !== undefined) process.kill(-this.#process.pid, 'SIGKILL');
    await this.exited();
  }

  /** Kills the Worker's processes, while no dispatch is under way; how many there were. */
  async killWorker(): Promise<number> {
    let pids: number[] = [];
    await until('a moment without a dispatch under way', async () => {
      pids = workerProcesses(this.place.state);
      await hold(pids);
      if (dispatchesUnderWay(this.place).length === 0) return true;
      release(pids);
      return false;
    });
    killNow(pids);
    const gone = (pid: number): boolean => !existsSync(`/proc/${pid}/exe`);
    await until('the end of the killed Worker', () => pids.every(gone));
    return pids.length;
  }

  /** Waits until the Worker answers. */
  async workerAnswers(): Promise<void> {
    await until('an answer of the Worker', async () => {
      assert.equal(this.#process.exitCode, null, `npm start ended:\n${this.#output}`);
      const answer = await this.api('GET', '/healthz').catch(() => undefined);
      return answer?.status === 200;
    });
  }

  /** One call of the API, as the platform engineer or with another key. */
  async api(
    method: string,
    path: string,
    body?: object,
    key = this.secrets.admin_key,
  ): Promise<Answer> {
    const answer = await ask(`http://127.0.0.1:${this.place.port}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    this.answers.push(`${JSON.stringify([...answer.headers])}\n${answer.text}`);
    return answer;
  }

  /** The document of a call that must succeed. */
  async document<Shape>(path: string): Promise<Shape> {
    const { status, text } = await this.api('GET', path);
    assert.equal(status, 200, `${path}: ${text}`);
    return JSON.parse(text) as Shape;
  }

  /** One call to the simulated outside, as GitHub or Cloudflare with the instance's token. */
  async outside(path: string, init: RequestInit = {}): Promise<Answer> {
    const { cloudflare_token, github_token } = this.secrets;
    const token = path.startsWith('/cloudflare/') ? cloudflare_token : github_token;
    const headers = { authorization: `Bearer ${token}`, 'user-agent': 'e2e', ...init.headers };
    return ask(`http://127.0.0.1:${this.place.port + 1}${path}`, { ...init, headers });
  }

  /** The runs of the builder as GitHub lists them: at most 100. */
  async runs(): Promise<GithubRun[]> {
    const path = '/github/repos/neutrino-io/nno-platform-builder/actions/runs?per_page=100';
    const { workflow_runs } = JSON.parse((await this.outside(path)).text);
    return workflow_runs as GithubRun[];
  }

  /** The projects of platforms in the simulated Cloudflare: those that no org has. */
  async platformProjects(): Promise<SimulatedProject[]> {
    return (await this.projects()).filter(({ name }) => !name.endsWith('-ark'));
  }

  /** The projects of the simulated Cloudflare, in all its accounts. */
  async projects(): Promise<SimulatedProject[]> {
    const { cloudflare } = JSON.parse((await this.outside('/_sim/state')).text);
    return cloudflare.accounts.flatMap((account: { projects: object[] }) => account.projects);
  }
}

/** A run as GitHub shows it. */
export interface GithubRun {
  readonly display_title: string;
  readonly conclusion: string | null;
}

/** A project as the simulator shows it. */
export interface SimulatedProject {
  readonly name: string;
  readonly kind: string;
  readonly hooks: number;
  readonly deployments: number;
}

async function ask(url: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(75_000) });
  return { status: response.status, headers: response.headers, text: await response.text() };
}
