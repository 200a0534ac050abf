// Every planted bug. Each is a mistake that a person could make in one line of the product.
import type { Mutant } from './mutant.ts';
import { core_mutants } from './planted/core.ts';
import { edge_mutants } from './planted/edge.ts';
import { shim_mutants } from './planted/shim.ts';

/** All of them; the cheap ones to build first. */
export const mutants: readonly Mutant[] = [...shim_mutants, ...edge_mutants, ...core_mutants];
