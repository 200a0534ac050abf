// What the tests of control share with those of platforms, and a site whose content is replaced.
import assert from 'node:assert/strict';
import type { Fleet } from '../crash/fleet.ts';

export * from '../platforms/support.ts';

const account = '0123456789abcdef0123456789abcdef';
const projects_url = `http://cloudflare.test/client/v4/accounts/${account}/pages/projects`;

/** Somebody uploads a site without any file past Slipway: the project serves it from then on. */
export async function uploadToProduction(fleet: Fleet, project: string): Promise<void> {
  const body = new FormData();
  body.set('manifest', '{}');
  body.set('branch', 'main');
  const request = new Request(`${projects_url}/${project}/deployments`, {
    method: 'POST',
    headers: { authorization: 'Bearer cloudflare-token' },
    body,
  });
  assert.equal((await fleet.cloudflare.fetch(request)).status, 200);
}
