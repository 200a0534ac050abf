// Orgs of a whole product, and what is done to the simulated Cloudflare for them.
import assert from 'node:assert/strict';
import type { Publishing } from '../../bindings/generated/api.ts';
import { type Product, until } from './support.ts';

/** An org as its application registers it. */
export interface TestOrg {
  readonly slug: string;
  readonly name: string;
  /** User ids; without any, nobody but an operator. */
  readonly admins?: readonly string[];
}

/** Whose account at Cloudflare: the instance's, or one that it cannot read. */
export type Whose = 'own' | 'other';

const hooks = 'https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/';

/** The addresses of an org in the API. */
export const orgPath = (slug: string): string => `/api/v1/orgs/${slug}`;

/** Registers an org. */
export async function putOrg(
  product: Product,
  { slug, name, admins = [] }: TestOrg,
): Promise<void> {
  const members = admins.map((userId) => ({ userId, role: 'admin' }));
  const body = { orgId: `org-${slug}`, name, members };
  const { status, text } = await product.api('PUT', orgPath(slug), body);
  assert.ok(status === 200 || status === 201, text);
}

/** How the org is published. */
export function publishingOf(product: Product, slug: string): Promise<Publishing> {
  return product.document<Publishing>(`${orgPath(slug)}/publishing`);
}

/** Waits until the first site of the org is live; fails at once where it or its build failed. */
export async function untilLive(product: Product, slug: string): Promise<Publishing> {
  let last: Publishing | undefined;
  await until(`${slug} live`, async () => {
    last = await publishingOf(product, slug).catch(() => last);
    const failure = last?.failure ?? last?.publication?.failure;
    assert.equal(failure, undefined, `${slug}: ${JSON.stringify(failure)}`);
    return last?.state === 'ready' && last.publication?.state === 'live';
  });
  assert.ok(last !== undefined);
  return last;
}

/** Changes an account of the simulated Cloudflare. */
export async function changeAccount(product: Product, change: object): Promise<void> {
  await simulate(product, 'account', { id: product.secrets.cloudflare_account, change });
}

/** Changes the simulated world. */
export async function simulate(product: Product, what: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const init = { method: 'POST', headers, body: JSON.stringify(body) };
  const { status, text } = await product.outside(`/_sim/${what}`, init);
  assert.equal(status, 200, text);
}

/** One call of the simulated Cloudflare's API; the result. */
export async function cloudflare<Result>(
  product: Product,
  method: string,
  path: string,
  { whose = 'own', body }: { whose?: Whose; body?: object } = {},
): Promise<Result> {
  const { secrets } = product;
  const account = whose === 'own' ? secrets.cloudflare_account : secrets.other_account;
  const token = whose === 'own' ? secrets.cloudflare_token : secrets.other_token;
  const address = `/cloudflare/client/v4/accounts/${account}/pages/projects${path}`;
  const { status, text } = await product.outside(address, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  assert.equal(status, 200, text);
  return (JSON.parse(text) as { result: Result }).result;
}

/** Makes a project as a person does in the dashboard, from the repository of the org sites. */
export async function makeProject(product: Product, name: string, whose?: Whose): Promise<void> {
  const body = {
    name,
    production_branch: 'main',
    source: { type: 'github', config: { owner: 'neutrino-io', repo_name: 'ark-site' } },
    build_config: { build_command: 'node build.js', destination_dir: 'dist' },
    deployment_configs: {
      production: {
        env_vars: {
          ORG_SLUG: { type: 'plain_text', value: name },
          ORG_NAME: { type: 'plain_text', value: `Made by hand: ${name}` },
        },
      },
    },
  };
  await cloudflare(product, 'POST', '', { body, ...(whose && { whose }) });
}

/** Makes a deploy hook as a person does in the dashboard; its address. */
export async function makeHook(product: Product, project: string, whose?: Whose): Promise<string> {
  const body = { name: 'by hand', branch: 'main' };
  const path = `/${project}/deploy_hooks`;
  const { hook_id } = await cloudflare<{ hook_id: string }>(product, 'POST', path, {
    body,
    ...(whose && { whose }),
  });
  return hooks + hook_id;
}

/** The page that is served at the org's address. */
export async function servedPage(product: Product, project: string): Promise<string> {
  const { status, text } = await product.outside(`/sites/${project}.pages.dev/`);
  assert.equal(status, 200, `${project}: ${text}`);
  return text;
}
