// The pages as the Worker serves them: from the build, beside the API, without asking the core.
import { exports } from 'cloudflare:workers';
import { beforeEach, describe, expect, it } from 'vitest';
import { freshState } from './support.ts';

const get = (path: string): Promise<Response> =>
  exports.default.fetch(new Request(`http://slipway.test${path}`));

describe('the pages', () => {
  beforeEach(freshState);

  it.each(['/orgs/org-aurora/settings/publishing', '/sign-in', '/help/connect-github'])(
    '%s is served with a strict policy, and so is what it names',
    async (path) => {
      const response = await get(path);
      const html = await response.text();
      expect(response.status).toBe(200);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
      const assets = [...html.matchAll(/"(\/assets\/[^"]+)"/g)].map(([, asset]) => asset ?? '');
      expect(assets).not.toEqual([]);
      for (const asset of assets) {
        const answer = await get(asset);
        expect(answer.status).toBe(200);
        expect(answer.headers.get('cache-control')).toContain('immutable');
        expect((await answer.text()).length).toBeGreaterThan(1_000);
      }
    },
  );

  it('answers an asset of another build as any unknown route', async () => {
    const response = await get('/assets/pages.0000000000000000.css');
    expect(response.status).toBe(404);
    expect(JSON.parse(await response.text()).code).toBe('route.unknown');
  });
});
