// Takes from a module every export that exports.txt does not list, and what only those reached.
// Emscripten exports helpers for JavaScript glue, whatever it is told; this module has no glue.
//   node keep_exports.mjs <wasm-metadce, of Binaryen> <module.wasm>
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { allowed } from './check_module.mjs';

const [metadce = '', path = ''] = process.argv.slice(2);
const kept = allowed('exports.txt');
const graph = [
  { name: 'host', reaches: kept, root: true },
  ...kept.map((name) => ({ name, export: name })),
];
const graphPath = `${path}.graph.json`;
writeFileSync(graphPath, JSON.stringify(graph));
const flags = ['--all-features', '--graph-file', graphPath, '-o', path];
const { status, stderr, error } = spawnSync(metadce, [path, ...flags], { encoding: 'utf8' });
rmSync(graphPath);
if (status !== 0) console.error(`${metadce}: ${error?.message ?? stderr}`);
process.exitCode = status ?? 1;
