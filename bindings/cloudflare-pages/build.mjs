// Builds dist/: one bundle a runtime, the declarations and core.wasm.
//   node build.mjs [folder]      default: dist beside this file
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const own = import.meta.dirname;
const root = join(own, '../..');
const dist = resolve(process.argv[2] ?? join(own, 'dist'));
const core = join(root, 'build/core.wasm');

/** Each export condition, and the platform that esbuild builds it for. */
const entries = /** @type {const} */ ({ node: 'node', workerd: 'neutral', default: 'neutral' });

/** The files of src/ whose declarations a caller sees. */
const declared = ['public', 'types', 'error'];

if (!existsSync(core)) {
  console.error('build/core.wasm is missing: run "npm run setup" in the root of the repository.');
  process.exit(1);
}
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
copyFileSync(core, join(dist, 'core.wasm'));
for (const [name, platform] of Object.entries(entries)) {
  await build({
    entryPoints: [join(own, `src/${name}.ts`)],
    outfile: join(dist, `${name}.js`),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform,
    external: ['./core.wasm'],
    logLevel: 'warning',
  });
}
declarations();

/** The declarations by tsc; they import each other under the names of their .js files. */
function declarations() {
  const out = mkdtempSync(join(tmpdir(), 'slipway-declarations-'));
  try {
    const emit = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly'];
    const where = ['--outDir', out, '--rootDir', join(own, '..')];
    const project = ['--pretty', 'false', '-p', join(own, 'tsconfig.build.json')];
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { status } = spawnSync(process.execPath, [tsc, ...project, ...emit, ...where], {
      stdio: 'inherit',
    });
    if (status !== 0) process.exit(1);
    for (const [from, to] of [['default', 'index'], ...declared.map((name) => [name, name])]) {
      const text = readFileSync(join(out, `cloudflare-pages/src/${from}.d.ts`), 'utf8');
      const renamed = text.replaceAll(/'(\.\/\w+)\.ts'|"(\.\/\w+)\.ts"/g, "'$1$2.js'");
      writeFileSync(join(dist, `${to}.d.ts`), renamed);
    }
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
