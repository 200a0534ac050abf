// Gathers what there is in the end.
import type {
  Operation,
  Platform,
  PublicationList,
  Publishing,
  Site,
} from '../../../bindings/generated/api.ts';
import { type Place, query } from '../../e2e/place.ts';
import type { Product } from '../../e2e/support.ts';
import type { Client } from './client.ts';
import type {
  Found,
  FoundOrg,
  FoundPlatform,
  FoundSite,
  FoundVersion,
  ServedSite,
} from './found.ts';
import { allProjects, allRuns, servedFile } from './outside.ts';

/** What can only be read while the product runs, and what only when nothing serves. */
export type Running = Omit<Found, 'wishes' | 'claims'>;
type Resting = Pick<Found, 'wishes' | 'claims'>;

interface Versions {
  readonly items: readonly { readonly version: number; readonly reason: string }[];
  readonly nextCursor?: string;
}

interface Version {
  readonly documents: {
    readonly features: { readonly features: Record<string, { readonly enabled: boolean }> };
  };
}

const api = '/api/v1/platforms';

/** Every platform that is there. */
export async function platformIds(client: Client): Promise<string[]> {
  const ids: string[] = [];
  for (let cursor = ''; ; ) {
    const query_text = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await client.read<{ items: { platformId: string }[]; nextCursor?: string }>(
      `${api}?limit=100${query_text}`,
    );
    ids.push(...page.items.map(({ platformId }) => platformId));
    if (page.nextCursor === undefined) return ids;
    cursor = page.nextCursor;
  }
}

/** Whether a site is at its end, and which. */
export function endOf(site: Site): FoundSite['end'] {
  if (site.active !== undefined) return 'moving';
  if (site.upToDate) return 'live';
  const rests = site.blocked ?? site.last?.failure;
  return rests !== undefined && site.waiting === undefined ? 'resting' : 'moving';
}

/** The same of an org. */
export function endOfOrg({ state, failure, publication }: Publishing): FoundOrg['end'] {
  if (failure !== undefined) return 'resting';
  if (state !== 'ready') return 'moving';
  if (publication?.state === 'live') return 'live';
  return publication?.failure === undefined ? 'moving' : 'resting';
}

/** Everything but the database. */
export async function collect(
  product: Product,
  client: Client,
  known: { readonly operations: readonly string[]; readonly orgs: readonly string[] },
): Promise<Running> {
  const platforms = new Map<string, FoundPlatform>();
  for (const id of await platformIds(client)) {
    platforms.set(id, await foundPlatform(product, client, id));
  }
  const operations = new Map<string, string>();
  for (const id of known.operations) {
    const { status, text } = await client.ask({ method: 'GET', path: `/api/v1/operations/${id}` });
    if (status === 200) operations.set(id, (JSON.parse(text) as Operation).state);
  }
  const orgs = new Map<string, FoundOrg>();
  for (const slug of known.orgs) orgs.set(slug, await foundOrg(product, client, slug));
  const letters = await client.read<{ items: object[] }>('/api/v1/dead-letters');
  return {
    platforms,
    operations,
    orgs,
    projects: (await allProjects(product)).map(({ name }) => name),
    run_keys: (await allRuns(product, 100)).map((run) => run.display_title.split(' ')[0] ?? ''),
    dead_letters: letters.items.map((letter) => JSON.stringify(letter)),
  };
}

async function foundPlatform(product: Product, client: Client, id: string): Promise<FoundPlatform> {
  const { configVersion, sites } = await client.read<Platform>(`${api}/${id}`);
  const versions: FoundVersion[] = [];
  for (let cursor = ''; ; ) {
    const page = await client.read<Versions>(`${api}/${id}/config/versions?limit=100${cursor}`);
    for (const { version, reason } of page.items) {
      const { documents } = await client.read<Version>(`${api}/${id}/config/versions/${version}`);
      const features = Object.entries(documents.features.features).map(([name, { enabled }]) => {
        return [name, enabled] as const;
      });
      versions.push({ number: version, reason, features: Object.fromEntries(features) });
    }
    if (page.nextCursor === undefined) break;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
  const found: FoundSite[] = [];
  for (const site of sites) found.push(await foundSite(product, client, id, site));
  return { configVersion, versions, sites: found };
}

async function foundSite(
  product: Product,
  client: Client,
  id: string,
  site: Site,
): Promise<FoundSite> {
  const { environment, projectName, url, live, active, last, blocked, state, waiting } = site;
  const path = `${api}/${id}/config?env=${environment}`;
  const config = await client.read<Record<string, string>>(path);
  const texts = ['featuresConfig', 'envConfig', 'authConfig'].map((name) => `${config[name]}\n`);
  const failure = blocked ?? last?.failure;
  const served = url === undefined ? undefined : await servedSite(product, new URL(url).hostname);
  return {
    environment,
    project: projectName,
    end: endOf(site),
    step: `${active?.state ?? last?.state ?? state} ${waiting?.code ?? ''}`,
    wished: texts.join(''),
    ...(live === undefined ? {} : { live_deployment: live.deploymentId }),
    ...(failure === undefined ? {} : { failure }),
    ...(served === undefined ? {} : { served }),
  };
}

async function servedSite(product: Product, host: string): Promise<ServedSite | undefined> {
  const text = await servedFile(product, host, '/.well-known/slipway.json');
  if (text === undefined) return undefined;
  const manifest = JSON.parse(text) as ServedSite & { readonly files: Record<string, string> };
  const asset = Object.keys(manifest.files)[0] ?? '/none';
  const { deployment, platform, environment, version } = manifest;
  const script = (await servedFile(product, host, asset)) ?? '';
  return { deployment, platform, environment, version, script };
}

async function foundOrg(product: Product, client: Client, slug: string): Promise<FoundOrg> {
  const publishing = await client.read<Publishing>(`/api/v1/orgs/${slug}/publishing`);
  const { name, projectName = '', projectUrl, publication, state } = publishing;
  const list = await client.read<PublicationList>(
    `/api/v1/orgs/${slug}/publishing/publications?limit=100`,
  );
  const failure = publishing.failure ?? publication?.failure;
  const page =
    projectUrl === undefined
      ? undefined
      : await servedFile(product, new URL(projectUrl).hostname, '/');
  return {
    name,
    end: endOfOrg(publishing),
    step: `${state} ${publication?.state ?? ''}`,
    project: projectName,
    publications: new Map(list.items.map((one) => [one.publicationId, one.state])),
    ...(failure === undefined ? {} : { failure }),
    ...(page === undefined ? {} : { page }),
  };
}

/** What the journal says; nothing may serve from the database. */
export function readJournal(place: Place): Resting {
  const wishes = new Map<string, number>();
  const wished = `SELECT aggregate, json_extract(event, '$.reason') AS reason FROM journal
    WHERE aggregate LIKE 'site:%' AND json_extract(event, '$.type') = 'desired_changed'`;
  for (const { aggregate, reason } of query(place, wished)) {
    const wish = `${String(aggregate).slice('site:'.length)} ${reason}`;
    wishes.set(wish, (wishes.get(wish) ?? 0) + 1);
  }
  const claims = new Map<string, string[]>();
  const keys = new Map<unknown, string>();
  const batches = `SELECT aggregate, event FROM journal WHERE aggregate LIKE 'batch:%' ORDER BY id`;
  for (const { aggregate, event } of query(place, batches)) {
    const { type, dispatch_key, run_id } = JSON.parse(String(event));
    if (type === 'batch_dispatch_started') keys.set(aggregate, dispatch_key);
    if (type !== 'batch_claimed') continue;
    const key = keys.get(aggregate) ?? '';
    claims.set(key, [...(claims.get(key) ?? []), run_id]);
  }
  return { wishes, claims };
}
