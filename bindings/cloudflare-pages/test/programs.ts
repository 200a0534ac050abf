// Programs of callers: they import the package by its name, as it was packed.

/** Members of a project that Cloudflare always tells. */
const project = {
  name: 'acme-ark',
  production_branch: 'main',
  deployment_configs: { production: {}, preview: {} },
  source: { type: 'github', config: {} },
  subdomain: 'acme-ark.pages.dev',
  id: 'x',
};

const hook = { hook_id: '0a0b0c0d-0000-4000-8000-000000000000' };

const unknown = { success: false, errors: [{ code: 8000007, message: '' }] };

/** Provisions against answers of its own; prints what was made, and a refusal. */
export function programForNode(accountId: string): string {
  return `
import { provision, ProvisionError } from '@slipway/cloudflare-pages';
const sent = [];
const fetch = async (request) => {
  sent.push(request.method);
  if (request.method === 'GET') return Response.json(${JSON.stringify(unknown)}, { status: 404 });
  const result = request.url.endsWith('deploy_hooks')
    ? ${JSON.stringify(hook)}
    : ${JSON.stringify(project)};
  return Response.json({ success: true, errors: [], result });
};
const github = { owner: 'a', repository: 'b' };
const options = { accountId: '${accountId}', token: 't', fetch, github };
console.log(JSON.stringify([await provision('acme', options), sent]));
try {
  await provision('No', options);
} catch (error) {
  console.log(error instanceof ProvisionError, error.code);
}
`;
}

/** A Worker that provisions the slug of the request's path, with the fetch of its runtime. */
export function programForWorkerd(options: object): string {
  return `
import { provision, ProvisionError } from '@slipway/cloudflare-pages';
export default {
  async fetch(request) {
    const slug = new URL(request.url).pathname.slice(1);
    const steps = [];
    const onProgress = ({ step }) => steps.push(step);
    try {
      const made = await provision(slug, { ...${JSON.stringify(options)}, onProgress });
      return Response.json({ ...made, steps });
    } catch (error) {
      const { code, next, message } = error;
      const typed = error instanceof ProvisionError;
      return Response.json({ typed, code, next, message }, { status: 500 });
    }
  },
};
`;
}

/** Uses every declaration, and one wrongly. */
export const typedProgram = `
import { type Progress, provision, ProvisionError } from '@slipway/cloudflare-pages';
import type { Provisioned, ProvisionOptions } from '@slipway/cloudflare-pages';
const github = { owner: '', repository: '' };
const options: ProvisionOptions = { accountId: '', token: async () => 'x', github };
const made: Provisioned = await provision('a', {
  ...options,
  fetch: globalThis.fetch,
  onProgress: (step: Progress) => void (step.step === 'waiting' && step.ms),
});
const problem = { code: '', status: 1, title: '', next: '', retryable: false };
const next: string = new ProvisionError(problem).next;
// @ts-expect-error the token is missing
await provision('a', { accountId: '', github });
export { made, next };
`;
