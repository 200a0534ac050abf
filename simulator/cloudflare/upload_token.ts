// Upload tokens: JWTs (HS256) that allow uploads into one project for a limited time.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { refusal } from './errors.ts';
import type { Project, World } from './model.ts';

/** What a token carries. `exp` and `iat` are seconds since the epoch. */
export interface UploadClaims {
  account_id: string;
  project_id: string;
  project_name: string;
  max_file_count_allowed: number;
  iat: number;
  exp: number;
}

/** A token for `project`, valid from now for `upload_token_ms`. */
export function issueUploadToken(world: World, project: Project): string {
  const now_s = Math.floor(world.clock.now() / 1000);
  const claims: UploadClaims = {
    account_id: project.account_id,
    project_id: project.id,
    project_name: project.name,
    max_file_count_allowed: world.limits.files,
    iat: now_s,
    exp: now_s + Math.floor(world.limits.upload_token_ms / 1000),
  };
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${signed}.${signature(world, signed)}`;
}

/** The claims of a token that is ours and still valid; anything else is 8000013. */
export function verifyUploadToken(world: World, token: string): UploadClaims {
  const dot = token.lastIndexOf('.');
  const signed = token.slice(0, dot);
  const given = Buffer.from(token.slice(dot + 1));
  const wanted = Buffer.from(signature(world, signed));
  if (dot < 0 || given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw refusal('uploadUnauthorized');
  }
  const payload = Buffer.from(signed.split('.')[1] ?? '', 'base64url').toString('utf8');
  const claims = JSON.parse(payload) as UploadClaims;
  if (claims.exp * 1000 <= world.clock.now()) throw refusal('uploadUnauthorized');
  return claims;
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function signature(world: World, signed: string): string {
  return createHmac('sha256', world.signingKey).update(signed).digest('base64url');
}
