// A built site as a folder: what it must have, what it must not have, and its manifest's digest.

import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const MANIFEST = join('.well-known', 'slipway.json');
// Code that Pages would run on its servers. A shell is static files only.
const SERVER_CODE = ['_worker.js', '_worker.bundle', '_routes.json', 'functions'];

/**
 * Holds a site to its form: server code, links and special files are refused, a page and a manifest
 * of this deployment are required. @throws Error with a sentence for the log.
 */
export function checkSite(dir, deployment) {
  if (!lstatSync(dir, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error('The build left no dist folder');
  }
  for (const name of SERVER_CODE) {
    if (existsSync(join(dir, name)))
      throw new Error(`The site has ${name}: server code is refused`);
  }
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() && !entry.isDirectory()) {
      throw new Error(`The site has ${entry.name}, which is neither a file nor a folder`);
    }
  }
  for (const name of ['index.html', MANIFEST]) {
    if (!existsSync(join(dir, name))) throw new Error(`The site has no ${name}`);
  }
  const manifest = JSON.parse(readFileSync(join(dir, MANIFEST), 'utf8'));
  if (manifest?.deployment !== deployment.deploymentId) {
    throw new Error(`The site's ${MANIFEST} is not of deployment ${deployment.deploymentId}`);
  }
}

/** SHA-256 of the manifest's bytes, 64 hex digits. */
export function manifestDigest(dir) {
  return createHash('sha256')
    .update(readFileSync(join(dir, MANIFEST)))
    .digest('hex');
}
