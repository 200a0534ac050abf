// The Worker is killed, again and again, at random moments while orgs are auto-provisioned: each
// gets one project and one stored hook, goes live, and no hook is forgotten.
//
// The first three rounds each begin an org and kill the Worker within its first calls of
// Cloudflare; the others come later, while all of them build. SLIPWAY_SEED repeats the moments of
// an earlier run.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import type { Publishing } from '../../bindings/generated/api.ts';
import { seededRandom } from '../../simulator/base/random.ts';
import { orgPath, putOrg, servedPage, untilLive } from './org_world.ts';
import { openPlace, type Place, query } from './place.ts';
import { Product, pause, until } from './support.ts';

interface Round {
  /** The org that is begun. */
  readonly slug?: string;
  /** The kill comes so long after, in milliseconds. */
  readonly moment_ms: number;
}

const slugs = ['alder', 'birch', 'cedar'] as const;

function plan(seed: number): Round[] {
  const random = seededRandom(seed);
  const early = slugs.map((slug) => ({ slug, moment_ms: Math.floor(random() * 700) }));
  const late = [1, 2].map(() => ({ moment_ms: Math.floor(random() * 4_000) }));
  return [...early, ...late];
}

test('five kills of the Worker change nothing of what orgs get', async (t) => {
  const seed = Number(process.env.SLIPWAY_SEED ?? randomInt(2 ** 31));
  t.diagnostic(`SLIPWAY_SEED=${seed}`);
  const place = await openPlace(t);
  const product = new Product(place, ['--orgs']);
  await product.printed('borealis/org');
  for (const slug of slugs) await putOrg(product, { slug, name: `The ${slug} trust` });

  const begun: Promise<void>[] = [];
  for (const round of plan(seed)) {
    if (round.slug !== undefined) begun.push(provision(product, round.slug));
    await pause(round.moment_ms);
    await kill(t, product, round);
  }
  await Promise.all(begun);
  for (const slug of slugs) {
    await isLiveOnce(product, slug, await untilLive(product, slug));
  }
  await product.printed('Ctrl-C stops everything');
  assert.equal(await product.stop(), 0, product.output);
  storesOneHookEach(place);
});

/** Provisions an org as a patient client does: the same request until it is accepted. */
async function provision(product: Product, slug: string): Promise<void> {
  const path = `${orgPath(slug)}/publishing/auto-provision`;
  await until(`the provisioning of ${slug}`, async () => {
    const answer = await product.api('POST', path).catch(() => undefined);
    if (answer !== undefined && answer.status < 500) assert.equal(answer.status, 200, answer.text);
    return answer?.status === 200;
  });
}

async function kill(t: TestContext, product: Product, round: Round): Promise<void> {
  const { cloudflare } = JSON.parse((await product.outside('/_sim/calls')).text);
  const killed = await product.killWorker();
  const met = cloudflare.at(-1)?.operation;
  t.diagnostic(`${round.slug ?? 'all'} +${round.moment_ms} ms: killed ${killed} after ${met}`);
  assert.ok(killed >= 2, 'wrangler and workerd');
  await product.workerAnswers();
}

/** One project, served with the org's name; the hook works, and every other one is on record. */
async function isLiveOnce(product: Product, slug: string, publishing: Publishing): Promise<void> {
  const projects = (await product.projects()).filter(({ name }) => name.startsWith(slug));
  assert.deepEqual(
    projects.map(({ name }) => name),
    [`${slug}-ark`],
  );
  assert.match(await servedPage(product, `${slug}-ark`), new RegExp(`The ${slug} trust`));
  const others = (projects[0]?.hooks ?? 0) - 1;
  const { orphanedHooks, orphanedHookNames } = publishing;
  assert.ok(others >= 0 && others <= orphanedHooks, `${slug}: ${others} of ${orphanedHookNames}`);

  const revealed = await product.api('POST', `${orgPath(slug)}/publishing/reveal`);
  assert.equal(revealed.status, 200, revealed.text);
  const { pathname } = new URL(JSON.parse(revealed.text).deployHookUrl);
  const called = await product.outside(`/cloudflare${pathname}`, { method: 'POST' });
  assert.equal(called.status, 200, `the stored hook of ${slug} works: ${called.text}`);
}

function storesOneHookEach(place: Place): void {
  const ids = query(place, 'SELECT id FROM sealed ORDER BY id').map(({ id }) => String(id));
  const owners = ids.map((id) => /^hook:([^/]+)\//.exec(id)?.[1]);
  assert.deepEqual(owners, [...slugs, 'borealis'].sort(), `one stored hook each: ${ids}`);
}
