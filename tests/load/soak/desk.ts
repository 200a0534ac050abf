// What all who make traffic share: the client, the ledger, chance, and the end of the traffic.
import { type Ask, type Client, described, type Got, pause } from './client.ts';
import type { Ledger, Promised } from './ledger.ts';

/** The desk that everyone works at. */
export interface Desk {
  readonly client: Client;
  readonly ledger: Ledger;
  readonly random: () => number;
  /** Platforms that exist, for those who only look. */
  readonly platforms: { readonly platformId: string; readonly environments: readonly string[] }[];
  /** Whether the traffic is over. */
  over(): boolean;
  /** A text that no other change has. */
  unique(): string;
}

/** Waits between nothing and twice the mean. */
export function rest(desk: Desk, mean_ms: number): Promise<void> {
  return pause(desk.random() * 2 * mean_ms);
}

/** One of them. */
export function anyOf<T>(desk: Desk, list: readonly T[]): T | undefined {
  return list[Math.floor(desk.random() * list.length)];
}

/** Keeps what an answer promised. */
export function acknowledge(desk: Desk, ask: Ask, got: Got, promised: Promised): void {
  const answer = `${new Date().toISOString()} ${got.status} ${got.request_id}`;
  desk.ledger.acknowledged.push({ request: described(ask), answer, promised });
}

/** Notes an answer that nobody can explain. */
export function complain(desk: Desk, ask: Ask, got: Got, why = 'an odd answer'): void {
  const { status, text, request_id } = got;
  const what = `${why}: ${described(ask)}: ${status} ${request_id} ${text.slice(0, 300)}`;
  desk.ledger.findings.push({ what });
}

/** A POST with an Idempotency-Key; now and then it is sent once more, and must give the same. */
export async function post(desk: Desk, path: string, body?: object): Promise<[Ask, Got]> {
  const headers = { 'idempotency-key': `soak-${desk.unique()}` };
  const ask: Ask = { method: 'POST', path, headers, ...(body === undefined ? {} : { body }) };
  const got = await desk.client.ask(ask);
  if (got.status < 300 && desk.random() < 0.3) void repeatLater(desk, ask, got);
  return [ask, got];
}

const repeats = new Set<Promise<void>>();

/** Resolves when every repetition has been answered. */
export async function allRepeated(): Promise<number> {
  const count = repeats.size;
  await Promise.all(repeats);
  return count;
}

// At once, or after the next kill.
async function repeatLater(desk: Desk, ask: Ask, first: Got): Promise<void> {
  const delay_ms = desk.random() < 0.5 ? 0 : desk.random() * 40_000;
  const repeat = (async () => {
    await pause(delay_ms);
    const again = await desk.client.ask(ask).catch(() => undefined);
    if (again === undefined) return;
    if (again.status === first.status && again.text === first.text) return;
    const before = `${first.status} ${first.text.slice(0, 300)}`;
    complain(desk, ask, again, `another answer than the first, which was ${before}`);
  })();
  repeats.add(repeat);
  await repeat;
}

/** Does it again and again until the traffic is over; a failure is a finding. */
export async function untilOver(
  desk: Desk,
  mean_ms: number,
  what: () => Promise<void>,
): Promise<void> {
  while (!desk.over()) {
    await rest(desk, mean_ms);
    if (desk.over()) return;
    await what().catch((error: unknown) => desk.ledger.findings.push({ what: String(error) }));
  }
}
