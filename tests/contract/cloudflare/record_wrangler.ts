// Records the requests of the pinned wrangler anew:
//   node tests/contract/cloudflare/record_wrangler.ts
// What changed shows in the difference, and the simulator has to answer to it.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { record } from './recording.ts';
import { stories } from './recording_stories.ts';

/** Where the recordings lie. */
export const directory: string = join(import.meta.dirname, 'recordings');

if (import.meta.main) {
  mkdirSync(directory, { recursive: true });
  for (const file of readdirSync(directory)) rmSync(join(directory, file));
  for (const story of stories) {
    const recording = await record(story);
    const file = join(directory, `${story.name}.json`);
    writeFileSync(file, `${JSON.stringify(recording, null, 2)}\n`);
    console.log(`${story.name}: ${recording.exchanges.length} requests`);
  }
  execFileSync('npx', ['biome', 'format', '--write', directory], { stdio: 'ignore' });
}
