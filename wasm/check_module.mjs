// Whether a module exports and imports exactly what the allow-lists beside this file say. The build
// runs it after every link of core.wasm and fails when it fails.
//   node check_module.mjs <module.wasm>
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The entries of an allow-list: one a line, `#` begins a comment.
 * @param {string} name of a file beside this one: `exports.txt` or `imports.txt`
 * @returns {string[]} in the order of the alphabet
 */
export function allowed(name) {
  const lines = readFileSync(new URL(name, import.meta.url), 'utf8').split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#')).sort();
}

/**
 * What a module exports or imports against the allow-lists.
 * @param {Uint8Array<ArrayBuffer>} bytes of a WebAssembly module
 * @returns {string[]} one sentence for each difference; empty when there is none
 */
export function surfaceFaults(bytes) {
  const module = new WebAssembly.Module(bytes);
  const exported = WebAssembly.Module.exports(module).map((one) => one.name);
  const imported = WebAssembly.Module.imports(module).map((one) => `${one.module}.${one.name}`);
  return [
    ...differences('exports', exported, allowed('exports.txt')),
    ...differences('imports', imported, allowed('imports.txt')),
  ];
}

/**
 * @param {string} verb
 * @param {string[]} found
 * @param {string[]} wanted
 * @returns {string[]}
 */
function differences(verb, found, wanted) {
  const extra = found.filter((name) => !wanted.includes(name));
  const missing = wanted.filter((name) => !found.includes(name));
  return [
    ...extra.map((name) => `${verb} ${name}, which wasm/${verb}.txt does not list`),
    ...missing.map((name) => `lacks ${name}, which wasm/${verb}.txt lists`),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = process.argv[2] ?? '';
  const faults = surfaceFaults(readFileSync(path));
  for (const fault of faults) console.error(`${path} ${fault}`);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
