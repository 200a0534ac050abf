// The rest of the traffic: builders that fetch configurations, people who look, GitHub with its
// webhooks, and orgs that publish.
import type { Product } from '../../e2e/support.ts';
import { deliveryOf, type ToldRun } from '../throughput/deliveries.ts';
import type { Ask } from './client.ts';
import { acknowledge, anyOf, complain, type Desk, post, untilOver } from './desk.ts';
import { allRuns } from './outside.ts';

/** Fetches configurations as the builder does, with the ETag that it has. */
export async function fetchConfigs(desk: Desk, bearer: string, mean_ms: number): Promise<void> {
  const etags = new Map<string, string>();
  await untilOver(desk, mean_ms, async () => {
    const one = anyOf(desk, desk.platforms);
    if (one === undefined) return;
    const path = `/api/v1/platforms/${one.platformId}/config?env=${anyOf(desk, one.environments)}`;
    const headers = { 'if-none-match': etags.get(path) ?? '"none"' };
    const ask: Ask = { method: 'GET', path, headers, bearer };
    const got = await desk.client.ask(ask);
    etags.set(path, got.etag);
    // 409 and 404: it is on its way out, and gone.
    if (![200, 304, 404, 409].includes(got.status)) complain(desk, ask, got);
  });
}

/** Looks at platforms, lists and operations. */
export async function look(desk: Desk, mean_ms: number): Promise<void> {
  await untilOver(desk, mean_ms, async () => {
    const platform = anyOf(desk, desk.platforms)?.platformId ?? 'nobody';
    const promised = anyOf(desk, desk.ledger.acknowledged)?.promised;
    const operation = promised?.kind === 'wish' ? promised.operationId : undefined;
    const paths = [
      `/api/v1/platforms/${platform}`,
      '/api/v1/platforms?limit=20',
      '/api/v1/batches?limit=10',
      ...(operation === undefined ? [] : [`/api/v1/operations/${operation}`]),
    ];
    const ask: Ask = { method: 'GET', path: anyOf(desk, paths) ?? '/readyz' };
    const got = await desk.client.ask(ask);
    if (![200, 404].includes(got.status)) complain(desk, ask, got);
  });
}

/** Tells of every run what has become of it: late, doubled, out of order, or not at all. */
export async function tellOfRuns(desk: Desk, product: Product, mean_ms: number): Promise<void> {
  const told = new Map<number, string>();
  await untilOver(desk, mean_ms, async () => {
    for (const run of (await allRuns(product, 1)).slice(0, 30)) {
      if (told.get(run.id) === run.status) continue;
      told.set(run.id, run.status);
      if (desk.random() < 0.2) continue;
      const now: ToldRun['action'] = run.status === 'completed' ? 'completed' : 'in_progress';
      const actions: ToldRun['action'][] = [
        now,
        ...(desk.random() < 0.3 ? [now] : []),
        'requested',
      ];
      for (const action of actions) {
        await deliver(desk, product, { id: run.id, title: run.display_title, action });
      }
    }
    const stranger = { id: 1, title: 'somebody by hand', action: 'completed' } as const;
    await deliver(desk, product, stranger);
  });
}

async function deliver(desk: Desk, product: Product, run: ToldRun): Promise<void> {
  const { body, headers } = deliveryOf(run, product.secrets.webhook_secret);
  const ask: Ask = { method: 'POST', path: '/webhooks/github', body, headers };
  const got = await desk.client.ask(ask);
  if (got.status !== 204) complain(desk, ask, got);
}

/** Registers orgs, provisions them, and publishes them again. */
export async function publishOrgs(desk: Desk, mean_ms: number): Promise<void> {
  const slugs: string[] = [];
  await untilOver(desk, mean_ms, async () => {
    const again = anyOf(desk, slugs);
    if (again === undefined || desk.random() < 0.6) {
      const slug = `org-${slugs.length + 1}`;
      await provision(desk, slug);
      slugs.push(slug);
      return;
    }
    const [ask, got] = await post(desk, `/api/v1/orgs/${again}/publishing/publish`);
    // 409: it is not provisioned yet.
    if (got.status < 300) {
      const { publicationId } = JSON.parse(got.text) as { publicationId: string };
      acknowledge(desk, ask, got, { kind: 'published', slug: again, publicationId });
    } else if (got.status !== 409) complain(desk, ask, got);
  });
}

async function provision(desk: Desk, slug: string): Promise<void> {
  const path = `/api/v1/orgs/${slug}`;
  const name = `The ${slug} trust`;
  const ask: Ask = { method: 'PUT', path, body: { orgId: `id-${slug}`, name, members: [] } };
  const got = await desk.client.ask(ask);
  if (got.status >= 300) return complain(desk, ask, got);
  acknowledge(desk, ask, got, { kind: 'org', slug, name });
  // Asked again it finds what it has made. With an Idempotency-Key it would be refused: the answer
  // holds the hook, and such answers are not kept.
  const second: Ask = { method: 'POST', path: `${path}/publishing/auto-provision` };
  const answer = await desk.client.ask(second);
  if (answer.status >= 300) return complain(desk, second, answer);
  acknowledge(desk, second, answer, { kind: 'provisioned', slug, name });
}
