// The checks that a planted bug is held to, and the order in which a bug that nobody knows meets
// them: cheap ones first, those that find most before those that find little.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What runs for a check, one command after the other, and how a failure reads. */
export interface Check {
  readonly commands: readonly (readonly string[])[];
  readonly wrong: RegExp;
  /** Whether the native programs are built before. */
  readonly native: boolean;
}

/** The check that a tree passes by being built. */
export const build_check = 'build';

const node = 'node_modules/.bin/node';
const node_test = /^\s*\u2716 (?!failing tests).*$/m;
const vitest = /^\s*(?:\u00d7|\u276f .* \(\d+ tests? \| \d+ failed|FAIL) .*$/m;
const test_ms_max = 600_000;

/** Folders of tests/node that run programs of build/native. */
const native_folders = ['golden', 'render', 'emitter'];

/** Folders of tests/node, those that say most in a second first. */
const node_folders = [
  ...['sealing', 'store', 'docs', 'webhooks', 'support', 'auth', 'stream', 'orgs', 'control'],
  ...['config', 'platforms', 'faults', 'crash', 'migration', 'accounts', 'access', 'security'],
  ...['retention', 'restore', 'cli', 'builder', 'upgrade', 'hostile', 'fleet', 'budgets'],
];

/**
 * The check of this name: `types`, `sim`, `unit`, or the path of a test or of a folder of tests.
 * `root` is the tree that is checked. @throws TypeError where there is none
 */
export function checkOf(name: string, root: string): Check {
  switch (name) {
    case 'types':
      return { commands: projects(root), wrong: /^.*error TS\d+.*$/m, native: false };
    case 'sim': {
      const command = [node, 'tests/sim/sim.ts', '--seeds', '150', '--from', '1'];
      return { commands: [command], wrong: /^seed \d+: .*$/m, native: false };
    }
    case 'unit':
      return {
        commands: [['build/native/slipway_unit']],
        wrong: /^.*ERROR: .*$/m,
        native: true,
      };
    default:
      return testsOf(name, root);
  }
}

function testsOf(name: string, root: string): Check {
  if (!name.startsWith('tests/') || !existsSync(join(root, name))) {
    throw new TypeError(`there is no check ${name}`);
  }
  const native = native_folders.some((folder) => name.startsWith(`tests/node/${folder}`));
  if (name.startsWith('tests/workerd')) {
    const command = ['node_modules/.bin/vitest', 'run', '--bail=1', name];
    return { commands: [command], wrong: vitest, native };
  }
  // Browsers are started one after the other.
  const at_once = name.startsWith('tests/browser') ? ['--test-concurrency=1'] : [];
  const flags = ['--test', '--test-reporter=spec', `--test-timeout=${test_ms_max}`, ...at_once];
  return { commands: [[node, ...flags, ...testFiles(name, root)]], wrong: node_test, native };
}

/** What a change of these files is held to when nobody says what should catch it. */
export function defaultChecks(changed: readonly string[]): string[] {
  const touches = (...folders: string[]): boolean =>
    changed.some((file) => folders.some((folder) => file.startsWith(folder)));
  const core = touches('src/', 'bindings/generated/', 'wasm/', 'bindings/c/');
  return [
    ...['types', 'tests/tidy/house.test.ts', 'sim'],
    ...node_folders.map((folder) => `tests/node/${folder}`),
    ...(core ? ['unit', ...native_folders.map((folder) => `tests/node/${folder}`)] : []),
    ...['tests/contract', 'tests/workerd'],
    ...(touches('worker-shim/pages/') ? ['tests/browser'] : []),
  ];
}

// A file, or those of a folder; the longest ones are for `npm test`.
function testFiles(name: string, root: string): string[] {
  const path = join(root, name);
  if (!statSync(path).isDirectory()) return [name];
  const found = readdirSync(path, { recursive: true, withFileTypes: true })
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => file.endsWith('.test.ts') && !file.endsWith('.long.test.ts'));
  return found.sort();
}

// One run of the compiler for each project, as in the suite `types`.
function projects(root: string): string[][] {
  const nested = ['.', 'bindings/cloudflare-pages', 'scripts/lib', 'tests/bench', 'tests/browser'];
  return [...nested, 'worker-shim', 'worker-shim/pages']
    .map((folder) => join(folder, 'tsconfig.json'))
    .filter((path) => existsSync(join(root, path)))
    .map((path) => ['node_modules/.bin/tsc', '--pretty', 'false', '-p', path]);
}
