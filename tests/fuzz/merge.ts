// Taking what fuzzing found into the committed corpus: only what reaches code that nothing there
// reaches, the smallest first, and only so much that the corpus stays small.
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { committed, folder, start, type Target, work } from './fuzzer.ts';

/** Bytes that one merge adds to a target's corpus at most. */
const added_bytes_max = 16_000;

/** Inputs that one merge adds at most. */
const added_max = 16;

/** Inputs that are longer are left out. */
const input_bytes_max = 4000;

function files(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory).map((name) => join(directory, name));
}

/** Merges what was found for the target; says in a line what it did. */
export async function mergeCorpus(target: Target): Promise<string> {
  if (target.name === 'frame') return 'frame: has the corpus of step';
  const known = mkdtempSync(join(tmpdir(), 'slipway-merge-'));
  try {
    const before = [...files(committed(target)), ...files(join(work, 'seeds', target.name))];
    for (const [index, path] of before.entries()) copyFileSync(path, join(known, `known_${index}`));
    const found = folder('corpus', target.name);
    const { code, report } = await start(target, ['-set_cover_merge=1', known, found]).ended;
    if (code !== 0) throw new Error(report);
    const news = files(known)
      .filter((path) => !/\/known_\d+$/.test(path))
      .map((path) => ({ path, bytes: statSync(path).size }))
      .sort((a, b) => a.bytes - b.bytes);
    let added = 0;
    let count = 0;
    for (const { path, bytes } of news) {
      if (count === added_max || bytes > input_bytes_max) break;
      if (added + bytes > added_bytes_max) break;
      const digest = path.slice(-40, -28);
      const ending = target.name === 'step' ? '.frame' : '';
      copyFileSync(path, join(committed(target), `found_${digest}${ending}`));
      added += bytes;
      count += 1;
    }
    return `${target.name}: ${count} of ${news.length} new inputs added, ${added} bytes`;
  } finally {
    rmSync(known, { recursive: true });
  }
}
