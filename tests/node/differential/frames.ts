// The frames that the doors are tried with: the golden ones, and the committed corpus.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { goldenFrames } from '../golden/golden.ts';

/** An input frame and what it is called. */
export interface NamedFrame {
  readonly name: string;
  readonly input: Uint8Array;
}

/** The golden files' frames: each is one that the shim would send. */
export function validFrames(): NamedFrame[] {
  return goldenFrames();
}

/** The folder of the committed corpus: one input frame a file. */
export const corpus_directory = join(import.meta.dirname, '../../fuzz/corpus/step');

/** The committed corpus, by file name: hostile and unusual frames. */
export function corpusFrames(): NamedFrame[] {
  return readdirSync(corpus_directory)
    .sort()
    .map((name) => ({ name, input: new Uint8Array(readFileSync(join(corpus_directory, name))) }));
}
