// The tree in which bugs are planted: a copy with a build folder of its own, kept between runs so
// that only what a bug touches is built. The real tree is never written to.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** A program that must succeed did not. */
export class Failed extends Error {
  override readonly name = 'Failed';
  /** What it printed. */
  readonly output: string;

  constructor(what: string, output: string) {
    super(what);
    this.output = output;
  }
}

/** What has to be built anew. */
export interface Wanted {
  readonly core: boolean;
  readonly pages: boolean;
  readonly native: boolean;
}

const core_folders = ['src/', 'wasm/', 'bindings/c/', 'CMake'];

/** A copy of the tree at `root`. */
export class Tree {
  readonly #root: string;
  readonly #folder: string;
  readonly path: string;

  constructor(root: string) {
    this.#root = root;
    this.#folder = join(root, 'build/mutants');
    this.path = join(this.#folder, 'tree');
  }

  /** Makes it what the real tree is now, changes without a commit included, and builds it. */
  prepare(): void {
    mkdirSync(this.path, { recursive: true });
    if (!existsSync(join(this.path, '.git'))) this.#git('init', '-q');
    writeFileSync(join(this.path, '.git/info/exclude'), '/node_modules\n');
    this.#link();
    this.#copy();
    this.#git('add', '--all');
    const who = ['-c', 'user.name=mutants', '-c', 'user.email=mutants@localhost'];
    this.#git(...who, 'commit', '-q', '--allow-empty', '--no-gpg-sign', '-m', 'clean');
    this.build({ core: true, pages: true, native: false });
    copyFileSync(this.#core, this.#clean_core);
  }

  /** Stands for all that is in it, except the bugs themselves. */
  get digest(): string {
    const files = this.#git('ls-files', '--stage', '--', '.', ':!tests/mutants', ':!tests/tidy');
    return createHash('sha256').update(files).digest('hex');
  }

  /** Takes out what was planted. What was built of it is built anew when it is needed. */
  reset(): void {
    const changed = this.changed();
    this.#git('checkout', '-q', '--', '.');
    this.#git('clean', '-qfd');
    copyFileSync(this.#clean_core, this.#core);
    if (changed.some(isOfPages)) this.build({ core: false, pages: true, native: false });
  }

  /** The files in which it differs from the real tree. */
  changed(): string[] {
    const lines = this.#git('status', '--porcelain', '--no-renames', '-uall').split('\n');
    return lines.filter((line) => line !== '').map((line) => line.slice(3));
  }

  /** Changes it by a unified diff. @throws Failed where that does not fit */
  patch(file: string): void {
    this.#git('apply', '--whitespace=nowarn', file);
  }

  /** What a bug in these files has to be built for. */
  wanted(changed: readonly string[], native: boolean): Wanted {
    const core = changed.some((file) => core_folders.some((each) => file.startsWith(each)));
    return { core, pages: changed.some(isOfPages), native };
  }

  /** Builds it. @throws Failed with the compiler's output */
  build({ core, pages, native }: Wanted): void {
    if (core) this.#buildCore();
    const steps = [
      ...(native ? ["await build.buildPreset('native', []);"] : []),
      ...(pages ? ['await pages.buildPages();'] : []),
    ];
    if (steps.length === 0) return;
    const script = [
      "import * as build from './scripts/lib/build.mjs';",
      "import * as pages from './scripts/lib/pages.mjs';",
      'try {',
      ...steps,
      '} catch (error) { console.error(error.message); process.exitCode = 1; }',
    ].join('\n');
    const node = join(this.path, 'node_modules/.bin/node');
    this.#run('the build', [node, '--input-type=module', '--eval', script]);
  }

  #buildCore(): void {
    const folder = join(this.path, 'build/wasi');
    if (!existsSync(join(folder, 'build.ninja'))) {
      this.#run('cmake', ['cmake', '--preset', 'wasi']);
    }
    this.#run('the build', ['cmake', '--build', '--preset', 'wasi', '--target', 'core']);
    copyFileSync(join(folder, 'core.wasm'), this.#core);
  }

  get #core(): string {
    return join(this.path, 'build/core.wasm');
  }

  get #clean_core(): string {
    return join(this.#folder, 'clean.core.wasm');
  }

  // What is installed: links to the same files, because bundlers trip over a linked folder.
  #link(): void {
    const lock = 'node_modules/.package-lock.json';
    const [theirs, ours] = [join(this.#root, lock), join(this.path, lock)];
    if (existsSync(ours) && readFileSync(ours).equals(readFileSync(theirs))) return;
    const folder = join(this.path, 'node_modules');
    rmSync(folder, { recursive: true, force: true });
    this.#run('cp', ['cp', '-al', join(this.#root, 'node_modules'), folder]);
  }

  // Only what differs is written, so that what was built of the rest stays current.
  #copy(): void {
    const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
    const files = this.#run('git', ['git', '-C', this.#root, ...list]).split('\0');
    const wanted = new Set(files.filter((file) => existsSync(join(this.#root, file)) && file));
    this.#git('reset', '-q');
    const there = this.#git('ls-files', '-z', '--cached', '--others', '--exclude-standard');
    for (const file of there.split('\0')) {
      if (file !== '' && !wanted.has(file)) rmSync(join(this.path, file), { force: true });
    }
    for (const file of wanted) {
      const [from, to] = [join(this.#root, file), join(this.path, file)];
      if (existsSync(to) && readFileSync(to).equals(readFileSync(from))) continue;
      mkdirSync(dirname(to), { recursive: true });
      writeFileSync(to, readFileSync(from));
      chmodSync(to, statSync(from).mode);
    }
  }

  #git(...args: string[]): string {
    return this.#run(`git ${args[0]}`, ['git', '-C', this.path, ...args]);
  }

  #run(what: string, [program = '', ...args]: string[]): string {
    const options = { cwd: this.path, encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
    const { status, stdout, stderr, error } = spawnSync(program, args, options);
    if (status === 0) return stdout;
    throw new Failed(`${what} failed`, `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`);
  }
}

function isOfPages(file: string): boolean {
  return file.startsWith('worker-shim/pages/') || file === 'docs/connect-github.md';
}
