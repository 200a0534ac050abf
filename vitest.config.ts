// The tests that need workerd: real D1, R2 and Queues.
import { join } from 'node:path';
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin';
import { defineConfig } from 'vitest/config';
import { exchangeFaults, schemaFaults } from './tests/node/support/exchange.ts';

const root = import.meta.dirname;

export default defineConfig(async () => ({
  root,
  plugins: [
    cloudflareTest({
      wrangler: { configPath: join(root, 'wrangler.toml') },
      miniflare: {
        bindings: {
          TEST_MIGRATIONS: await readD1Migrations(join(root, 'worker-shim/migrations')),
          SLIPWAY_ADMIN_KEY: 'admin-key',
          NNO_INTERNAL_API_KEY: 'internal-key',
        },
        outboundService: upstream,
      },
    }),
  ],
  // Other suites run beside this one: what takes seconds alone may take a minute, and is no fault.
  test: {
    include: ['tests/workerd/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
}));

// Everything that a test fetches ends here; no request leaves the machine. Schemas are checked
// here, too: their code is made at run time, which workerd does not allow.
async function upstream(request: Request): Promise<Response> {
  const url = new URL(request.url);
  switch (url.pathname) {
    case '/redirect':
      return Response.redirect('http://upstream.test/elsewhere');
    case '/exchanges':
      return Response.json((await request.json()).map(exchangeFaults));
    case '/values':
      return Response.json(
        (await request.json()).map(({ schema, value }) => schemaFaults(schema, value)),
      );
    case '/bytes':
      return new Response('x'.repeat(Number(url.searchParams.get('n'))));
    default:
      return new Response(
        JSON.stringify({
          method: request.method,
          url: request.url,
          authorization: request.headers.get('authorization'),
          agent: request.headers.get('user-agent'),
          body: await request.text(),
        }),
      );
  }
}
