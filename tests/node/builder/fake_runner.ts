// A runner for the builder's scripts: a folder with a copy of them, a small starter, stand-ins for
// pnpm and wrangler on the PATH, and the variables that GitHub sets.

import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** The repository's root. */
export const ROOT = join(import.meta.dirname, '..', '..', '..');

/** Values that must never leave a step that has them. */
export const KEY = 'nno-key-0123456789';
export const TOKEN = 'cf-token-0123456789';

/** How a step ended. */
export interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** What a stand-in saw when it was started. */
export interface Seen {
  readonly args: string[];
  readonly cwd: string;
  readonly listing: string[];
  /** What lies in the folder above. */
  readonly beside: string[];
  readonly env: Record<string, string>;
}

/** A program that runs. */
export interface Local {
  readonly ended: Promise<Ended & { readonly errors: string }>;
  kill(signal: NodeJS.Signals): void;
}

/** A runner with one job's files. */
export interface FakeRunner {
  readonly folder: string;
  readonly starter: string;
  /** Runs `builder/scripts/<script>` with GitHub's variables and `env`. */
  step(script: string, env?: Record<string, string>, args?: string[]): Promise<Ended>;
  /**
   * Runs the steps from the claim to the deployment; stops where one fails, as a job does. `inputs`
   * are variables of the claim.
   */
  job(apiUrl: string, inputs?: Record<string, string>): Promise<Ended[]>;
  /** Starts `builder/scripts/local.js` with these arguments, without GitHub's variables. */
  local(args: string[], env: Record<string, string>): Local;
  /** What GITHUB_OUTPUT holds. */
  outputs(): string;
  /** Every start of the stand-in `program`. */
  seen(program: 'pnpm' | 'wrangler'): Seen[];
  remove(): void;
}

// Builds what src/config/env.config.ts asks for by its note.
const PNPM = `
const waits = process.argv[2] === 'install' && fs.existsSync('slow-registry');
if (waits) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
if (process.argv[2] === 'install') process.exit(fs.existsSync('broken-lockfile') ? 1 : 0);
const env = fs.readFileSync('src/config/env.config.ts', 'utf8');
console.log('building ' + process.env.SLIPWAY_PLATFORM);
if (env.includes('FAIL')) { console.error('x'.repeat(9000) + ' type error'); process.exit(1); }
fs.mkdirSync('dist/.well-known', { recursive: true });
fs.mkdirSync('dist/assets');
fs.writeFileSync('dist/assets/app.js', env);
fs.writeFileSync('dist/index.html', '<h1>' + process.env.SLIPWAY_PLATFORM + '</h1>');
const deployment = env.includes('STALE') ? 'dep_other' : process.env.SLIPWAY_DEPLOYMENT;
fs.writeFileSync('dist/.well-known/slipway.json', JSON.stringify({ deployment }));
if (env.includes('WORKER')) fs.writeFileSync('dist/_worker.js', '');
if (env.includes('FUNCTIONS')) fs.mkdirSync('dist/functions');
if (env.includes('LINK')) fs.symlinkSync('/etc/hostname', 'dist/assets/host.txt');
`;

// Records a deployment, except for projects whose name asks for another end.
const WRANGLER = `
const name = process.argv[process.argv.indexOf('--project-name') + 1];
console.log('token ' + process.env.CLOUDFLARE_API_TOKEN + ' for ' + name);
if (name.startsWith('refused')) process.exit(1);
if (!name.startsWith('silent')) {
  const project = name.startsWith('wrong') ? 'another-project' : name;
  const record = { type: 'pages-deploy', version: 1, pages_project: project };
  Object.assign(record, { deployment_id: 'f64788e9-1', url: 'https://f6.' + name + '.pages.dev' });
  const lines = [{ type: 'wrangler-session' }, record].map((each) => JSON.stringify(each));
  fs.writeFileSync(process.env.WRANGLER_OUTPUT_FILE_PATH, lines.join('\\n') + '\\n');
}
`;

const RECORD = `#!/usr/bin/env node
const fs = require('node:fs');
const seen = { args: process.argv.slice(2), cwd: process.cwd() };
Object.assign(seen, { listing: fs.readdirSync('.'), env: process.env });
seen.beside = fs.readdirSync('..');
fs.appendFileSync(__filename + '.seen', JSON.stringify(seen) + '\\n');
`;

function writeStandIn(bin: string, name: string, body: string): void {
  writeFileSync(join(bin, name), RECORD + body);
  chmodSync(join(bin, name), 0o755);
}

function start(file: string, args: string[], cwd: string, env: object): Local {
  const child = spawn(process.execPath, [file, ...args], { cwd, env: { ...env } });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    errors += text;
  });
  const ended = new Promise<Ended & { errors: string }>((resolve) => {
    child.on('close', (status) => resolve({ status, output, errors }));
  });
  return { ended, kill: (signal) => child.kill(signal) };
}

/** Makes a runner. `PATH` holds the stand-ins, node and the system's programs. */
export function makeRunner(): FakeRunner {
  const folder = mkdtempSync(join(tmpdir(), 'builder-test-'));
  const [bin, starter, temp] = ['bin', 'starter', 'temp'].map((name) => join(folder, name));
  if (bin === undefined || starter === undefined || temp === undefined)
    throw new Error('unreached');
  cpSync(join(ROOT, 'builder', 'scripts'), join(folder, 'builder', 'scripts'), { recursive: true });
  cpSync(join(ROOT, 'builder', 'package.json'), join(folder, 'builder', 'package.json'));
  for (const each of [bin, join(starter, 'src', 'config'), temp])
    mkdirSync(each, { recursive: true });
  writeFileSync(join(bin, 'package.json'), '{"type": "commonjs"}');
  writeStandIn(bin, 'pnpm', PNPM);
  writeStandIn(bin, 'wrangler', WRANGLER);
  const github = {
    PATH: [bin, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter),
    HOME: folder,
    RUNNER_TEMP: temp,
    STARTER_DIR: 'starter',
    GITHUB_RUN_ID: '29803635501',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_OUTPUT: join(temp, 'output'),
    GITHUB_STEP_SUMMARY: join(temp, 'summary.md'),
    SLIPWAY_RETRY_MS: '1',
    // Present on some machines; wrangler changes what it does when it sees it.
    REPL_ID: '1',
  };
  const step: FakeRunner['step'] = (script, env = {}, args = []) =>
    start(join('builder', 'scripts', script), args, folder, { ...github, ...env }).ended;
  const { PATH, HOME, SLIPWAY_RETRY_MS } = github;
  const machine = { PATH, HOME, SLIPWAY_RETRY_MS, SLIPWAY_POLL_MS: '20', STARTER_DIR: starter };
  const text = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  const lines = (file: string): string[] =>
    text(file)
      .split('\n')
      .filter((line) => line !== '');
  return {
    folder,
    starter,
    step,
    job: (apiUrl, inputs) => runJob(step, apiUrl, inputs),
    local: (args, env) =>
      start(join('builder', 'scripts', 'local.js'), args, folder, {
        ...machine,
        TMPDIR: temp,
        ...env,
      }),
    outputs: () => text(github.GITHUB_OUTPUT),
    seen: (program) => lines(join(bin, `${program}.seen`)).map((line) => JSON.parse(line) as Seen),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The secrets as the workflow hands them to the steps that talk to Slipway. */
export function nno(apiUrl: string): Record<string, string> {
  return { NNO_API_URL: apiUrl, NNO_INTERNAL_API_KEY: KEY };
}

/** The claim step's inputs of a dispatched run. */
export function dispatched(fields: Record<string, string> = {}): Record<string, string> {
  const key = '01K9ZQ4Y7M3N8P2R5T6V0W1X2Y';
  const place = { TARGET_ENV: 'dev', ACCOUNT: 'main', SHARD: '0' };
  return { DISPATCH_KEY: key, PLATFORM_ID: '', ...place, ...fields };
}

/** The Cloudflare secrets and variable of the deploy step. */
export const CLOUDFLARE = {
  CF_API_TOKEN: TOKEN,
  CF_ACCOUNT_ID: 'account-1',
  CLOUDFLARE_API_BASE_URL: '',
};

async function runJob(
  step: FakeRunner['step'],
  apiUrl: string,
  inputs: Record<string, string> = {},
): Promise<Ended[]> {
  const claim = dispatched(inputs);
  const steps: [string, string, Record<string, string>][] = [
    ['CLAIM', 'claim.js', { ...nno(apiUrl), ...claim }],
    ['FETCH', 'fetch-configs.js', nno(apiUrl)],
    ['INSTALL', 'install-starter.js', {}],
    ['BUILD', 'build-batch.js', {}],
    ['DEPLOY', 'deploy-batch.js', { ...nno(apiUrl), ...CLOUDFLARE }],
  ];
  const ended: Ended[] = [];
  const outcomes: Record<string, string> = { JOB_STATUS: 'success' };
  for (const [name, script, env] of steps) {
    const end = await step(script, env);
    ended.push(end);
    outcomes[`${name}_OUTCOME`] = end.status === 0 ? 'success' : 'failure';
    if (end.status !== 0) break;
  }
  ended.push(await step('report.js', { ...nno(apiUrl), ...outcomes }));
  return ended;
}
