// A small Slipway and a small Cloudflare for the modelled runner: enough of both to take its calls.

import assert from 'node:assert/strict';
import type { Fetch } from '../../../simulator/base/contract.ts';

/** The secrets of the environment whose calls are accepted. */
export const SECRETS = {
  NNO_INTERNAL_API_KEY: 'internal',
  NNO_API_URL: 'http://slipway.test',
  CF_API_TOKEN: 'cf',
  CF_ACCOUNT_ID: 'acct',
};
/** What the config route answers. */
export const CONFIG = {
  featuresConfig: 'const a = 1',
  envConfig: 'const b = 2',
  authConfig: 'const c = 3',
};

/** The small Slipway and Cloudflare, and what they were told. */
export interface Outside {
  /** Every call as `METHOD path`. */
  readonly calls: string[];
  readonly reports: { runId: string; results: Record<string, unknown>[] }[];
  readonly claims: Record<string, unknown>[];
  readonly turns: { runId: string; deploymentId: string }[];
  /** Answers a turn; granted at first. */
  turn: (deploymentId: string) => unknown;
  readonly files: Map<string, Buffer>;
  readonly deployments: Map<string, string>[];
  readonly slipway: Fetch;
  readonly cloudflare: Fetch;
  /** The key of the batch that a claim by account gets. */
  next?: string;
  /** Answers a call in place of the usual answer. */
  intercept: (call: string) => Response | undefined;
}

/** Both services. A dispatch key such as `a+b|c` names the platforms of its batch by shard. */
export function outside(): Outside {
  const made: Outside = {
    calls: [],
    reports: [],
    claims: [],
    turns: [],
    turn: () => ({ turn: 'granted' }),
    files: new Map(),
    deployments: [],
    intercept: () => undefined,
    slipway: async (request) => {
      const { pathname, search } = new URL(request.url);
      const call = `${request.method} ${pathname}${search}`;
      made.calls.push(call);
      const intercepted = made.intercept(call);
      if (intercepted) return intercepted;
      if (request.headers.get('authorization') !== 'Bearer internal') {
        return Response.json({ code: 'auth.wrong' }, { status: 401 });
      }
      if (pathname === '/api/v1/claims') return claim(made, await request.json());
      if (pathname.endsWith('/reports')) {
        const report = (await request.json()) as Outside['reports'][number];
        made.reports.push(report);
        return Response.json({ accepted: report.results.length });
      }
      if (pathname.endsWith('/turns')) {
        const asked = (await request.json()) as { runId: string; deploymentId: string };
        made.turns.push(asked);
        return Response.json(made.turn(asked.deploymentId));
      }
      return Response.json(CONFIG, { headers: { etag: '"3-abc"' } });
    },
    cloudflare: async (request) => {
      const { pathname } = new URL(request.url);
      const call = `${request.method} ${pathname}`;
      made.calls.push(call);
      return made.intercept(call) ?? pages(made, request, pathname.replace('/client/v4', ''));
    },
  };
  return made;
}

function claim(made: Outside, body: unknown): Response {
  const asked = body as Record<string, string> & { shard?: number };
  made.claims.push(asked);
  const key = asked.dispatchKey ?? asked.platformId ?? asked.batchId?.slice(4) ?? made.next ?? '';
  const shards = key.split('|');
  const shard = asked.shard ?? 0;
  const names = (shards[shard] ?? '').split('+').filter(Boolean);
  const deployments = names.map((name) => ({
    deploymentId: `dep_${name}`,
    platformId: name,
    environment: 'dev',
    projectName: `${name}-dev-portal`,
    branch: 'main',
    configVersion: 3,
    shellSha: '',
  }));
  const batch = { batchId: `bat_${key}`, account: 'main', environment: 'dev', deployments };
  return Response.json({ ...batch, shard, shards: shards.length });
}

async function pages(made: Outside, request: Request, path: string): Promise<Response> {
  const ok = (result: unknown): Response => Response.json({ success: true, errors: [], result });
  const project = '/accounts/acct/pages/projects/';
  const token = request.headers.get('authorization');
  assert.equal(token, path.startsWith(project) ? 'Bearer cf' : 'Bearer jwt');
  if (request.method === 'GET' && /^[^/]+$/.test(path.slice(project.length))) return ok({});
  if (request.method === 'GET' && path.includes('/deployments/')) {
    return ok({ latest_stage: { name: 'deploy', status: 'active' } });
  }
  if (path.endsWith('/upload-token')) return ok({ jwt: 'jwt' });
  if (path === '/pages/assets/check-missing') {
    const { hashes } = (await request.json()) as { hashes: string[] };
    return ok(hashes.filter((hash) => !made.files.has(hash)));
  }
  if (path === '/pages/assets/upload') {
    type Asset = { key: string; value: string; base64: boolean };
    for (const asset of (await request.json()) as Asset[]) {
      assert.equal(asset.base64, true);
      made.files.set(asset.key, Buffer.from(asset.value, 'base64'));
    }
    return ok(null);
  }
  if (path === '/pages/assets/upsert-hashes') return ok(null);
  const form = await request.formData();
  assert.equal(form.get('branch'), 'main');
  const manifest = JSON.parse(String(form.get('manifest'))) as Record<string, string>;
  made.deployments.push(new Map(Object.entries(manifest)));
  const id = `pages-${made.deployments.length}`;
  return ok({ id, url: `https://${id}.pages.dev` });
}
