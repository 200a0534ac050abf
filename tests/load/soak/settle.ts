// Waits until every site and org is at its end.
import type { Platform, Publishing } from '../../../bindings/generated/api.ts';
import { type Client, pause } from './client.ts';
import { endOf, endOfOrg, platformIds } from './collect.ts';

/** How it came to its end. */
export interface Settled {
  /** Whether it did. */
  readonly settled: boolean;
  readonly after_s: number;
  readonly live: number;
  readonly resting: number;
}

type Ends = Record<'live' | 'resting' | 'moving' | 'leaving', number>;

const look_every_ms = 3_000;
const say_every_ms = 15_000;
// What was lost is tried again a little later: it must stay at its end.
const looks_alike = 3;

/** Looks until nothing moves. */
export async function settle(
  client: Client,
  orgs: readonly string[],
  limit_ms: number,
  say: (text: string) => void,
): Promise<Settled> {
  const began = Date.now();
  let said = 0;
  let alike = 0;
  for (;;) {
    const { live, resting, moving, leaving } = await endsOf(client, orgs);
    const after_s = Math.round((Date.now() - began) / 1000);
    alike = moving + leaving === 0 ? alike + 1 : 0;
    const settled = alike >= looks_alike;
    if (settled || Date.now() - began > limit_ms) return { settled, after_s, live, resting };
    if (Date.now() - said > say_every_ms) {
      said = Date.now();
      say(
        `  +${after_s} s  ${live} live, ${resting} resting, ${moving} moving, ${leaving} leaving`,
      );
    }
    await pause(look_every_ms);
  }
}

async function endsOf(client: Client, orgs: readonly string[]): Promise<Ends> {
  const ends: Ends = { live: 0, resting: 0, moving: 0, leaving: 0 };
  for (const id of await platformIds(client)) {
    const path = `/api/v1/platforms/${id}`;
    const { status, text } = await client.ask({ method: 'GET', path });
    // It has gone since it was listed.
    if (status === 404) continue;
    const { state, sites } = JSON.parse(text) as Platform;
    for (const site of sites) ends[state === 'deleting' ? 'leaving' : endOf(site)] += 1;
    if (sites.length === 0) ends.leaving += 1;
  }
  for (const slug of orgs) {
    ends[endOfOrg(await client.read<Publishing>(`/api/v1/orgs/${slug}/publishing`))] += 1;
  }
  return ends;
}
