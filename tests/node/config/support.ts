// What the configuration tests share: a platform that is live, and calls of its configuration.
import assert from 'node:assert/strict';
import type { Answer, Fleet } from '../crash/fleet.ts';
import { openFleet, play, rows } from '../crash/scenario.ts';

/** The platform of these tests, and where its configuration is. */
export const config_path = '/api/v1/platforms/acme/config';

/** The structured documents that the platform begins with. */
export const documents = {
  features: {
    features: {
      billing: { enabled: true },
      reports: { enabled: true, requires: ['billing', 'stack:payments'] },
      chat: { enabled: false },
    },
    stacks: { payments: { enabled: true, options: { provider: 'stripe' } } },
  },
  env: { default: { APP_NAME: 'Acme' }, prod: { APP_NAME: 'Acme Live' } },
  auth: { default: { provider: 'none' } },
} as const;

/** A fleet whose platform `acme` serves version 1 in dev and prod. */
export async function liveFleet(): Promise<Fleet> {
  const { fleet } = openFleet();
  const body = { platformId: 'acme', environments: ['dev', 'prod'], config: documents };
  await play(fleet, {
    requests: [{ method: 'POST', path: '/api/v1/platforms', body }],
    sites: ['acme/dev', 'acme/prod'],
  });
  return fleet;
}

/** The ETag of the newest version. */
export async function etagOf(fleet: Fleet): Promise<string> {
  return (await fleet.api('GET', config_path)).headers.get('etag') ?? '';
}

/** Replaces the configuration, on top of the newest version. */
export async function put(fleet: Fleet, body: unknown, query = ''): Promise<Answer> {
  const match = { 'if-match': await etagOf(fleet) };
  return await fleet.api('PUT', `${config_path}${query}`, body, 'admin-key', match);
}

/** The answer's body. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
export function json(answer: Answer): any {
  return JSON.parse(answer.text);
}

/** The code of a problem document with its status. */
export function problem(answer: Answer): string {
  return `${answer.status} ${json(answer).code}`;
}

/** How many versions, journal entries and deployments are stored. */
export function stored(fleet: Fleet): string {
  const count = (table: string): number =>
    Number(fleet.db.sqlite.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
  return ['config_version', 'journal', 'deployment', 'document'].map(count).join();
}

/** Lets everything that was asked for come to its end; what each site then serves. */
export async function settled(fleet: Fleet): Promise<Record<string, number>> {
  const hour_ms = 3_600_000;
  const done = await fleet.passTime(() => sites(fleet).every((site) => site.rests), hour_ms);
  assert.ok(done, 'the sites do not come to rest');
  return Object.fromEntries(sites(fleet).map(({ id, version }) => [id, version]));
}

function sites(fleet: Fleet): { id: string; version: number; rests: boolean }[] {
  return rows<{
    platform_id: string;
    environment: string;
    desired: { revision: number };
    live?: { revision: number; config_version: number };
    active?: object;
  }>(fleet, 'site').map((site) => ({
    id: `${site.platform_id}/${site.environment}`,
    version: site.live?.config_version ?? 0,
    rests: site.active === undefined && site.live?.revision === site.desired.revision,
  }));
}
