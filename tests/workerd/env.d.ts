// What the tests' Worker is bound to beside what wrangler.toml says.
declare namespace Cloudflare {
  interface GlobalProps {
    mainModule: typeof import('../../worker-shim/main.ts');
  }
  interface Env {
    DB: D1Database;
    CONFIGS: R2Bucket;
    EFFECTS: Queue<{ key: string; due_at_ms?: number }>;
    TEST_MIGRATIONS: import('cloudflare:test').D1Migration[];
  }
}
