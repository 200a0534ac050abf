// The entry for Workers: the core is a module beside it, compiled when the Worker was deployed.
import core from './core.wasm';
import { provisioner } from './provision.ts';
import type { Provision } from './types.ts';

export * from './public.ts';

/** Makes the project `<slug>-ark` and its deploy hook, or finds them. */
export const provision: Provision = provisioner(async () => core);
