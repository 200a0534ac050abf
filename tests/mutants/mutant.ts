// What a planted bug is, and how it is put into a tree.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One deliberate mistake, as a person could make it. */
export interface Mutant {
  readonly name: string;
  /** What a user would suffer. */
  readonly harm: string;
  /** Relative to the root. */
  readonly file: string;
  /** Text that stands there exactly once. */
  readonly find: string;
  readonly replace: string;
  /** The checks (checks.ts) that are to catch it, the cheapest first. */
  readonly caught_by: readonly string[];
}

/** The code has moved on: the mutant's text is not there, or more than once. */
export class Stale extends Error {
  override readonly name = 'Stale';
}

/** The file's text with the mistake in it. @throws Stale */
export function mutated({ name, file, find, replace }: Mutant, root: string): string {
  const text = readFileSync(join(root, file), 'utf8');
  const count = text.split(find).length - 1;
  if (count !== 1) {
    throw new Stale(`stale mutant ${name}: its text stands ${count} times in ${file}`);
  }
  return text.replace(find, () => replace);
}

/** Makes the mistake. @throws Stale */
export function plant(mutant: Mutant, root: string): void {
  writeFileSync(join(root, mutant.file), mutated(mutant, root));
}
