// Budgets: units are given away by one statement each, so that however many isolates ask at once,
// none gives away what another has. What the numbers are is the core's to say. An answer that is
// lost wastes its units; that is all that can happen.
import type { FactOutcome, Spend } from '../../bindings/js/control.ts';
import type { Ports } from '../ports.ts';
import { ledger_spend, ledger_stop, ledger_wait } from './statements.ts';

/** What became of units that were asked for. */
export type Spent = Extract<FactOutcome, { outcome: 'granted' | 'deferred' }>;

/** Gives units away, all or none. @throws StorageFailure: they may be wasted. */
export async function spend(ports: Pick<Ports, 'db' | 'now'>, wanted: Spend): Promise<Spent> {
  const { ledger, units, interval_ms, burst, leave, gap_ms } = wanted;
  const params = [
    ledger,
    ports.now(),
    units * interval_ms,
    burst * interval_ms,
    leave * interval_ms,
    gap_ms,
  ];
  const given = await ports.db.all(ledger_spend, params);
  if (given.length > 0) {
    return { outcome: 'granted' };
  }
  const [row] = await ports.db.all(ledger_wait, params);
  return { outcome: 'deferred', wait_ms: Math.max(1, Number(row?.wait_ms ?? 1)) };
}

/** Nothing is given away from these budgets before a time. @throws StorageFailure */
export async function stop(
  ports: Pick<Ports, 'db'>,
  stops: readonly { readonly ledger: string; readonly until_ms: number }[],
): Promise<void> {
  for (const { ledger, until_ms } of stops) {
    await ports.db.all(ledger_stop, [ledger, until_ms]);
  }
}
