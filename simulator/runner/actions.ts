// The actions that `uses:` may name, each a small own implementation of what builders need of it.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Repositories, Run } from './contract.ts';
import type { JobPlace } from './environment.ts';

/** The step fails with this message. */
export class ActionError extends Error {
  override readonly name = 'ActionError';
}

/** The tools that set-up actions put on the path, and where caches are kept. */
export interface ActionTools {
  /** A Node executable for `actions/setup-node`. */
  readonly nodeBin?: string;
  /** pnpm's script for `pnpm/action-setup`. */
  readonly pnpmBin?: string;
  /** Where `actions/cache` keeps its entries. */
  readonly cacheDirectory: string;
  /** Package caches that all jobs share: `actions/cache` leaves them where they are. */
  readonly packageCache?: string;
}

/** One use of an action. */
export interface ActionCall {
  readonly inputs: Readonly<Record<string, string>>;
  readonly run: Run;
  readonly repositories: Repositories;
  readonly place: JobPlace;
  readonly tools: ActionTools;
  readonly line: (text: string) => void;
}

/** What an action leaves behind. */
export interface ActionResult {
  readonly outputs?: Record<string, string>;
  /** Directories for the front of the path of later steps. */
  readonly path?: string[];
  /** Done at the end of a job that succeeded. */
  readonly post?: () => void;
}

/** Performs an action. Throws ActionError. */
export type Action = (call: ActionCall) => ActionResult;

/** The action that a `uses:` names, or the reason why there is none. */
export function findAction(uses: string): Action | string {
  const [, name = '', ref = ''] = /^([^@]+)@(.+)$/.exec(uses) ?? [];
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (!action) return `Unable to resolve action '${uses}': this runner has no such action`;
  if (!/^[0-9a-f]{40}$/.test(ref)) {
    return `Unable to resolve action '${uses}': an action is named by its full commit SHA here`;
  }
  return action;
}

const ACTIONS: Record<string, Action> = {
  'actions/checkout': checkout,
  'actions/setup-node': setupNode,
  'pnpm/action-setup': setupPnpm,
  'actions/cache': (call) => restoreCache(call, true),
  'actions/cache/restore': (call) => restoreCache(call, false),
  'actions/cache/save': (call) => {
    saveCache(call);
    return {};
  },
};

function checkout({ inputs, run, repositories, place, line }: ActionCall): ActionResult {
  const repository = inputs.repository || run.repository;
  if (!repositories.has(repository)) {
    throw new ActionError(`Not Found: repository '${repository}'`);
  }
  const own = repository === run.repository;
  const ref = inputs.ref || (own ? run.sha : '');
  const commit = repositories.resolve(repository, ref);
  if (!commit) throw new ActionError(`fatal: reference is not a tree: ${ref}`);
  const target = inside(place.workspace, inputs.path || '.');
  mkdirSync(target, { recursive: true });
  for (const entry of readdirSync(target)) rmSync(join(target, entry), { recursive: true });
  for (const file of commit.files) {
    const path = join(target, file.path);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, repositories.read(file.blob), { mode: file.executable ? 0o755 : 0o644 });
  }
  // Enough of a repository for `git rev-parse HEAD`.
  mkdirSync(join(target, '.git/objects'), { recursive: true });
  mkdirSync(join(target, '.git/refs'), { recursive: true });
  writeFileSync(join(target, '.git/HEAD'), `${commit.sha}\n`);
  line(`Checked out ${repository} at ${commit.sha}`);
  return { outputs: { ref: inputs.ref ?? '', commit: commit.sha } };
}

function setupNode({ inputs, place, tools, line }: ActionCall): ActionResult {
  if (!tools.nodeBin) throw new ActionError('this runner was given no Node executable');
  const version = execFileSync(tools.nodeBin, ['--version'], { encoding: 'utf8' }).trim();
  const file = inputs['node-version-file'];
  const wanted = file
    ? readFileSync(inside(place.workspace, file), 'utf8').trim()
    : (inputs['node-version'] ?? '');
  const [major] = wanted.replace(/^v/, '').split('.');
  if (wanted !== '' && major !== version.slice(1).split('.')[0]) {
    throw new ActionError(`Unable to find Node version '${wanted}': this runner has ${version}`);
  }
  line(`node: ${version}`);
  const path = [link(place, 'node', tools.nodeBin)];
  return { outputs: { 'node-version': version, 'cache-hit': '' }, path };
}

function setupPnpm({ inputs, place, tools, line }: ActionCall): ActionResult {
  if (!tools.pnpmBin) throw new ActionError('this runner was given no pnpm');
  const manifest = inside(place.workspace, inputs.package_json_file || 'package.json');
  const text = existsSync(manifest) ? readFileSync(manifest, 'utf8') : '{}';
  const { packageManager = '' } = JSON.parse(text) as { packageManager?: string };
  const pinned = /^pnpm@([^+]+)/.exec(packageManager)?.[1] ?? '';
  const wanted = inputs.version ?? '';
  if (wanted === '' && pinned === '') throw new ActionError('No pnpm version is specified.');
  if (wanted !== '' && pinned !== '' && wanted !== pinned) {
    throw new ActionError('Multiple versions of pnpm specified');
  }
  line(`pnpm: ${wanted || pinned}`);
  const dest = link(place, 'pnpm', tools.pnpmBin);
  return { outputs: { dest, bin_dest: dest }, path: [dest] };
}

function restoreCache(call: ActionCall, save: boolean): ActionResult {
  const { inputs, tools, line } = call;
  const key = required(inputs, 'key');
  const paths = cachePaths(call);
  const found = findCache(tools.cacheDirectory, key, lines(inputs['restore-keys']));
  if (!found && inputs['fail-on-cache-miss'] === 'true') {
    throw new ActionError(`Failed to restore cache entry: ${key}`);
  }
  for (const [i, path] of (found ? paths : []).entries()) {
    const kept = join(tools.cacheDirectory, digest(found ?? ''), String(i));
    if (existsSync(kept)) cpSync(kept, path, { recursive: true });
  }
  line(found ? `Cache restored from key: ${found}` : `Cache not found for key: ${key}`);
  const hit = found === undefined ? '' : String(found === key);
  return {
    outputs: { 'cache-hit': hit, 'cache-primary-key': key, 'cache-matched-key': found ?? '' },
    ...(save && found !== key ? { post: () => saveCache(call) } : {}),
  };
}

function saveCache(call: ActionCall): void {
  const key = required(call.inputs, 'key');
  const target = join(call.tools.cacheDirectory, digest(key));
  // The first save of a key wins, as on GitHub.
  if (existsSync(target)) return;
  const fresh = `${target}.${call.run.id}`;
  mkdirSync(fresh, { recursive: true });
  for (const [i, path] of cachePaths(call).entries()) {
    if (existsSync(path)) cpSync(path, join(fresh, String(i)), { recursive: true });
  }
  writeFileSync(join(fresh, 'key'), key);
  if (existsSync(target)) rmSync(fresh, { recursive: true });
  else renameSync(fresh, target);
  call.line(`Cache saved with key: ${key}`);
}

function findCache(directory: string, key: string, prefixes: string[]): string | undefined {
  if (existsSync(join(directory, digest(key), 'key'))) return key;
  const entries = existsSync(directory) ? readdirSync(directory) : [];
  const files = entries.map((entry) => join(directory, entry, 'key')).filter(existsSync);
  const keys = files.map((file) => readFileSync(file, 'utf8')).sort();
  for (const prefix of prefixes) {
    const match = keys.filter((each) => each.startsWith(prefix)).at(-1);
    if (match !== undefined) return match;
  }
  return undefined;
}

function cachePaths({ inputs, place, tools: { packageCache } }: ActionCall): string[] {
  const home = (path: string): string => path.replace(/^~(?=\/|$)/, place.home);
  const paths = lines(required(inputs, 'path'));
  const full = paths.map((path) => resolve(place.workspace, home(path)));
  const shared = (path: string): boolean =>
    packageCache !== undefined && !relative(packageCache, path).startsWith('..');
  return full.filter((path) => !shared(path));
}

/** A directory that holds only `name`, linked to the tool. */
function link(place: JobPlace, name: string, tool: string): string {
  const directory = join(place.tools, name);
  mkdirSync(directory, { recursive: true });
  rmSync(join(directory, name), { force: true });
  symlinkSync(realpathSync(tool), join(directory, name));
  return directory;
}

function inside(root: string, path: string): string {
  const full = resolve(root, path);
  if (relative(root, full).startsWith('..')) {
    throw new ActionError(`'${path}' is not inside the workspace`);
  }
  return full;
}

function required(inputs: Readonly<Record<string, string>>, name: string): string {
  const value = inputs[name];
  if (!value) throw new ActionError(`Input required and not supplied: ${name}`);
  return value;
}

function lines(text: string | undefined): string[] {
  const all = (text ?? '').split('\n').map((line) => line.trim());
  return all.filter((line) => line !== '');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
