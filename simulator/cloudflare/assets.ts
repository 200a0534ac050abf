// Uploads of files into a project: which hashes are missing, the bytes, and keeping them.

import { extname } from 'node:path';
import { blake3 } from '@noble/hashes/blake3.js';
import { hashesBody, uploadBody } from './bodies.ts';
import { type Call, jsonBody } from './call.ts';
import { invalidBody, ok, refusal } from './errors.ts';
import { findProject, keys, type World } from './model.ts';

/** POST check-missing: the hashes that the project has no bytes for, each once. */
export async function checkMissing(call: Call): Promise<Response> {
  const project = uploadProject(call);
  const { hashes } = await jsonBody(call, hashesBody);
  const stored = storedHashes(call.world, project);
  return ok([...new Set(hashes)].filter((hash) => !stored.has(hash)));
}

/** POST upload: stores bytes by their hash. The hash is checked when a deployment names it. */
export async function uploadAssets(call: Call): Promise<Response> {
  const project = uploadProject(call);
  const files = await jsonBody(call, uploadBody);
  for (const [index, file] of files.entries()) {
    if (file.value.length > call.world.limits.file_bytes) {
      throw invalidBody(`/${index}/value`, 'the file is too large');
    }
    const key = keys.asset(project, file.key);
    call.world.checkedAssets.delete(key);
    call.world.store.putBytes(key, file.value);
  }
  return ok(null);
}

/** POST upsert-hashes: keeps uploaded files; a hash without bytes is refused. */
export async function upsertHashes(call: Call): Promise<Response> {
  const project = uploadProject(call);
  const { hashes } = await jsonBody(call, hashesBody);
  const stored = storedHashes(call.world, project);
  const missing = hashes.findIndex((hash) => !stored.has(hash));
  if (missing >= 0) throw invalidBody(`/hashes/${missing}`, 'this file was never uploaded');
  return ok(null);
}

/** The hashes of all files that were uploaded into the project with this id. */
export function storedHashes(world: World, project: string): Set<string> {
  const prefix = keys.assets(project);
  return new Set(world.store.list(prefix).map((key) => key.slice(prefix.length)));
}

/**
 * The key of a file: BLAKE3 over its bytes in base64 followed by the extension of its path without
 * the dot, the first 32 hexadecimal digits.
 */
export function assetHash(path: string, bytes: Uint8Array): string {
  const digest = blake3(Buffer.from(Buffer.from(bytes).toString('base64') + extensionOf(path)));
  return Buffer.from(digest).toString('hex').slice(0, 32);
}

/** Whether the bytes stored under `hash` are right for `path`. Each file is hashed once. */
export function assetMatches(world: World, project: string, path: string, hash: string): boolean {
  const key = keys.asset(project, hash);
  const extension = extensionOf(path);
  if (world.checkedAssets.get(key) === extension) return true;
  const bytes = world.store.getBytes(key);
  if (bytes === undefined || assetHash(path, bytes) !== hash) return false;
  world.checkedAssets.set(key, extension);
  return true;
}

function extensionOf(path: string): string {
  return extname(path).slice(1);
}

function uploadProject(call: Call): string {
  const { claims } = call;
  if (claims === undefined) throw refusal('uploadUnauthorized');
  const project = findProject(call.world, claims.account_id, claims.project_name);
  if (project?.id !== claims.project_id) throw refusal('uploadUnauthorized');
  return project.id;
}
