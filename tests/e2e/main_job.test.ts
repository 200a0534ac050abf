// `npm start -- --once` on an empty state directory: every demo site goes live with its tenant's
// own configuration, and a second start finds nothing left to do.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { keyOf } from './dispatches.ts';
import { databaseFile, openPlace, type Place, query } from './place.ts';
import { instanceProcesses } from './processes.ts';
import { Product } from './support.ts';

interface Expected {
  readonly platform: string;
  readonly environment: string;
  readonly title: string;
  /** What the script must hold: this tenant's configuration. */
  readonly holds: readonly string[];
  /** What it must not hold: another tenant's, or another environment's. */
  readonly lacks: readonly string[];
}

const acme = ['catalogue', 'pageSize', 'quotes', 'wholesale', 'order-desk', 'help@acme.example'];
const globex = ['metering', 'billing', 'TARIFF_COUNT', 'https://login.globex.example'];

const sites: readonly Expected[] = [
  {
    platform: 'acme',
    environment: 'dev',
    title: 'Acme Tools',
    holds: ['Acme Tools', ...acme],
    lacks: ['Globex', ...globex],
  },
  {
    platform: 'globex',
    environment: 'dev',
    title: 'Globex Energy (dev)',
    holds: ['Globex Energy (dev)', 'globex-portal', ...globex],
    lacks: ['Acme', ...acme],
  },
  {
    platform: 'globex',
    environment: 'prod',
    title: 'Globex Energy',
    holds: ['Globex Energy', 'globex-portal', ...globex],
    lacks: ['(dev)', 'Acme', ...acme],
  },
];

interface Deployment {
  readonly deploymentId: string;
  readonly state: string;
  readonly verified: string;
  readonly verifiedFiles: number;
  readonly runUrl: string;
  readonly timeline: readonly { event: { type: string } }[];
}

interface Manifest {
  readonly deployment: string;
  readonly platform: string;
  readonly environment: string;
  readonly version: number;
  readonly files: Readonly<Record<string, string>>;
}

/** The product after its second start, and what was seen on the way. */
interface Seen {
  readonly place: Place;
  readonly product: Product;
  readonly firstOutput: string;
  readonly served: string[];
}

test('the main job', async (t) => {
  const place = await openPlace(t);
  const first = new Product(place, ['--once']);
  assert.equal(await first.exited(), 0, first.output);
  assert.deepEqual(instanceProcesses(place.state), [], 'nothing of it runs on');
  const product = new Product(place);
  await product.printed('Ctrl-C stops everything');
  const seen: Seen = { place, product, firstOutput: first.output, served: [] };

  await t.test('shows every site live with its address', () => showsTable(seen));
  for (const site of sites) {
    const name = `${site.platform}/${site.environment}`;
    await t.test(`serves ${name} with its own configuration`, () => servesItsOwn(seen, site));
    await t.test(`serves in ${name} what the manifest names`, () => servesManifest(seen, site));
    await t.test(`gives ${name} a Direct Upload project`, () => hasProject(seen, site));
    await t.test(`tells the story of the one deployment of ${name}`, () => tellsAll(seen, site));
  }
  await t.test('starts one run for each of two batches', () => startsRuns(seen));
  await t.test('finds nothing left to do at the second start', () => leavesNothing(seen));
  await t.test('shows a secret nowhere', () => hidesSecrets(seen));
  await t.test('leaves a journal that counts every change once', () => countsChanges(seen));
  await t.test("reports each upload with its own batch's token", () => reportsByToken(seen));
  await t.test('builds the sites of an environment together', () => sharesRuns(seen));
});

function showsTable({ firstOutput }: Seen): void {
  for (const { platform, environment } of sites) {
    const row = `${platform}/${environment} +live +http://${platform}-${environment}-portal\\.`;
    assert.match(firstOutput, new RegExp(row));
  }
}

async function servesItsOwn(seen: Seen, site: Expected): Promise<void> {
  const html = (await page(seen, site, '/')).toString();
  assert.match(html, new RegExp(`data-platform="${site.platform}"`));
  assert.match(html, new RegExp(`data-environment="${site.environment}"`));
  assert.ok(html.includes(`<title>${site.title}</title>`), html);
  const script = /<script [^>]*src="([^"]+)"/.exec(html)?.[1] ?? '';
  const code = (await page(seen, site, script)).toString();
  const missing = site.holds.filter((text) => !code.includes(text));
  const foreign = site.lacks.filter((text) => code.includes(text));
  assert.deepEqual({ missing, foreign }, { missing: [], foreign: [] });
}

async function servesManifest(seen: Seen, site: Expected): Promise<void> {
  const text = (await page(seen, site, '/.well-known/slipway.json')).toString();
  const { files, ...about } = JSON.parse(text) as Manifest;
  const { platform, environment } = site;
  const [deployment] = await deploymentsOf(seen, site);
  const said = { deployment: deployment?.deploymentId, platform, environment, version: 1 };
  assert.deepEqual({ ...about, ...said }, about);
  assert.ok(Object.keys(files).length >= 2, 'a script and a style sheet');
  for (const [path, digest] of Object.entries(files)) {
    const bytes = await page(seen, site, path);
    assert.equal(createHash('sha256').update(bytes).digest('hex'), digest, path);
  }
}

async function hasProject({ product }: Seen, site: Expected): Promise<void> {
  const { cloudflare_account } = product.secrets;
  const name = `${site.platform}-${site.environment}-portal`;
  const account = `/cloudflare/client/v4/accounts/${cloudflare_account}`;
  const { result } = JSON.parse((await product.outside(`${account}/pages/projects/${name}`)).text);
  assert.equal(result.name, name);
  assert.equal('source' in result, false);
  const { SLIPWAY_SITE } = result.deployment_configs.production.env_vars;
  assert.equal(SLIPWAY_SITE.value, `${site.platform}/${site.environment}`);
}

async function tellsAll(seen: Seen, site: Expected): Promise<void> {
  const deployments = await deploymentsOf(seen, site);
  const states = deployments.map(({ state }) => state);
  assert.deepEqual(states, ['live']);
  const id = deployments[0]?.deploymentId ?? '';
  const deployment = await seen.product.document<Deployment>(`/api/v1/deployments/${id}`);
  const types = deployment.timeline.map(({ event }) => event.type);
  const steps = ['planned', 'running', 'uploaded', 'verifying', 'live'];
  const wanted = steps.map((step) => `deployment_${step}`);
  assert.deepEqual(types, wanted);
  assert.equal(deployment.verified, 'bytes');
  assert.equal(deployment.verifiedFiles, 3, 'the manifest and the two files that it names');
  assert.match(deployment.runUrl, /\/neutrino-io\/nno-platform-builder\/actions\/runs\/\d+$/);
}

async function startsRuns({ product }: Seen): Promise<void> {
  const runs = await product.runs();
  const conclusions = runs.map(({ conclusion }) => conclusion);
  assert.deepEqual(conclusions, ['success', 'success']);
  assert.equal(new Set(runs.map((run) => keyOf(run.display_title))).size, 2);
}

// Sites of one environment share a run, whichever platform they are of.
function sharesRuns({ place }: Seen): void {
  const together = `SELECT group_concat(json_extract(value, '$.site')) AS sites
    FROM batch, json_each(batch."row", '$.members') GROUP BY batch.id`;
  const batches = query(place, together).map(({ sites: names }) => String(names).split(',').sort());
  assert.deepEqual(batches.sort(), [['acme/dev', 'globex/dev'], ['globex/prod']]);
}

// The calls that are counted are those since the second start.
async function leavesNothing({ product }: Seen): Promise<void> {
  const calls = JSON.parse((await product.outside('/_sim/calls')).text);
  const operations = [...calls.github, ...calls.cloudflare].map(({ operation }) => operation);
  const writes = operations.filter((operation) => !/\.(get|list)(_|$)/.test(operation));
  assert.deepEqual(writes, []);
  assert.equal((await product.runs()).length, 2);
}

async function hidesSecrets({ place, product, firstOutput, served }: Seen): Promise<void> {
  await askEverything(product);
  const pages = await runPages(product);
  assert.equal(await product.stop(), 0, product.output);
  assert.deepEqual(instanceProcesses(place.state), [], 'nothing of it runs on');

  const { cloudflare_account: _, ...secrets } = product.secrets;
  const texts = new Map(filesOf(place.state).map((file) => [file, readFileSync(file, 'latin1')]));
  texts.set('answers', product.answers.join('\n'));
  texts.set('served pages', served.join('\n'));
  texts.set('pages and logs of runs', pages.join('\n'));
  texts.set('output', firstOutput + product.output);
  // What was written last may still stand in the write-ahead log beside the database.
  for (const known of [databaseFile(place), 'answers', 'served pages']) {
    const read = [...texts].filter(([file]) => file.startsWith(known)).map(([, text]) => text);
    assert.ok(read.join('').includes('Globex Energy'), `the search reads ${known}`);
  }
  for (const [name, secret] of Object.entries(secrets)) {
    const holding = [...texts].filter(([, text]) => text.includes(secret)).map(([file]) => file);
    assert.deepEqual(holding, [], `${name} was found`);
  }
}

function countsChanges({ place }: Seen): void {
  const counts = 'SELECT aggregate, max(seq) AS last, count(*) AS count FROM journal GROUP BY 1';
  const rows = query(place, counts);
  for (const { aggregate, last, count } of rows) assert.equal(last, count, String(aggregate));
  const names = rows.map(({ aggregate }) => String(aggregate));
  const wanted = sites.map(({ platform, environment }) => `site:${platform}/${environment}`);
  const found = names.filter((name) => name.startsWith('site:'));
  assert.deepEqual(found, wanted);
}

function reportsByToken({ place }: Seen): void {
  const uploads = `SELECT author, json_extract(event, '$.deployment_id') AS deployment FROM journal
    WHERE json_extract(event, '$.type') = 'deployment_uploaded' ORDER BY 1`;
  const members = `SELECT batch.id AS author, json_extract(value, '$.deployment_id') AS deployment
    FROM batch, json_each(batch."row", '$.members') ORDER BY 1`;
  assert.deepEqual(query(place, uploads), query(place, members));
}

async function page({ place, served }: Seen, site: Expected, path: string): Promise<Buffer> {
  const host = `${site.platform}-${site.environment}-portal.pages.dev`;
  const response = await fetch(`http://127.0.0.1:${place.port + 1}/sites/${host}${path}`);
  assert.equal(response.status, 200, path);
  const bytes = Buffer.from(await response.arrayBuffer());
  served.push(bytes.toString('latin1'));
  return bytes;
}

async function deploymentsOf({ product }: Seen, site: Expected): Promise<Deployment[]> {
  const path = `/api/v1/platforms/${site.platform}/environments/${site.environment}/deployments`;
  return (await product.document<{ items: Deployment[] }>(path)).items;
}

// Every kind of answer that the API gives, refusals included.
async function askEverything(product: Product): Promise<void> {
  const { internal_key } = product.secrets;
  for (const path of ['/healthz', '/openapi.json', '/nowhere', '/api/v1/platforms']) {
    await product.api('GET', path);
  }
  for (const platform of ['acme', 'globex', 'unknown']) {
    await product.api('GET', `/api/v1/platforms/${platform}`);
    await product.api(
      'GET',
      `/api/v1/platforms/${platform}/config?env=dev`,
      undefined,
      internal_key,
    );
  }
  for (const key of [internal_key, 'wrong-key']) {
    await product.api('POST', '/api/v1/platforms', { platformId: 'x' }, key);
    await product.api('POST', '/api/v1/claims', { runId: '1' }, key);
  }
}

// What people see of the runs, their logs included.
async function runPages(product: Product): Promise<string[]> {
  const texts: string[] = [];
  const base = '/github/repos/neutrino-io/nno-platform-builder/actions';
  const { workflow_runs } = JSON.parse((await product.outside(`${base}/runs`)).text);
  for (const { id } of workflow_runs as { id: number }[]) {
    texts.push(
      (await product.outside(`/neutrino-io/nno-platform-builder/actions/runs/${id}`)).text,
    );
    const { jobs } = JSON.parse((await product.outside(`${base}/runs/${id}/jobs`)).text);
    for (const job of jobs as { id: number }[]) {
      const log = await product.outside(`${base}/jobs/${job.id}/logs`);
      assert.match(log.text, /slipway/i, 'the log of a job');
      texts.push(log.text);
    }
  }
  return texts;
}

// Everything in the state directory but the instance's own configuration, which holds the secrets.
function filesOf(state: string): string[] {
  const own = ['secrets.json', 'simulator.json', 'worker.env'].map((name) => join(state, name));
  return readdirSync(state, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !own.includes(file));
}
