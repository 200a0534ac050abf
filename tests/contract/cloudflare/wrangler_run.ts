// Runs the real wrangler against a simulated Cloudflare, in an environment of its own.

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ACCOUNT, TOKEN } from './support.ts';

/** What one run of wrangler left behind. */
export interface WranglerRun {
  status: number | null;
  output: string;
  /** The records that it wrote for machines. */
  records: Record<string, unknown>[];
}

const wrangler = resolve(import.meta.dirname, '../../../node_modules/wrangler/bin/wrangler.js');

/**
 * Runs wrangler with `args` against the API at `baseUrl`, from an empty directory. Nothing of the
 * caller's environment reaches it but the PATH.
 */
export async function runWrangler(baseUrl: string, args: string[]): Promise<WranglerRun> {
  const home = mkdtempSync(join(tmpdir(), 'wrangler-'));
  const recordFile = join(home, 'records.ndjson');
  try {
    const child = spawn(process.execPath, [wrangler, ...args], {
      cwd: home,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: process.env.PATH,
        HOME: home,
        CI: '1',
        NO_COLOR: '1',
        WRANGLER_LOG_PATH: join(home, 'logs'),
        WRANGLER_OUTPUT_FILE_PATH: recordFile,
        WRANGLER_SEND_METRICS: 'false',
        WRANGLER_SEND_ERROR_REPORTS: 'false',
        WRANGLER_HIDE_BANNER: 'true',
        CLOUDFLARE_CF_FETCH_ENABLED: 'false',
        CLOUDFLARE_API_BASE_URL: baseUrl,
        CLOUDFLARE_API_TOKEN: TOKEN,
        CLOUDFLARE_ACCOUNT_ID: ACCOUNT,
      },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const status = await new Promise<number | null>((done, failed) => {
      child.once('error', failed);
      child.once('close', done);
    });
    return { status, output, records: readRecords(recordFile) };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function readRecords(file: string): Record<string, unknown>[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
