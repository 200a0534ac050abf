// Writes the golden files anew from real runs: `node tests/node/golden/record.ts`. Of all exchanges
// with one name the shortest is kept and, of successful replies, the fullest, too. To be run when
// the core asks for other facts than the files hold; where only its answers changed,
// `npm run generate` rewrites them.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Core } from '../../../bindings/js/core.ts';
import { core } from '../faults/support.ts';
import { nameOf } from './describe.ts';
import { type GoldenFrame, golden_directory, goldenText } from './golden.ts';
import { scenarios } from './scenarios.ts';

/** A core that keeps what it is asked and what it answers: of each name, what is to be written. */
export function recording(inner: Core): Core & { readonly kept: ReadonlyMap<string, GoldenFrame> } {
  const kept = new Map<string, GoldenFrame>();
  const keep = (frame: GoldenFrame, better: (than: GoldenFrame) => boolean): void => {
    const before = kept.get(frame.name);
    if (before === undefined || better(before)) kept.set(frame.name, frame);
  };
  return {
    kept,
    traps: () => inner.traps(),
    step(input) {
      const output = inner.step(input);
      const name = nameOf(input, output);
      const frame = { name, input: input.slice(), output };
      keep(frame, (than) => input.length < than.input.length);
      if (/\/2\d\d[^/]*$/.test(name)) {
        const full = { ...frame, name: `${name}.full` };
        keep(full, (than) => output.length > than.output.length);
      }
      return output;
    },
  };
}

/** Plays every scenario. @returns the exchanges to keep, by name */
export async function record(): Promise<GoldenFrame[]> {
  const recorder = recording(core);
  for (const scenario of scenarios) await scenario(recorder);
  const byName = (a: GoldenFrame, b: GoldenFrame): number => (a.name < b.name ? -1 : 1);
  const { kept } = recorder;
  const isNews = ({ name, input }: GoldenFrame): boolean => {
    const shortest = name.endsWith('.full') ? kept.get(name.slice(0, -'.full'.length)) : undefined;
    return shortest === undefined || !Buffer.from(shortest.input).equals(input);
  };
  return [...kept.values()].filter(isNews).sort(byName);
}

function write(frames: readonly GoldenFrame[], directory: string): void {
  for (const folder of readdirSync(directory, { withFileTypes: true })) {
    const path = join(directory, folder.name);
    if (!folder.isDirectory() || folder.name === 'tool') continue;
    for (const file of readdirSync(path)) if (file.endsWith('.json')) rmSync(join(path, file));
  }
  for (const frame of frames) {
    const path = join(directory, `${frame.name}.json`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, goldenText(frame));
  }
}

if (import.meta.main) {
  const frames = await record();
  write(frames, golden_directory);
  console.log(`${frames.length} golden files`);
}
