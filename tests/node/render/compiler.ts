// The real compiler: many modules are type-checked and emitted by one run of tsc, then imported.
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const tsc = join(import.meta.dirname, '../../../node_modules/.bin/tsc');

const options = {
  compilerOptions: {
    target: 'es2024',
    lib: ['es2024'],
    module: 'nodenext',
    rewriteRelativeImportExtensions: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: true,
    types: [],
    rootDir: 'in',
    outDir: 'out',
  },
  include: ['in'],
};

/** What became of the modules of one folder. */
export interface Compiled {
  /** tsc's messages, one a line, each beginning with the file it is about; empty without any. */
  readonly complaints: readonly string[];
  /** Imports the emitted module of this name. @throws whatever running it throws. */
  load(name: string): Promise<Record<string, unknown>>;
  /** Removes the folder. */
  close(): void;
}

/**
 * Compiles modules, name without `.ts` to source, in one run. A module of types named `types` can
 * be among them. Modules that tsc complains about are emitted as well as it can.
 */
export async function compile(modules: ReadonlyMap<string, string>): Promise<Compiled> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-render-'));
  mkdirSync(join(folder, 'in'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options));
  for (const [name, source] of modules) writeFileSync(join(folder, 'in', `${name}.ts`), source);
  const output = await run(folder);
  return {
    complaints: output.split('\n').filter((line) => /\): error TS|^error TS/.test(line)),
    async load(name) {
      const url = pathToFileURL(join(folder, 'out', `${name}.js`)).href;
      return (await import(url)) as Record<string, unknown>;
    },
    close: () => rmSync(folder, { recursive: true }),
  };
}

function run(folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const flags = ['-p', folder, '--pretty', 'false'];
    const settings = { cwd: folder, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [tsc, ...flags], settings, (error, stdout, stderr) => {
      const ended = error === null || error.code === 1 || error.code === 2;
      if (ended) resolve(stdout);
      else reject(new Error(`tsc did not end: ${stdout}${stderr}`, { cause: error }));
    });
  });
}
