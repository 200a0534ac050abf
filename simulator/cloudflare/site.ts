// Serves uploaded sites the way Pages does: clean paths, 404.html, the single-page fallback.

import { contentType } from './content_type.ts';
import { domainStatus } from './domains.ts';
import {
  type Content,
  type Deployment,
  deploymentsOf,
  keys,
  type Project,
  projectAtDomain,
  projectAtLabel,
  type World,
} from './model.ts';
import { otherBytes } from './overwrite.ts';
import { applyHeaderRules, findRedirect } from './site_rules.ts';
import { branchServedAt, servedAt, successAt } from './stages.ts';

interface Site {
  world: World;
  project: Project;
  content: Content;
  /** Whether other bytes stand in place of the files. */
  overwritten: boolean;
  /** Set before a redirect's path: empty unless the site is addressed by path. */
  prefix: string;
}

/**
 * Answers a request for a page. The site is the first part of a path under `/sites/`, or the name
 * before `.pages.localhost` in the Host; a host that nobody has is 404.
 */
export function serveSite(world: World, request: Request): Response {
  const { host, path, prefix } = addressed(new URL(request.url));
  const found = findDeployment(world, host);
  if (found === undefined) return plain(404, 'There is nothing here yet.\n');
  const { project, deployment, alias } = found;
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return plain(405, 'Method not allowed\n');
  }
  if (deployment.serves === 'not_found') return plain(404, 'Not found\n');
  if (deployment.serves === 'access') {
    return redirect(302, `https://example.cloudflareaccess.com/cdn-cgi/access/login/${host}`);
  }
  const content = world.store.get<Content>(keys.content(project.id, deployment.content));
  if (content === undefined) return plain(404, 'Not found\n');
  const overwritten = alias && deployment.overwritten === true;
  const site = { world, project, content, overwritten, prefix };
  const response = servePath(site, path, request);
  return request.method === 'HEAD' ? new Response(null, response) : response;
}

function addressed(url: URL): { host: string; path: string; prefix: string } {
  const named = /^(.+)\.pages\.localhost$/.exec(url.hostname)?.[1];
  if (named !== undefined) return { host: `${named}.pages.dev`, path: url.pathname, prefix: '' };
  const match = /^(\/sites\/([^/]+))(\/.*)?$/.exec(url.pathname);
  return { host: match?.[2] ?? '', path: match?.[3] ?? '/', prefix: match?.[1] ?? '' };
}

// The host is a custom domain, or `.pages.dev` after a project's label, which may follow a short
// deployment id or a branch's alias. `alias`: it is the production alias or a custom domain.
function findDeployment(
  world: World,
  host: string,
): { project: Project; deployment: Deployment; alias: boolean } | undefined {
  const now_ms = world.clock.now();
  const name = /^(.+)\.pages\.dev$/.exec(host)?.[1] ?? '';
  const whole = name === '' ? activeAtDomain(world, host) : projectAtLabel(world, name);
  if (whole !== undefined) {
    const deployment = servedAt(whole, deploymentsOf(world, whole), now_ms);
    return deployment && { project: whole, deployment, alias: true };
  }
  const dot = name.indexOf('.');
  const project = projectAtLabel(world, name.slice(dot + 1));
  if (dot < 0 || project === undefined) return undefined;
  const all = deploymentsOf(world, project);
  const before = name.slice(0, dot);
  const byId = all.find((deployment) => {
    const at_ms = successAt(deployment);
    return deployment.id.startsWith(before) && before.length === 8 && at_ms && at_ms <= now_ms;
  });
  const deployment = byId ?? branchServedAt(all, before, now_ms);
  return deployment && { project, deployment, alias: false };
}

function activeAtDomain(world: World, host: string): Project | undefined {
  const project = projectAtDomain(world, host);
  const domain = project?.domains.find((each) => each.name === host);
  const active = project && domain && domainStatus(world, project, domain) === 'active';
  return active ? project : undefined;
}

function servePath(site: Site, path: string, request: Request): Response {
  const rule = findRedirect(site.content.redirects, path);
  if (rule !== undefined && rule.status !== 200) return moved(site, rule.status, rule.target);
  const wanted = decoded(rule?.target ?? path);
  const { manifest } = site.content;
  const clean = cleanPath(manifest, wanted);
  if (clean !== undefined) return moved(site, 308, clean);
  const file = [wanted, `${wanted}.html`, `${wanted}index.html`].find(
    (candidate) => manifest[candidate] !== undefined,
  );
  if (file !== undefined) return sendFile(site, path, file, 200, request);
  const notFound = notFoundPage(manifest, wanted);
  if (notFound !== undefined) return sendFile(site, path, notFound, 404, request);
  if (manifest['/index.html'] === undefined) return plain(404, 'Not found\n');
  return sendFile(site, path, '/index.html', 200, request);
}

// The address that a path is known by instead, where it has one: without `index.html` or `.html`,
// and a folder with a slash at its end.
function cleanPath(manifest: Record<string, string>, path: string): string | undefined {
  if (manifest[path] !== undefined) {
    if (path.endsWith('/index.html')) return path.slice(0, -'index.html'.length);
    return path.endsWith('.html') ? path.slice(0, -'.html'.length) : undefined;
  }
  const bare = path.slice(0, -1);
  if (path.endsWith('/')) {
    const isPage = path !== '/' && manifest[`${path}index.html`] === undefined;
    return isPage && manifest[`${bare}.html`] !== undefined ? bare : undefined;
  }
  const isFolder = manifest[`${path}/index.html`] !== undefined;
  return isFolder && manifest[`${path}.html`] === undefined ? `${path}/` : undefined;
}

function notFoundPage(manifest: Record<string, string>, path: string): string | undefined {
  let folder = path;
  while (folder.includes('/')) {
    folder = folder.slice(0, folder.lastIndexOf('/'));
    if (manifest[`${folder}/404.html`] !== undefined) return `${folder}/404.html`;
  }
  return undefined;
}

function sendFile(
  site: Site,
  path: string,
  file: string,
  status: number,
  request: Request,
): Response {
  const hash = site.content.manifest[file] ?? '';
  const stored = site.world.store.getBytes(keys.asset(site.project.id, hash));
  if (stored === undefined) return plain(500, 'The file is lost\n');
  const bytes = site.overwritten ? otherBytes(file, stored) : stored;
  const etag = site.overwritten ? `"${hash}-other"` : `"${hash}"`;
  const headers = new Headers({
    'content-type': contentType(file),
    'cache-control': 'public, max-age=0, must-revalidate',
    'access-control-allow-origin': '*',
    'referrer-policy': 'strict-origin-when-cross-origin',
    'x-content-type-options': 'nosniff',
    etag,
  });
  applyHeaderRules(site.content.headers, path, headers);
  const known = request.headers.get('if-none-match')?.split(',') ?? [];
  if (status === 200 && known.some((tag) => tag.trim().replace(/^W\//, '') === etag)) {
    headers.delete('content-type');
    return new Response(null, { status: 304, headers });
  }
  return new Response(new Uint8Array(bytes), { status, headers });
}

function moved(site: Site, status: number, target: string): Response {
  return redirect(status, target.startsWith('/') ? site.prefix + target : target);
}

function redirect(status: number, location: string): Response {
  return new Response(null, { status, headers: { location } });
}

function plain(status: number, text: string): Response {
  return new Response(text, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
