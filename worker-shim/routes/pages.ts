// The web pages: static documents, scripts and style, served as they were built. What a page shows
// it asks of the API; nothing here knows who is calling.
import type { Context, Env, Hono } from 'hono';

/** What scripts/lib/pages.mjs made. */
export interface PageFiles {
  /** Digests by file name, as JSON. */
  readonly manifest: string;
  /** Documents, scripts and style sheets by file name. */
  readonly texts: Readonly<Record<string, string>>;
}

const documents: Readonly<Record<string, string>> = {
  '/orgs/:orgId/settings/publishing': 'publishing.html',
  '/sign-in': 'sign-in.html',
  '/help/connect-github': 'connect-github.html',
};

const asset_types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
};

const security: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'x-content-type-options': 'nosniff',
};

/** Adds the pages' routes; `named` is told what the log calls each. */
export function addPages<Bound extends Env>(
  app: Hono<Bound>,
  files: PageFiles,
  named: (context: Context<Bound>, operation: string) => void,
): void {
  const digests: Record<string, string> = JSON.parse(files.manifest);
  for (const [path, name] of Object.entries(documents)) {
    const text = files.texts[name] ?? '';
    const etag = `"${digests[name]}"`;
    app.get(path, (context) => {
      named(context, 'page');
      const headers = { ...security, etag, 'cache-control': 'no-store' };
      return context.req.header('if-none-match') === etag
        ? context.body(null, 304, headers)
        : context.body(text, 200, { ...headers, 'content-type': 'text/html; charset=utf-8' });
    });
  }
  for (const [name, text] of Object.entries(files.texts)) {
    const [base = '', extension = ''] = name.split('.');
    const type = asset_types[extension];
    if (type === undefined) continue;
    app.get(`/assets/${base}.${digests[name]}.${extension}`, (context) => {
      named(context, 'asset');
      return context.body(text, 200, {
        ...security,
        'content-type': type,
        'cache-control': 'public, max-age=31536000, immutable',
      });
    });
  }
}
