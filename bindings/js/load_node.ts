// The core from a file, for Node: tests, the command line and tools.
import { readFileSync } from 'node:fs';
import { type Core, type CoreModule, createCore } from './core.ts';

declare const WebAssembly: { readonly Module: new (bytes: Uint8Array) => CoreModule };

/** Loads the core from a `.wasm` file. @throws when it cannot be read, or as createCore does. */
export function loadCore(path: string | URL): Core {
  return createCore(new WebAssembly.Module(readFileSync(path)));
}
