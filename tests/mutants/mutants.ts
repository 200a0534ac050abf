// `npm run mutants`: plants bugs one by one and says which check catches each.
//   npm run mutants                      every bug of list.ts
//   npm run mutants -- --only outbox     those whose name has this in it
//   npm run mutants -- --dir folder      the bugs of others: *.patch, against every check in turn
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { build_check, checkOf, defaultChecks } from './checks.ts';
import { mutants } from './list.ts';
import { plant, Stale } from './mutant.ts';
import { Failed, Tree } from './tree.ts';
import { watch } from './watch.ts';

const usage = `npm run mutants -- [--only text] [--list] [--dir folder] [--json] [--keep]
  --only text    only bugs whose name has this text in it
  --list         names and harm, and nothing is run
  --dir folder   plants every *.patch of the folder instead of the list
  --json         the results as JSON on standard output
  --keep         leaves the last bug in build/mutants/tree`;

const root = join(import.meta.dirname, '../..');
const passed_path = join(root, 'build/mutants/passed.json');
const patience_ms = 15 * 60_000;

/** One bug to be planted, from wherever. */
interface Planted {
  readonly name: string;
  readonly harm: string;
  /** Absent: every check, as defaultChecks orders them. */
  readonly caught_by?: readonly string[];
  readonly plant: () => void;
}

/** What became of it. */
interface Result {
  readonly name: string;
  readonly verdict: 'caught' | 'survived' | 'stale';
  /** The check that caught it. */
  readonly by: string;
  /** The line that told. */
  readonly told: string;
  readonly seconds: number;
}

/** The clean tree does not pass a check: no verdict would mean anything. */
class Unsound extends Error {
  override readonly name = 'Unsound';
}

const say = (line: string): void => console.error(line);

function fromList(tree: Tree): Planted[] {
  return mutants.map((mutant) => ({
    name: mutant.name,
    harm: mutant.harm,
    caught_by: mutant.caught_by,
    plant: () => plant(mutant, tree.path),
  }));
}

function fromFolder(tree: Tree, folder: string): Planted[] {
  const files = readdirSync(folder).filter((file) => file.endsWith('.patch'));
  return files.sort().map((file) => ({
    name: file.replace(/\.patch$/, ''),
    harm: 'not said',
    plant: () => tree.patch(resolve(folder, file)),
  }));
}

// The line that told of a failure; undefined where the check passes.
async function failureOf(tree: Tree, name: string): Promise<string | undefined> {
  const { commands, wrong } = checkOf(name, tree.path);
  const bin = join(tree.path, 'node_modules/.bin');
  const { FORCE_COLOR: _, NODE_TEST_CONTEXT: __, ...inherited } = process.env;
  const env = { ...inherited, PATH: `${bin}:${process.env.PATH ?? ''}`, CI: '1', NO_COLOR: '1' };
  for (const command of commands) {
    const ended = await watch(command, { cwd: tree.path, env, wrong, patience_ms });
    if (ended.failed) return ended.told;
  }
  return undefined;
}

/** The checks that the clean tree has passed, and which tree that was. */
class Passed {
  readonly #tree: Tree;
  readonly #names: Set<string>;
  readonly #digest: string;

  constructor(tree: Tree) {
    this.#tree = tree;
    this.#digest = tree.digest;
    const stored = existsSync(passed_path) ? readFileSync(passed_path, 'utf8') : '{}';
    const { digest, names = [] } = JSON.parse(stored) as { digest?: string; names?: string[] };
    this.#names = new Set(digest === this.#digest ? names : []);
  }

  /** Runs the check in the clean tree, unless it has passed there: what is wrong, if anything. */
  async fault(name: string): Promise<string | undefined> {
    if (name === build_check || this.#names.has(name)) return undefined;
    const began = performance.now();
    if (checkOf(name, this.#tree.path).native) {
      this.#tree.build({ core: false, pages: false, native: true });
    }
    const told = await failureOf(this.#tree, name);
    if (told !== undefined) return `the tree without a bug fails ${name}: ${told}`;
    this.#names.add(name);
    writeFileSync(passed_path, JSON.stringify({ digest: this.#digest, names: [...this.#names] }));
    say(`clean: ${name} passes (${secondsSince(began)} s)`);
    return undefined;
  }
}

function secondsSince(began: number): number {
  return Math.round((performance.now() - began) / 1000);
}

/** Where one bug stands: planted, built, and held to one check after the other. */
class Trial {
  readonly #tree: Tree;
  readonly #planted: Planted;
  readonly #began = performance.now();

  constructor(tree: Tree, planted: Planted) {
    this.#tree = tree;
    this.#planted = planted;
  }

  result(verdict: Result['verdict'], by = '', told = ''): Result {
    return { name: this.#planted.name, verdict, by, told, seconds: secondsSince(this.#began) };
  }

  /** Plants it and builds what it touches; a result where that is the end. */
  begin(): Result | undefined {
    try {
      this.#planted.plant();
    } catch (error) {
      if (error instanceof Stale) return this.result('stale', '', error.message);
      if (error instanceof Failed) return this.result('stale', '', error.output);
      throw error;
    }
    try {
      this.#tree.build(this.#tree.wanted(this.#tree.changed(), false));
      return undefined;
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      const told = /^.*(?:error|assert).*$/m.exec(error.output)?.[0] ?? 'it does not compile';
      // One of the list that was not meant to be stopped here proves nothing about the tests.
      const meant = this.#planted.caught_by?.includes(build_check) ?? true;
      return this.result(meant ? 'caught' : 'stale', build_check, told);
    }
  }

  /** What a check says against it. */
  async failure(check: string): Promise<string | undefined> {
    say(`  ${this.#planted.name}: ${check} ...`);
    if (checkOf(check, this.#tree.path).native) {
      try {
        this.#tree.build(this.#tree.wanted(this.#tree.changed(), true));
      } catch (error) {
        if (error instanceof Failed) return 'the native programs do not compile';
        throw error;
      }
    }
    return await failureOf(this.#tree, check);
  }
}

// One check after the other, until one fails that passes without the bug.
async function judge(tree: Tree, planted: Planted, passed: Passed): Promise<Result> {
  const trial = new Trial(tree, planted);
  const ended = trial.begin();
  if (ended !== undefined) return ended;
  for (const check of planted.caught_by ?? defaultChecks(tree.changed())) {
    if (check === build_check) continue;
    const told = await trial.failure(check);
    if (told === undefined) continue;
    tree.reset();
    const fault = await passed.fault(check);
    if (fault === undefined) return trial.result('caught', check, told);
    say(`  ${fault}`);
    const again = trial.begin();
    if (again !== undefined) return again;
  }
  return trial.result('survived');
}

function lineOf({ name, verdict, by, told, seconds }: Result): string {
  const how = verdict === 'caught' ? `by ${by}: ${told.slice(0, 140)}` : told.slice(0, 300);
  return `${verdict.padEnd(8)} ${name} (${seconds} s) ${how}`.trimEnd();
}

interface Chosen {
  readonly only: string;
  readonly dir: string | undefined;
  readonly keep: boolean;
}

async function runAll({ only, dir, keep }: Chosen): Promise<Result[]> {
  const tree = new Tree(root);
  say('preparing build/mutants/tree: a copy, built with a folder of its own');
  tree.prepare();
  const all = dir === undefined ? fromList(tree) : fromFolder(tree, dir);
  const chosen = all.filter(({ name }) => name.includes(only));
  const passed = new Passed(tree);
  // Those that are to catch something; the others are asked when they do.
  const first = chosen.flatMap(({ caught_by = [] }) => caught_by.find((each) => each !== 'build'));
  for (const name of new Set(first.filter((each) => each !== undefined))) {
    const fault = await passed.fault(name);
    if (fault !== undefined) throw new Unsound(fault);
  }
  const results: Result[] = [];
  for (const [index, planted] of chosen.entries()) {
    const result = await judge(tree, planted, passed);
    tree.reset();
    results.push(result);
    say(`${index + 1}/${chosen.length} ${lineOf(result)}`);
  }
  if (keep) chosen.at(-1)?.plant();
  return results;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', default: '' },
      list: { type: 'boolean', default: false },
      dir: { type: 'string' },
      json: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { only, list, dir, json, keep } = values;
  if (values.help) {
    console.log(usage);
    return 0;
  }
  if (list) {
    for (const { name, harm } of mutants) console.log(`${name}: ${harm}`);
    return 0;
  }
  say(`${availableParallelism()} cores`);
  const results = await runAll({ only, dir, keep });
  const missed = results.filter(({ verdict }) => verdict !== 'caught');
  if (json) console.log(JSON.stringify(results, null, 2));
  else for (const result of results) console.log(lineOf(result));
  say(`${results.length - missed.length} of ${results.length} caught`);
  return results.length > 0 && missed.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (error instanceof Failed) console.error(`${error.message}\n${error.output}`);
  else if (error instanceof Unsound) console.error(error.message);
  else if (error instanceof TypeError) console.error(`${error.message}\n${usage}`);
  else throw error;
  process.exitCode = 2;
}
