// The Slipway API as this script uses it: calls are repeated while the Worker is away.
import type { DemoPlatform } from './demo.ts';
import type { Instance } from './instance.ts';
import type { DemoOrg } from './orgs.ts';

/** One site of an operation. */
export interface SiteProgress {
  readonly environment: string;
  readonly state: 'running' | 'succeeded' | 'failed';
  readonly step: string;
  readonly deploymentId?: string;
  readonly url?: string;
  readonly failure?: { code: string; detail: string; next: string; logTail?: string };
}

/** An operation as the API shows it. */
export interface Operation {
  readonly operationId: string;
  readonly platformId: string;
  readonly state: 'running' | 'succeeded' | 'failed';
  readonly sites: readonly SiteProgress[];
}

/** A batch of builds as the API shows it. */
export interface Batch {
  readonly batchId: string;
  readonly state: string;
  readonly account: string;
  readonly environment: string;
  readonly shards: number;
  readonly deployments: number;
  readonly left: number;
}

/** How an org's publishing stands, as far as it is told. */
export interface OrgStatus {
  readonly slug: string;
  readonly projectUrl?: string;
  readonly failure?: { code: string; detail: string; next: string };
  readonly publication?: {
    readonly state: string;
    readonly label: string;
    readonly failure?: { code: string; detail: string; next: string; logTail?: string };
  };
}

/** The calls that are made. */
export interface Api {
  /** Lets the account make projects as fast as the simulated Cloudflare allows. @throws Error */
  hurry(cloudflareId: string): Promise<void>;
  /** The latest batches, newest first. @throws Error */
  batches(): Promise<readonly Batch[]>;
  /** Creates the org with its members, or brings it up to date. @throws Error */
  putOrg(org: DemoOrg): Promise<void>;
  /** Provisions the org's site, or finds it provisioned. @throws Error with the problem's text */
  provision(slug: string): Promise<void>;
  /** How the org's publishing stands, as soon as it changes, at most `wait_s` seconds later. */
  publishing(slug: string, wait_s: number): Promise<OrgStatus>;
  /** Creates the platform, or finds it created. @throws Error with the problem's text */
  create(platform: DemoPlatform): Promise<Operation>;
  /** The operation now, or as soon as something changes, at most `wait_s` seconds later. */
  operation(id: string, wait_s?: number): Promise<Operation>;
  /** Asks for another deployment. */
  deploy(platformId: string, environment: string, reason: string): Promise<Operation>;
}

const patience_ms = 120_000;

/** The API of the instance, called with its admin key. */
export function openApi(instance: Instance): Api {
  const ask = async (method: string, path: string, body?: object): Promise<unknown> => {
    const response = await patiently(`${instance.worker_url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${instance.secrets.admin_key}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return JSON.parse(text);
  };
  const call = async (method: string, path: string, body?: object): Promise<Operation> =>
    (await ask(method, path, body)) as Operation;
  return {
    hurry: async (cloudflareId) => {
      const account = { cloudflareId, dailyCreations: 10_000 };
      await ask('PUT', '/api/v1/accounts/main', account);
    },
    batches: async () => {
      const { items } = (await ask('GET', '/api/v1/batches?limit=50')) as { items: Batch[] };
      return items;
    },
    putOrg: async ({ slug, ...org }) => {
      await ask('PUT', `/api/v1/orgs/${slug}`, org);
    },
    provision: async (slug) => {
      await ask('POST', `/api/v1/orgs/${slug}/publishing/auto-provision`);
    },
    publishing: async (slug, wait_s) =>
      (await ask('GET', `/api/v1/orgs/${slug}/publishing?wait=${wait_s}`)) as OrgStatus,
    create: (platform) => call('POST', '/api/v1/platforms', platform),
    operation: (id, wait_s) =>
      call('GET', `/api/v1/operations/${id}${wait_s === undefined ? '' : `?wait=${wait_s}`}`),
    deploy: (platformId, environment, reason) => {
      const site = `/api/v1/platforms/${platformId}/environments/${environment}`;
      return call('POST', `${site}/deployments`, { reason });
    },
  };
}

// Creating is idempotent and reading harmless; a repeated deployment request costs one more build.
async function patiently(url: string, init: RequestInit): Promise<Response> {
  const deadline = Date.now() + patience_ms;
  for (;;) {
    try {
      const response = await fetch(url, { ...init, signal: AbortSignal.timeout(75_000) });
      if (response.status < 500 || Date.now() > deadline) return response;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
