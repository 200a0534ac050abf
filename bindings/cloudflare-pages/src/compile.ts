// Compiling the core where the runtime allows it.
import type { CoreModule } from '../../js/core.ts';

// The part of the WebAssembly API that is used; the type packages of the hosts differ in it.
declare const WebAssembly: {
  readonly compile: (bytes: ArrayBuffer | Uint8Array) => Promise<CoreModule>;
};

/** The module of these bytes. */
export function compile(bytes: ArrayBuffer | Uint8Array): Promise<CoreModule> {
  return WebAssembly.compile(bytes);
}
