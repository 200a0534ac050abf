// The entry for every other runtime: fetches the core from beside it.
import { compile } from './compile.ts';
import { provisioner } from './provision.ts';
import type { Provision } from './types.ts';

export * from './public.ts';

/** Makes the project `<slug>-ark` and its deploy hook, or finds them. */
export const provision: Provision = provisioner(async () => {
  const response = await fetch(new URL('./core.wasm', import.meta.url));
  if (!response.ok) throw new Error(`core.wasm: HTTP ${response.status}`);
  return compile(await response.arrayBuffer());
});
