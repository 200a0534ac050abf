// What processes hold in memory, as Linux tells it.
import { readdirSync, readFileSync } from 'node:fs';

/** Bytes at three moments: before a load, the most during it, and after. */
export interface Memory {
  readonly before: number;
  readonly peak: number;
  readonly after: number;
}

const sample_every_ms = 100;

/** The resident memory of a process in bytes; 0 where it has ended. */
export function residentBytes(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(statusOf(pid))?.[1];
  return Number(line ?? 0) * 1024;
}

/** Whether the process is workerd itself, not what has started it. */
export function isWorkerd(pid: number): boolean {
  return /^Name:\s+workerd$/m.test(statusOf(pid));
}

/** The workerd processes that this process has started. */
export function ownWorkerds(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isWorkerd(pid) && parentOf(pid) === process.pid);
}

/** Watches a process until it is stopped. */
export function watchMemory(pid: number): { stop(): Memory } {
  const before = residentBytes(pid);
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, residentBytes(pid));
  }, sample_every_ms);
  return {
    stop() {
      clearInterval(timer);
      const after = residentBytes(pid);
      return { before, peak: Math.max(peak, after), after };
    },
  };
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)$/m.exec(statusOf(pid))?.[1] ?? 0);
}

function statusOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    return '';
  }
}
