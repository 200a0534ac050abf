// How many requests the Worker answers in a second, beside a plain Worker that does the same.
import { loadavg } from 'node:os';
import { coreWasm } from '../../../scripts/lib/build.mjs';
import { quantile, type Spread, spreadOf } from '../../bench/measure.ts';
import { type BothWorkers, checkReplies, startBoth } from '../../bench/requests_bench.ts';
import { workerdVersion } from '../../bench/workerd/start.ts';
import { type Memory, ownWorkerds, watchMemory } from '../memory.ts';
import type { Options } from '../options.ts';
import { plantBatches } from './deliveries.ts';
import { kindsFor, type Named } from './kinds.ts';
import { asTable } from './table.ts';
import { type Turn, turnFor } from './turn.ts';

/** All measurements of one kind on one Worker. */
export interface Measured {
  readonly name: string;
  readonly side: 'ours' | 'plain';
  readonly requests: number;
  readonly per_second: Spread;
  readonly p50_ms: number;
  readonly p99_ms: number;
  readonly max_ms: number;
  readonly odd: number;
  readonly errors: number;
  readonly memory: Memory;
}

/** How often ours answered for each answer of plain, round by round. */
export interface Ratio {
  readonly name: string;
  readonly requests: Spread;
  /** plain's time for each of ours: above 1 ours is faster. */
  readonly p50: number;
  readonly p99: number;
}

/** What was measured. */
export interface Throughput {
  readonly node: string;
  readonly workerd: string;
  readonly seconds: number;
  readonly rounds: number;
  readonly connections: number;
  /** Of the last minute, when it began: what else the machine did. */
  readonly load_before: number;
  readonly measured: readonly Measured[];
  readonly ratios: readonly Ratio[];
}

type Side = Measured['side'];

// More than this machine could use up: batches for each second of webhooks.
const batches_a_second = 800;

/** Measures every kind. Good: every answer was the right one. */
export async function measureThroughput(
  options: Options,
  say: (text: string) => void,
): Promise<{ result: Throughput; good: boolean }> {
  const { seconds, rounds, connections } = options;
  const load_before = loadavg()[0] ?? 0;
  const both = await startBoth(coreWasm);
  try {
    await checkReplies(both);
    const batches = Math.ceil((seconds + 1) * (rounds + 1) * batches_a_second);
    const db = await both.ours.host.getD1Database('DB');
    for (let first = 1; first <= batches; first += 5_000) {
      await plantBatches(db, first, Math.min(batches, first + 4_999));
    }
    const pids = pidsOf();
    const measured: Measured[] = [];
    const ratios: Ratio[] = [];
    for (const named of await kindsFor(both)) {
      say(`${named.name} ...`);
      const found = await measureKind(both, pids, named, options);
      measured.push(...found.measured);
      if (found.ratio !== undefined) ratios.push(found.ratio);
    }
    const about = { node: process.version, workerd: workerdVersion(), load_before };
    const result = { ...about, seconds, rounds, connections, measured, ratios };
    say(asTable(result));
    return { result, good: measured.every(({ odd, errors }) => odd + errors === 0) };
  } finally {
    await both.stop();
  }
}

// Ours is started first, and process ids grow.
function pidsOf(): Record<Side, number> {
  const [ours, plain, more] = ownWorkerds().sort((left, right) => left - right);
  if (ours === undefined || plain === undefined || more !== undefined) {
    throw new Error('there must be two workerd processes');
  }
  return { ours, plain };
}

async function measureKind(
  both: BothWorkers,
  pids: Record<Side, number>,
  named: Named,
  options: Options,
): Promise<{ measured: Measured[]; ratio: Ratio | undefined }> {
  const sides: Side[] = named.plain === undefined ? ['ours'] : ['ours', 'plain'];
  const turn = (side: Side, seconds: number): Promise<Turn> =>
    turnFor(both[side].url, named[side] ?? named.ours, { ...options, seconds });
  const turns: Record<Side, Turn[]> = { ours: [], plain: [] };
  const watches = sides.map((side) => ({ side, watch: watchMemory(pids[side]) }));
  for (const side of sides) await turn(side, 1);
  for (let round = 0; round < options.rounds; round += 1) {
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      turns[side].push(await turn(side, options.seconds));
    }
  }
  const measured = watches.map(({ side, watch }) => {
    return summed(named.name, side, turns[side], watch.stop());
  });
  return { measured, ratio: ratioOf(named.name, turns) };
}

function summed(name: string, side: Side, turns: readonly Turn[], memory: Memory): Measured {
  const sum = (of: 'requests' | 'odd' | 'errors'): number =>
    turns.reduce((total, turn) => total + turn[of], 0);
  const middle = (of: 'p50_ms' | 'p99_ms'): number =>
    quantile(
      turns.map((turn) => turn[of]),
      0.5,
    );
  return {
    name,
    side,
    requests: sum('requests'),
    per_second: spreadOf(turns.map(({ per_second }) => per_second)),
    p50_ms: middle('p50_ms'),
    p99_ms: middle('p99_ms'),
    max_ms: Math.max(...turns.map(({ max_ms }) => max_ms)),
    odd: sum('odd'),
    errors: sum('errors'),
    memory,
  };
}

// Of turns that followed each other: what else the machine did hit both.
function ratioOf(name: string, { ours, plain }: Record<Side, Turn[]>): Ratio | undefined {
  if (plain.length === 0) return undefined;
  const ratios = (of: 'per_second' | 'p50_ms' | 'p99_ms'): number[] =>
    ours.map((turn, round) => turn[of] / (plain[round]?.[of] ?? Number.NaN));
  return {
    name,
    requests: spreadOf(ratios('per_second')),
    p50: 1 / quantile(ratios('p50_ms'), 0.5),
    p99: 1 / quantile(ratios('p99_ms'), 0.5),
  };
}
