// Runs a WASI command module, with no file and no environment visible to it, and exits as it did.
//   node run_wasi.mjs <module.wasm> [arguments]
import { readFileSync } from 'node:fs';
import { WASI } from 'node:wasi';

const [path = '', ...args] = process.argv.slice(2);
const wasi = new WASI({ version: 'preview1', args: [path, ...args], returnOnExit: true });
const module = new WebAssembly.Module(readFileSync(path));
const imports = /** @type {WebAssembly.Imports} */ (wasi.getImportObject());
const instance = new WebAssembly.Instance(module, imports);
process.exitCode = wasi.start(instance);
