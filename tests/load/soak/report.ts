// What the soak tells: a line every few seconds, and the verdict.
import type { Counts } from './client.ts';
import type { Desk } from './desk.ts';
import type { Found } from './found.ts';
import type { Killing, Kills } from './kills.ts';
import type { Acknowledged, Finding, Ledger } from './ledger.ts';
import type { Settled } from './settle.ts';

/** The result of a soak. */
export interface SoakResult {
  readonly seed: number;
  readonly minutes: number;
  /** The machine's, of the minute before. */
  readonly load_before: number;
  readonly requests: number;
  readonly cut: number;
  /** 503s by code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Answers that a client was content with, by what was asked. */
  readonly answered: Readonly<Record<string, number>>;
  /** 5xx of the runtime around the Worker. */
  readonly runtime: number;
  /** Acknowledged requests by what they promised. */
  readonly acknowledged: Readonly<Record<string, number>>;
  /** Requests that were sent once more under their Idempotency-Key. */
  readonly repeats: number;
  readonly kills: number;
  readonly processes: number;
  readonly down_ms: readonly number[];
  readonly peak_mb: number;
  readonly settled_s: number;
  readonly platforms: number;
  readonly live: number;
  readonly resting: number;
  readonly runs: number;
  readonly projects: number;
  readonly findings: readonly Finding[];
}

const findings_told = 40;

/** Where the soak is. */
export function progressLine({ client, ledger }: Desk, killing: Killing, ms: number): string {
  const { requests, cut, refused, faults } = client.counts;
  const { down_ms, peak_bytes } = killing.now();
  const seconds = Math.floor(ms / 1000);
  const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  const kinds = Object.entries(countedKinds(ledger.acknowledged));
  const kept = kinds.map(([kind, count]) => `${count} ${kind}`).join(', ');
  const again = [...refused.values()].reduce((sum, count) => sum + count, 0);
  const bad = ledger.findings.length + faults.length;
  return (
    `  ${time.padStart(5)}  ${requests} requests, ${cut} cut, ${again} sent again after 503; ` +
    `${down_ms.length} kills; acknowledged: ${kept || 'nothing'}; ` +
    `workerd ${Math.round(peak_bytes / 1e6)} MB at most; ${bad} findings`
  );
}

/** Puts everything together. */
export function resultOf(of: {
  about: Pick<SoakResult, 'seed' | 'load_before' | 'minutes' | 'repeats'>;
  ledger: Ledger;
  counts: Counts;
  kills: Kills;
  settled: Settled;
  found: Found;
  findings: readonly Finding[];
}): SoakResult {
  const { about, ledger, counts, kills, settled, found, findings } = of;
  return {
    ...about,
    requests: counts.requests,
    cut: counts.cut,
    refused: Object.fromEntries(counts.refused),
    answered: Object.fromEntries(counts.answered),
    runtime: counts.runtime,
    acknowledged: countedKinds(ledger.acknowledged),
    kills: kills.down_ms.length,
    processes: kills.processes,
    down_ms: kills.down_ms,
    peak_mb: Math.round(kills.peak_bytes / 1e6),
    settled_s: settled.after_s,
    platforms: found.platforms.size,
    live: settled.live,
    resting: settled.resting,
    runs: found.run_keys.length,
    projects: found.projects.length,
    findings,
  };
}

/** The result for people. */
export function verdictLines(result: SoakResult): string[] {
  const { kills, processes, down_ms, acknowledged, findings } = result;
  const sorted = [...down_ms].sort((left, right) => left - right);
  const seconds = (ms: number | undefined): string => ((ms ?? 0) / 1000).toFixed(1);
  const middle = seconds(sorted[Math.floor(sorted.length / 2)]);
  const kept = Object.entries(acknowledged).map(([kind, count]) => `${count} ${kind}`);
  const refused = Object.entries(result.refused).map(([code, count]) => `${count} ${code}`);
  const answered = Object.entries(result.answered).map(([kind, count]) => `${count} ${kind}`);
  return [
    `\n${result.minutes} minutes of traffic, seed ${result.seed}`,
    `requests          ${result.requests}; ${result.cut} cut, ` +
      `503: ${refused.join(', ') || 'none'}; ${result.runtime} answered by the dying runtime`,
    `answered          ${answered.join(', ')}`,
    `kills             ${kills}, ${processes} processes; down ${middle} s in the middle, ` +
      `${seconds(sorted.at(-1))} s at most`,
    `acknowledged      ${kept.join(', ')}`,
    `sent once more    ${result.repeats}, under their Idempotency-Key`,
    `memory            workerd ${result.peak_mb} MB at most`,
    `at its end        after ${result.settled_s} s: ${result.live} live, ${result.resting} resting`,
    `outside           ${result.projects} projects, ${result.runs} runs`,
    ...findings.slice(0, findings_told).flatMap(findingLines),
    ...(findings.length > findings_told ? [`... and ${findings.length - findings_told} more`] : []),
    `\n${findings.length === 0 ? 'nothing is missing' : `${findings.length} findings`}`,
  ];
}

function findingLines({ what, of }: Finding): string[] {
  const where = of === undefined ? [] : [`    ${of.request}`, `    acknowledged ${of.answer}`];
  return [`\nFOUND ${what}`, ...where];
}

function countedKinds(acknowledged: readonly Acknowledged[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { promised } of acknowledged) {
    counts[promised.kind] = (counts[promised.kind] ?? 0) + 1;
  }
  return counts;
}
