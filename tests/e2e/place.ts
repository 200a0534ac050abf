// Where an instance of the product lives for one test: a state directory, two ports, a database.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { TestContext } from 'node:test';
import { instanceProcesses, killNow, workerProcesses } from './processes.ts';

/** Where an instance lives: the same for every start of it. */
export interface Place {
  readonly state: string;
  readonly port: number;
}

/** Makes a place; when the test is over, all its processes are killed and its files removed. */
export async function openPlace(t: TestContext): Promise<Place> {
  const state = mkdtempSync(join(tmpdir(), 'slipway-e2e-'));
  t.after(() => {
    for (let left = instanceProcesses(state); left.length > 0; left = instanceProcesses(state)) {
      killNow(left);
    }
    rmSync(state, { recursive: true, force: true, maxRetries: 5 });
  });
  return { state, port: await freePort() };
}

/** A port that is free; the one after it, which the simulator listens on, is free, too. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await portOf(0);
    if (port < 65_535 && (await portOf(port + 1).catch(() => 0)) !== 0) return port;
  }
}

function portOf(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** The file of the Worker's database. */
export function databaseFile(place: Place): string {
  const folder = join(place.state, 'wrangler/v3/d1/miniflare-D1DatabaseObject');
  const name = readdirSync(folder).find((file) => /^[0-9a-f]{64}\.sqlite$/.test(file));
  assert.ok(name !== undefined, `a database in ${folder}`);
  return join(folder, name);
}

/** Reads the Worker's database; only while nothing serves from it. */
export function query(place: Place, sql: string): Record<string, unknown>[] {
  assert.deepEqual(workerProcesses(place.state), []);
  const database = new DatabaseSync(databaseFile(place));
  try {
    return database.prepare(sql).all();
  } finally {
    database.close();
  }
}
