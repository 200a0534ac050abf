// The command line as people and CI run it, against a whole product: one command from an org to its
// live site, the exit code of each failure, what the doctor finds, and the rest of what is read.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { DoctorCheck, Publishing } from '../../bindings/generated/api.ts';
import { changeAccount, makeProject, putOrg, servedPage, simulate } from './org_world.ts';
import { openPlace } from './place.ts';
import { Product } from './support.ts';

const root = join(import.meta.dirname, '../..');
// Nothing listens there.
const nowhere = 'http://127.0.0.1:1';
const at_once = { concurrency: true };
const wrong_key = { SLIPWAY_TOKEN: 'not-the-key' };
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/;

/** What a run came to. */
interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a program in the checkout, as the instance's operator unless the variables say else. */
function run(product: Product, words: readonly string[], env: object = {}): Promise<Ran> {
  const { admin_key } = product.secrets;
  const url = `http://127.0.0.1:${product.place.port}`;
  const [program = '', ...args] = words;
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, SLIPWAY_URL: url, SLIPWAY_TOKEN: admin_key, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (bytes: Buffer) => {
    out += bytes.toString();
  });
  child.stderr.on('data', (bytes: Buffer) => {
    err += bytes.toString();
  });
  return new Promise((resolve) => {
    child.on('close', (code) => resolve({ code: code ?? 130, out, err }));
  });
}

/** Runs `slipway`. */
const slipway = (product: Product, line: string, env: object = {}): Promise<Ran> =>
  run(product, [process.execPath, 'cli/slipway.mjs', ...line.split(' ')], env);

/** The data of a run that must end well: JSON, and nothing else on standard output. */
async function data<Shape>(product: Product, line: string): Promise<Shape> {
  const { code, out, err } = await slipway(product, `${line} --json`);
  assert.equal(code, 0, `${line}: ${err}`);
  assert.doesNotMatch(err, /^\s*[{}"]/m, 'talk only');
  return JSON.parse(out) as Shape;
}

/** A run that must fail: with this exit code, saying what, and the next step. */
async function fails(
  product: Product,
  line: string,
  expected: { exit: number; code: string; says?: RegExp },
  env: object = {},
): Promise<void> {
  const { code, out, err } = await slipway(product, line, env);
  assert.equal(code, expected.exit, `${line}: ${out}${err}`);
  assert.ok(err.includes(`error ${expected.code}: `), `${line}: ${err}`);
  assert.match(err, expected.says ?? /next: \S/, line);
}

const provision = (slug: string): string => `org provision ${slug} --wait`;

test('the command line', at_once, async (t) => {
  const place = await openPlace(t);
  const product = new Product(place, ['--orgs']);
  await product.printed('borealis/org');
  for (const slug of ['willow', 'maple', 'taken', 'slow', 'rocky', 'apart', 'full', 'locked']) {
    await putOrg(product, { slug, name: `The ${slug} works` });
  }
  await behave(product, '*', { deploy_ms: 1_000 });
  const part = (name: string, body: (product: Product) => Promise<void>): Promise<void> =>
    t.test(name, () => body(product));
  await Promise.all([
    part('provisions an org in one command', provisionsOne),
    part('speaks JSON on standard output alone', speaksJson),
    part('serves a platform from creation to its log', servesPlatform),
  ]);
  await t.test('says with its exit code what is in the way', at_once, (each) =>
    failures(each, product),
  );
  await part('shows what goes on, and publishes again', showsAll);
  await part('the doctor finds nothing where nothing is wrong', findsNothing);
  await t.test('the doctor finds what is switched off', (each) => findings(each, product));
  await product.printed('Ctrl-C stops everything');
  assert.equal(await product.stop(), 0, product.output);
});

async function provisionsOne(product: Product): Promise<void> {
  const words = ['npm', 'run', 'tenant:provision-cf', '--', 'willow'];
  const { code, out, err } = await run(product, words);
  assert.equal(code, 0, err);
  assert.match(out, /^served +done$/m);
  assert.match(out, /^address: +https:\/\/willow-ark\.pages\.dev$/m);
  assert.match(err, / {2}live$/m, 'the progress');
  assert.doesNotMatch(out + err, uuid, 'the hook is not told unasked');
  assert.match(await servedPage(product, 'willow-ark'), /The willow works/);
  // Again: it is there, and nothing is made.
  assert.equal((await slipway(product, provision('willow'))).code, 0);
  const made = (await product.projects()).filter(({ name }) => name === 'willow-ark');
  assert.equal(made.length, 1);
}

async function speaksJson(product: Product): Promise<void> {
  interface Told {
    readonly deployHookUrl: string;
    readonly publishing: Publishing;
  }
  const told = await data<Told>(product, `${provision('maple')} --show-hook`);
  assert.match(told.deployHookUrl, uuid);
  assert.equal(told.publishing.publication?.state, 'live');
  const { deployHookUrl } = await data<Told>(product, 'org reveal maple');
  assert.equal(deployHookUrl, told.deployHookUrl);
  const failed = await slipway(product, 'org status nobody --json');
  assert.equal(failed.code, 3);
  assert.equal(JSON.parse(failed.out).error.code, 'org.unknown');
}

async function failures(t: TestContext, product: Product): Promise<void> {
  const { cloudflare_token } = product.secrets;
  const fail = (name: string, ...rest: [string, { exit: number; code: string }, object?]) =>
    t.test(name, () => fails(product, ...rest));
  const elsewhere = { SLIPWAY_URL: nowhere };
  const offline = { exit: 2, code: 'body.invalid', says: /nothing was sent/ };
  await Promise.all([
    fail('unknown org', provision('nobody'), { exit: 3, code: 'org.unknown' }),
    fail('wrong key', provision('apart'), { exit: 4, code: 'auth.missing' }, wrong_key),
    fail('a slug that is none', provision('Bad_Slug'), offline, elsewhere),
    fail('instance down', 'org status apart', { exit: 1, code: 'network.unreachable' }, elsewhere),
  ]);
  await makeProject(product, 'taken-ark');
  await fail('name taken', provision('taken'), { exit: 5, code: 'publishing.name_taken' });
  await changeAccount(product, { githubConnected: false });
  await fail('GitHub not connected', provision('apart'), { exit: 5, code: 'git.not_connected' });
  await changeAccount(product, { githubConnected: true, projectLimit: 1 });
  await fail('account full', provision('full'), { exit: 5, code: 'project.limit_reached' });
  const permissions = { [cloudflare_token]: 'read' };
  await changeAccount(product, { projectLimit: 100, permissions });
  const locked = { exit: 1, code: 'credential.permission_missing' };
  await fail("the instance's token may only read", provision('locked'), locked);
  await changeAccount(product, { permissions: {} });
  await behave(product, 'rocky-ark', { outcome: 'failure', fails_at: 'build' });
  await behave(product, 'slow-ark', { deploy_ms: 30_000 });
  await Promise.all([
    fail('build failed', provision('rocky'), { exit: 1, code: 'publishing.build_failed' }),
    fail('out of time', `${provision('slow')} --timeout 1s`, { exit: 7, code: 'wait.timeout' }),
    goesThrough(product, 'apart'),
  ]);
}

async function goesThrough(product: Product, slug: string): Promise<void> {
  const { code, err } = await slipway(product, provision(slug));
  assert.equal(code, 0, err);
}

function behave(product: Product, project: string, behaviour: object): Promise<void> {
  return simulate(product, 'behaviour', { project, behaviour });
}

async function showsAll(product: Product): Promise<void> {
  const status = await data<Publishing>(product, 'org status maple');
  assert.equal(status.state, 'ready');
  const again = await slipway(product, 'org publish maple --wait');
  assert.equal(again.code, 0, again.err);
  assert.match(again.out, /^state: +live/m);
  const { items } = await data<{ items: { publicationId: string; state: string }[] }>(
    product,
    'org history maple',
  );
  assert.deepEqual(
    items.map(({ state }) => state),
    ['live', 'live'],
  );
  const log = await slipway(product, `logs ${items[0]?.publicationId} --org maple`);
  assert.equal(log.code, 0, log.err);
  assert.match(log.out, /^build +success$/m);
  const instance = await slipway(product, 'status');
  assert.equal(instance.code, 0, instance.err);
}

async function servesPlatform(product: Product): Promise<void> {
  await simulate(product, 'runner', { mode: 'modelled' });
  const { sites } = await data<{ sites: { deploymentId: string; state: string }[] }>(
    product,
    'platform create oak --env dev --wait',
  );
  assert.deepEqual(
    sites.map(({ state }) => state),
    ['succeeded'],
  );
  const { items } = await data<{ items: { platformId: string }[] }>(product, 'platform list');
  assert.deepEqual(
    items.map(({ platformId }) => platformId),
    ['oak'],
  );
  const config = await data<{ version: number }>(product, 'config get oak');
  assert.equal(config.version, 1);
  const status = await slipway(product, 'status oak');
  assert.equal(status.code, 0, status.err);
  const log = await slipway(product, `logs ${sites[0]?.deploymentId}`);
  assert.equal(log.code, 0, log.err);
  assert.match(log.out, /live/);
}

/** What the doctor says of each thing, and its exit code. */
async function doctor(product: Product): Promise<{ code: number; checks: DoctorCheck[] }> {
  const { code, out, err } = await slipway(product, 'doctor --json');
  assert.equal(err, '');
  return { code, checks: (JSON.parse(out) as { checks: DoctorCheck[] }).checks };
}

async function findsNothing(product: Product): Promise<void> {
  const { code, checks } = await doctor(product);
  assert.deepEqual(
    checks.filter(({ state }) => state !== 'ok'),
    [],
  );
  assert.equal(code, 0);
  assert.ok(checks.length >= 14, `it looks at all: ${checks.map(({ name }) => name)}`);
}

// Exactly these are wrong, and each says what to do.
async function finds(product: Product, names: readonly string[]): Promise<void> {
  const { code, checks } = await doctor(product);
  const wrong = checks.filter(({ state }) => state === 'failed' || state === 'warning');
  assert.deepEqual(
    wrong.map(({ name }) => name),
    names,
    JSON.stringify(wrong),
  );
  for (const { name, next } of wrong) assert.ok(next !== undefined && next !== '', name);
  assert.equal(code, 1);
}

async function findings(t: TestContext, product: Product): Promise<void> {
  const { cloudflare_token: token } = product.secrets;
  const part = (name: string, body: () => Promise<void>) => t.test(name, body);
  await part('a token that may only read', async () => {
    await changeAccount(product, { permissions: { [token]: 'read' } });
    await finds(product, ['cloudflare_token:main']);
    await changeAccount(product, { permissions: {} });
  });
  await part('a token that was revoked', async () => {
    await changeAccount(product, { tokens: ['another'] });
    await finds(product, ['cloudflare_token:main']);
    await changeAccount(product, { tokens: [token] });
  });
  await part('a workflow that is switched off', async () => {
    await switchWorkflow(product, 'disable');
    await finds(product, ['builder_workflow']);
    await switchWorkflow(product, 'enable');
  });
  await part('GitHub that is not connected', async () => {
    await changeAccount(product, { githubConnected: false });
    await slipway(product, 'org provision full --no-wait');
    await finds(product, ['github_connection']);
    await changeAccount(product, { githubConnected: true });
    assert.equal((await slipway(product, 'org provision full --no-wait')).code, 0);
    assert.equal((await doctor(product)).code, 0, 'all is well again');
  });
  await part('settings that are missing', () => lacksSettings(product));
  await part('an instance that is down', async () => {
    const { code, out } = await slipway(product, 'doctor', { SLIPWAY_URL: nowhere });
    assert.equal(code, 1);
    assert.match(out, /^failed +address/m);
  });
}

async function switchWorkflow(product: Product, way: 'enable' | 'disable'): Promise<void> {
  const workflow = 'neutrino-io/nno-platform-builder/actions/workflows/build.yml';
  const { status } = await product.outside(`/github/repos/${workflow}/${way}`, { method: 'PUT' });
  assert.equal(status, 204);
}

// The Worker is started again without some of its variables, as a careless deployment would do.
async function lacksSettings(product: Product): Promise<void> {
  const file = join(product.place.state, 'worker.env');
  const text = readFileSync(file, 'utf8');
  const gone = /^(SEALING_KEY|PUBLISHING_GITHUB_REPOSITORY|SIGN_IN_\w+)=.*\n/gm;
  writeFileSync(file, `${text.replace(gone, '')}GITHUB_BUILDER_WORKFLOW=gone.yml\n`);
  await product.killWorker();
  await product.workerAnswers();
  await fails(product, provision('locked'), { exit: 1, code: 'publishing.not_configured' });
  await finds(product, ['builder_workflow', 'sealing', 'publishing', 'sign_in']);
}
