// The entry for Node: reads the core from its file.
import { readFile } from 'node:fs/promises';
import { compile } from './compile.ts';
import { provisioner } from './provision.ts';
import type { Provision } from './types.ts';

export * from './public.ts';

/** Makes the project `<slug>-ark` and its deploy hook, or finds them. */
export const provision: Provision = provisioner(async () =>
  compile(await readFile(new URL('./core.wasm', import.meta.url))),
);
