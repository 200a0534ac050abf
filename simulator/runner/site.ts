// The tiny site that the modelled runner builds: what a real build of the starter has to have, and
// nothing more.

import { createHash } from 'node:crypto';

/** A deployment as the claim hands it out. */
export interface Deployment {
  readonly deploymentId: string;
  readonly platformId: string;
  readonly environment: string;
  readonly projectName: string;
  readonly branch: string;
  readonly configVersion: number;
  readonly shellSha: string;
}

/** The three strings of the config route. */
export interface Config {
  readonly featuresConfig: string;
  readonly envConfig: string;
  readonly authConfig: string;
}

/** One file of a site. */
export interface SiteFile {
  /** Begins with a slash. */
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

/** A built site. */
export interface Site {
  readonly files: readonly SiteFile[];
  /** SHA-256 of slipway.json, 64 hex digits. */
  readonly manifestDigest: string;
}

/** Builds the site of one deployment. The same input gives the same bytes. */
export function buildSite(deployment: Deployment, config: Config): Site {
  const { platformId, environment } = deployment;
  const script = encode(`${config.featuresConfig}\n${config.envConfig}\n${config.authConfig}\n`);
  const asset = `/assets/index-${sha256(script).slice(0, 8)}.js`;
  const html = encode(
    `<!doctype html>\n<title>${platformId} ${environment}</title>\n` +
      `<h1>${platformId}</h1>\n<p>${environment}</p>\n` +
      `<script type="module" src="${asset}"></script>\n`,
  );
  const manifest = encode(
    JSON.stringify({
      deployment: deployment.deploymentId,
      platform: platformId,
      environment,
      version: deployment.configVersion,
      shell_sha: deployment.shellSha,
      files: { [asset]: sha256(script) },
    }),
  );
  const files = [
    { path: '/index.html', bytes: html, contentType: 'text/html' },
    { path: asset, bytes: script, contentType: 'application/javascript' },
    { path: '/.well-known/slipway.json', bytes: manifest, contentType: 'application/json' },
  ];
  return { files, manifestDigest: sha256(manifest) };
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
