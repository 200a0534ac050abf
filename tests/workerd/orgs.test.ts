// Orgs and publishing on the real runtime and real D1, with a Cloudflare that answers by hand.
import { beforeEach, describe, expect, it } from 'vitest';
import { createCore } from '../../bindings/js/core.ts';
import coreModule from '../../build/core.wasm';
import { run } from '../../worker-shim/run.ts';
import { type Api, type Asked, everythingStored, openApi, publishing } from './api_world.ts';
import { freshState, rowsOf, testWorld } from './support.ts';

const core = createCore(coreModule);
const orgs = '/api/v1/orgs';
const base = `${orgs}/aurora/publishing`;
const hooks = 'https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/';
const hook_id = '7ec1f0c7-aaaa-4bbb-8ccc-0d0e0f101112';
const pasted_id = '0badc0de-aaaa-4bbb-8ccc-0d0e0f101112';
const aurora = { orgId: 'org-aurora', name: 'Aurora', members: [{ userId: 'ada', role: 'admin' }] };

// What Cloudflare answers to `method path`, below the account where it is about projects.
const answers: Readonly<Record<string, [number, object]>> = {
  'GET /pages/projects/aurora-ark': [404, { errors: [{ code: 8000007, message: 'unknown' }] }],
  'POST /pages/projects': [
    200,
    {
      result: {
        name: 'aurora-ark',
        subdomain: 'aurora.pages.dev',
        deployment_configs: { production: {}, preview: {} },
      },
    },
  ],
  'POST /pages/projects/aurora-ark/deploy_hooks': [200, { result: { hook_id } }],
  [`POST /pages/webhooks/deploy_hooks/${pasted_id}`]: [200, { result: { id: 'b1' } }],
};

interface Instance {
  readonly api: Api;
  /** What Cloudflare was asked, and with which credential. */
  readonly asked: string[];
  perform(key: string): Promise<void>;
}

function open(more: Record<string, string> = {}): Instance {
  const asked: string[] = [];
  const fetch = async (request: Request): Promise<Response> => {
    const path = new URL(request.url).pathname.replace(/^\/client\/v4(\/accounts\/\w+)?/, '');
    asked.push(`${request.method} ${path} ${request.headers.get('authorization') ?? 'nobody'}`);
    const [status, body] = answers[`${request.method} ${path}`] ?? [500, {}];
    const envelope = { success: status < 400, errors: [], messages: [], result: null, ...body };
    return new Response(JSON.stringify(envelope), { status });
  };
  const all = { ...publishing, ...more };
  return {
    asked,
    api: openApi(all, { fetch }),
    async perform(effect_key) {
      await run(testWorld(core, { fetch }, all), { kind: 'effect', effect_key });
    },
  };
}

/** Asks, and wants this status. */
async function want(
  api: Api,
  status: number,
  asked: Asked,
): Promise<ReturnType<typeof JSON.parse>> {
  const answer = await api.ask(asked);
  expect(answer.status, answer.text).toBe(status);
  return answer.text === '' ? undefined : answer.json();
}

async function opened(): Promise<Instance> {
  const instance = open();
  await want(instance.api, 200, { method: 'PUT', path: `${orgs}/aurora`, body: aurora });
  return instance;
}

async function provisioned(): Promise<Instance> {
  const instance = await opened();
  const path = `${base}/auto-provision`;
  const made = await want(instance.api, 200, { method: 'POST', path });
  expect(made.deployHookUrl).toBe(hooks + hook_id);
  return instance;
}

const manual = { deployHookUrl: hooks + pasted_id };

describe('orgs', () => {
  beforeEach(freshState);

  it('are registered, listed in pages, given members and removed', async () => {
    const { api } = await opened();
    const other = { ...aurora, orgId: 'org-borealis' };
    await want(api, 200, { method: 'PUT', path: `${orgs}/borealis`, body: other });
    const first = await want(api, 200, { path: `${orgs}?limit=1` });
    expect([first.items[0].slug, first.nextCursor]).toEqual(['aurora', 'aurora']);
    const rest = await want(api, 200, { path: `${orgs}?limit=1&cursor=aurora` });
    expect([rest.items[0].slug, rest.nextCursor]).toEqual(['borealis', undefined]);
    const path = `${orgs}/aurora/members/ben%40example.com`;
    const joined = await want(api, 200, { method: 'PUT', path, body: { role: 'member' } });
    expect(joined.members[1]).toEqual({ userId: 'ben@example.com', role: 'member' });
    expect((await want(api, 200, { method: 'DELETE', path })).members).toHaveLength(1);
    await want(api, 204, { method: 'DELETE', path: `${orgs}/aurora` });
    await want(api, 404, { path: `${orgs}/aurora` });
    expect((await want(api, 200, { path: orgs })).items).toHaveLength(1);
  });

  it('never share an id, whoever is first; a removed one gives it free', async () => {
    const { api } = await opened();
    const put = (slug: string): Asked => ({ method: 'PUT', path: `${orgs}/${slug}`, body: aurora });
    expect((await want(api, 409, put('aurora-two'))).code).toBe('org.exists');
    // D1 itself refuses what two requests at once have both found free.
    const twin = JSON.stringify({ slug: 'twin', org_id: 'org-aurora' });
    const insert = `INSERT INTO org (id, "row") VALUES ('twin', '${twin}')`;
    await expect(rowsOf(insert)).rejects.toThrow(/UNIQUE/);
    const racing = await Promise.all(
      ['one', 'two', 'three'].map((slug) =>
        api.ask({ ...put(slug), body: { orgId: 'org-race', name: 'Race' } }),
      ),
    );
    expect(racing.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await rowsOf(`SELECT id FROM org WHERE org_id = 'org-race'`)).toHaveLength(1);
    await want(api, 204, { method: 'DELETE', path: `${orgs}/aurora` });
    await want(api, 200, put('aurora-two'));
  });
});

describe('publishing', () => {
  beforeEach(freshState);

  it('is provisioned with one request; the hook is sealed, and shown when asked', async () => {
    const { api, asked } = await provisioned();
    const bearer = 'Bearer cloudflare-token';
    expect(asked).toEqual([
      `GET /pages/projects/aurora-ark ${bearer}`,
      `POST /pages/projects ${bearer}`,
      `POST /pages/projects/aurora-ark/deploy_hooks ${bearer}`,
    ]);
    const stored = await everythingStored();
    expect(JSON.stringify(stored)).not.toContain(hook_id);
    expect(stored.sealed).toHaveLength(1);
    const [row] = await rowsOf(`SELECT id, "row" AS value FROM sealed`);
    expect(String(row?.id)).toMatch(/^hook:aurora\//);
    expect(Object.keys(JSON.parse(String(row?.value)))).toEqual(['key', 'nonce', 'box']);
    const again = await want(api, 200, { method: 'POST', path: `${base}/auto-provision` });
    expect(again.deployHookUrl).toBe(undefined);
    const shown = await want(api, 200, { method: 'POST', path: `${base}/reveal` });
    expect(shown.deployHookUrl).toBe(hooks + hook_id);
    const other = open({ SEALING_KEY: 'a1b2'.repeat(16) });
    const unread = await other.api.ask({ method: 'POST', path: `${base}/reveal` });
    expect(unread.status).toBeGreaterThanOrEqual(500);
    expect(unread.text).not.toContain(hook_id);
    expect(asked).toHaveLength(3);
  });

  it('takes a pasted hook, calls it without a credential, and lists what came of it', async () => {
    const { api, asked, perform } = await opened();
    await want(api, 422, { method: 'PUT', path: base, body: { deployHookUrl: 'https://x.test/' } });
    const set = await want(api, 200, { method: 'PUT', path: base, body: manual });
    expect(set.hook.source).toBe('manual');
    const path = `${base}/publish`;
    const planned = await want(api, 202, { method: 'POST', path });
    await want(api, 202, { method: 'POST', path });
    await perform('org:aurora');
    expect(asked).toEqual([`POST /pages/webhooks/deploy_hooks/${pasted_id} nobody`]);
    const read = `${base}/publications/${planned.publicationId}`;
    expect((await want(api, 200, { path: read })).pagesDeploymentId).toBe('b1');
    expect(JSON.stringify(await everythingStored())).not.toContain(pasted_id);
    const gone = await want(api, 200, { method: 'DELETE', path: base });
    expect(gone.hook).toBe(undefined);
    expect(await rowsOf('SELECT id FROM sealed')).toEqual([]);
  });

  it('lists publications newest first, page by page, and those of no other org', async () => {
    const { api } = await opened();
    const rows = ['aurora', 'borealis'].flatMap((slug) =>
      [1, 2, 3].map((n) => ({
        id: `pub_${n}.${slug}`,
        slug,
        org_id: `org-${slug}`,
        state: 'live',
      })),
    );
    for (const row of rows) {
      await rowsOf(
        `INSERT INTO publication (id, "row") VALUES ('${row.id}', '${JSON.stringify(row)}')`,
      );
    }
    const ids = ({ items }: { items: { publicationId: string }[] }): string[] =>
      items.map(({ publicationId }) => publicationId);
    const path = `${base}/publications`;
    const first = await want(api, 200, { path: `${path}?limit=2` });
    expect(ids(first)).toEqual(['pub_3.aurora', 'pub_2.aurora']);
    const next = await want(api, 200, { path: `${path}?limit=2&cursor=${first.nextCursor}` });
    expect([ids(next), next.nextCursor]).toEqual([['pub_1.aurora'], undefined]);
    await want(api, 404, { path: `${path}/pub_1.borealis` });
  });

  it('rotates: two values are sealed until the old hook is retired', async () => {
    const { api } = await provisioned();
    const rotated = await want(api, 200, { method: 'POST', path: `${base}/rotate` });
    expect(rotated.deployHookUrl).toBe(hooks + hook_id);
    expect(await rowsOf('SELECT id FROM sealed')).toHaveLength(2);
    const refused = await want(api, 409, { method: 'POST', path: `${base}/rotate` });
    expect(refused.code).toBe('publishing.not_ready');
    await want(api, 204, { method: 'DELETE', path: `${orgs}/aurora` });
    expect(await rowsOf('SELECT id FROM sealed')).toEqual([]);
  });
});
