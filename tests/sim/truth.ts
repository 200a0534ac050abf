// What must be true when everything has come to rest: rows that rest have a reason, what they say
// is served is served, Cloudflare holds one project for each site, GitHub one run for each key. And
// what people do to mend the rest, after which every site must be live.
import { accounts, atGithub, projectsOf } from './acts_operations.ts';
import type { Wish } from './people.ts';
import type { Simulation } from './simulate.ts';
import { Violation } from './watch.ts';

interface Failure {
  readonly code?: string;
  readonly next?: string;
}

interface Site {
  readonly platform_id: string;
  readonly environment: string;
  readonly account: string;
  readonly state: string;
  readonly project_name: string;
  readonly subdomain?: string;
  readonly desired: { readonly revision: number };
  readonly pin?: { readonly revision: number };
  readonly paused?: unknown;
  readonly drift?: unknown;
  readonly waiting?: { readonly code: string };
  readonly blocked?: Failure;
  readonly live?: { readonly deployment_id: string; readonly revision: number };
  readonly active?: unknown;
  readonly last?: { readonly revision: number; readonly state: string; readonly failure?: Failure };
  readonly removal?: unknown;
}

interface Migration {
  readonly platform_id: string;
  readonly environment: string;
  readonly state: string;
}

interface Org {
  readonly slug: string;
  readonly state: string;
  readonly account: string;
  readonly placed: boolean;
  readonly active?: unknown;
  readonly failure?: Failure;
  readonly hook?: unknown;
}

function rows<Row>({ db }: Simulation, table: string): Row[] {
  const found = db.sqlite.prepare(`SELECT "row" FROM "${table}" ORDER BY id`).all();
  return found.map(({ row }) => JSON.parse(String(row)) as Row);
}

/** Keys of promises that are still to be kept, without those that upkeep always has. */
export function pendingEffects(simulation: Simulation): string[] {
  const found = simulation.db.sqlite
    .prepare('SELECT effect_key FROM outbox WHERE due_at_ms IS NOT NULL ORDER BY effect_key')
    .all();
  const resting = new Set([...migrationsAtRest(simulation), ...paced(simulation)]);
  return found
    .map(({ effect_key }) => String(effect_key))
    .filter((key) => !key.startsWith('prune:') && !resting.has(key));
}

// Sites whose account makes no project before a time that the row tells: hours, or days.
function paced(simulation: Simulation): string[] {
  return rows<Site>(simulation, 'site')
    .filter(isPaced)
    .map((site) => `site:${site.platform_id}/${site.environment}`);
}

function isPaced({ state, waiting }: Site): boolean {
  return state === 'creating' && waiting?.code === 'account.pacing';
}

// A migration looks every hour whether somebody has changed a domain's record, and now and then
// whether somebody goes on with its site, whose builds are held back: it has come to rest.
function migrationsAtRest(simulation: Simulation): Set<string> {
  const sites = rows<Site>(simulation, 'site');
  const idOf = (row: Migration | Site): string => `${row.platform_id}/${row.environment}`;
  const held = new Set(
    sites
      .filter((site) => site.paused !== undefined || site.state === 'suspended' || isPaced(site))
      .map(idOf),
  );
  // It waits for its site, which waits for a person.
  const stuck = new Set(sites.filter(({ blocked }) => hasNext(blocked)).map(idOf));
  const all = rows<Migration>(simulation, 'migration')
    .map((row) => ({ ...row, id: idOf(row) }))
    .filter(({ id, state }) => {
      return state === 'migrated' || stuck.has(id) || (state === 'deploying' && held.has(id));
    });
  return new Set(all.map(({ id }) => `migration:${id}`));
}

/** Looks at everything that has come to rest. @throws Violation */
export async function judge(simulation: Simulation, when: string): Promise<void> {
  const faults: string[] = [];
  for (const site of rows<Site>(simulation, 'site')) {
    const fault = faultOf(site) ?? (await servedFault(simulation, site));
    if (fault !== undefined) {
      faults.push(`${site.platform_id}/${site.environment} ${fault}: ${JSON.stringify(site)}`);
    }
  }
  for (const org of rows<Org>(simulation, 'org')) {
    const fault = orgFault(org);
    if (fault !== undefined) faults.push(`${org.slug} ${fault}: ${JSON.stringify(org)}`);
  }
  faults.push(...batchFaults(simulation), ...projectFaults(simulation));
  faults.push(...runFaults(simulation), ...accountFaults(simulation));
  if (faults.length > 0) throw new Violation(`${when}: ${faults.join('\n')}`);
}

function hasNext(failure: Failure | undefined): boolean {
  return (failure?.next?.length ?? 0) > 10;
}

function faultOf(site: Site): string | undefined {
  const { state, active, live, last, desired, pin, blocked, paused } = site;
  if (state === 'blocked' && site.account === '' && hasNext(blocked)) return undefined;
  if (active !== undefined) return 'has an active deployment';
  if (isPaced(site)) return undefined;
  if (state === 'creating') return 'is still being created';
  if (state === 'blocked') return hasNext(blocked) ? undefined : 'is blocked without a next step';
  if (state === 'deleting') return hasNext(blocked) ? undefined : 'is still being deleted';
  if (state !== 'ready') return undefined;
  const wished = pin?.revision ?? desired.revision;
  if (live !== undefined && live.revision >= wished) return undefined;
  if (paused !== undefined) return undefined;
  const tried = last !== undefined && last.revision >= wished;
  if (!tried) return 'has a wish that nobody tried';
  if (['cancelled', 'superseded'].includes(last.state)) return undefined;
  return hasNext(last.failure) ? undefined : `rests as ${last.state} without a next step`;
}

// What Slipway calls live answers with its own deployment, where nobody has put anything else
// there.
async function servedFault(simulation: Simulation, site: Site): Promise<string | undefined> {
  const { subdomain, live, state } = site;
  if (state !== 'ready' || live === undefined || subdomain === undefined) return undefined;
  // Where it has seen something else, it says so.
  if (site.pin !== undefined || site.drift !== undefined) return undefined;
  if (simulation.plan.rates.past_slipway > 0) return undefined;
  const url = `http://sites.test/sites/${subdomain}/.well-known/slipway.json`;
  const answer = await simulation.outside.cloudflare.site(new Request(url));
  if (answer.status !== 200) return `is called live and answers ${answer.status}`;
  const { deployment } = (await answer.json()) as { deployment?: string };
  if (deployment === live.deployment_id) return undefined;
  // A failed attempt may have been served after all; the row says that it failed.
  const failed = simulation.db.sqlite
    .prepare(`SELECT json_extract("row", '$.state') AS state FROM deployment WHERE id = ?`)
    .get(deployment ?? '');
  const known = ['failed', 'lost', 'cancelled', 'superseded'].includes(String(failed?.state));
  return known ? undefined : `serves ${deployment}, its row says ${live.deployment_id}`;
}

function orgFault({ state, active, failure }: Org): string | undefined {
  if (active !== undefined) return 'has an active publication';
  if (state === 'creating' || state === 'connecting') return `is still ${state}`;
  if (state === 'blocked' && !hasNext(failure)) return 'is blocked without a next step';
  return undefined;
}

function batchFaults(simulation: Simulation): string[] {
  return rows<{ id: string; state: string }>(simulation, 'batch')
    .filter(({ state }) => state !== 'closed')
    .map(({ id, state }) => `the batch ${id} is ${state}`);
}

// Every project is one that a row names, or one that was there before.
function projectFaults(simulation: Simulation): string[] {
  if (simulation.plan.rates.past_slipway > 0 || simulation.plan.migration) return [];
  const sites = rows<Site>(simulation, 'site').filter(({ state }) => state !== 'deleted');
  // An org that is removed leaves its project, which a later one of that name finds again.
  const orgs = rows<Org>(simulation, 'org').map(({ slug }) => `${slug}-ark`);
  const known = new Set([...sites.map(({ project_name }) => project_name), ...orgs]);
  return projectsOf(simulation)
    .filter((name) => !known.has(name))
    .map((name) => `the project ${name} is nobody's`);
}

function runFaults({ outside }: Simulation): string[] {
  if (outside.duplicated) return [];
  const keys = (outside.host?.runs.all() ?? []).map(({ title }) => title.split(' ')[0] ?? '');
  const twice = keys.filter((key, at) => key !== 'manual' && keys.indexOf(key) !== at);
  return twice.map((key) => `the key ${key} started two runs`);
}

interface Account {
  readonly name: string;
  readonly state: string;
  readonly sites: number;
}

function accountFaults(simulation: Simulation): string[] {
  const sites = rows<Site>(simulation, 'site').filter(({ state }) => state !== 'deleted');
  const orgs = rows<Org>(simulation, 'org').filter(({ placed }) => placed);
  const faults: string[] = [];
  for (const { name, sites: counted, state } of rows<Account>(simulation, 'account')) {
    const there = [...sites, ...orgs].filter(({ account }) => account === name).length;
    if (state !== 'removed' && there !== counted) {
      faults.push(`the account ${name} counts ${counted} places and has ${there}`);
    }
  }
  return faults;
}

/** Nothing is held back any more: deployments of the whole fleet go on. */
export async function thaw(simulation: Simulation): Promise<void> {
  await insist(simulation, { method: 'POST', path: '/api/v1/fleet/unfreeze' });
}

/** People mend what waits for a person; afterwards every site that is wanted must be live. */
export async function heal(simulation: Simulation): Promise<void> {
  for (const { name, id } of accounts) {
    const mended = { projectLimit: 100, permissions: {}, githubConnected: true, blocked: false };
    simulation.outside.cloudflare.configure(id, mended);
    const body = { cloudflareId: id, capacity: 100, dailyCreations: 500, state: 'open' };
    await insist(simulation, { method: 'PUT', path: `/api/v1/accounts/${name}`, body });
  }
  const platforms = new Set(rows<Site>(simulation, 'site').map((site) => site.platform_id));
  for (const platform of platforms) {
    for (const below of ['resume', 'builds/resume']) {
      const path = `/api/v1/platforms/${platform}/${below}`;
      await insist(simulation, { method: 'POST', path, body: {} });
    }
  }
  await atGithub(simulation, 'PUT', '/workflows/build.yml/enable');
  await insist(simulation, { method: 'POST', path: '/api/v1/dead-letters/retry' });
  await simulation.passToRest();
  for (const site of rows<Site>(simulation, 'site')) await mend(simulation, site);
}

async function mend(simulation: Simulation, site: Site): Promise<void> {
  const { platform_id, environment, state, blocked, project_name } = site;
  const path = `/api/v1/platforms/${platform_id}/environments/${environment}`;
  if (state === 'blocked' && blocked?.code === 'project.name_taken') {
    const body = { confirm: project_name };
    await insist(simulation, { method: 'POST', path: `${path}/adopt`, body });
  }
  if (['ready', 'blocked'].includes(state)) {
    await insist(simulation, { method: 'POST', path: `${path}/deployments` });
  }
}

/** That every site that is wanted is live, when all was mended. @throws Violation */
export function judgeLive(simulation: Simulation): void {
  const faults = rows<Site>(simulation, 'site')
    .filter((site) => !isLive(simulation, site))
    .map((site) => `${site.platform_id}/${site.environment} is not live: ${JSON.stringify(site)}`);
  if (faults.length > 0) throw new Violation(`after all was mended: ${faults.join('\n')}`);
}

function isLive({ plan }: Simulation, site: Site): boolean {
  const { state, live, desired, last, paused } = site;
  if (isPaced(site)) return true;
  if (['deleted', 'deleting', 'imported', 'suspended'].includes(state)) return true;
  // What people did past Slipway may leave a project that is not ours, which nobody may touch.
  if (plan.rates.past_slipway > 0 || plan.migration) return true;
  if (paused !== undefined) return true;
  return state === 'ready' && live?.revision === desired.revision && last?.state === 'live';
}

async function insist(simulation: Simulation, wish: Wish): Promise<void> {
  let answered: number | undefined;
  void simulation.people.ask(wish).then((answer) => {
    answered = answer?.status ?? 0;
  });
  while (answered === undefined) await simulation.passUntil(simulation.scheduler.now() + 100);
  if (answered >= 500 || answered === 0) {
    throw new Violation(`in calm, ${wish.method} ${wish.path} is answered ${answered}`);
  }
}
