// GitHub Apps: their JSON Web Tokens are checked as GitHub checks them, and their installation
// tokens count where they were narrowed to, and nowhere else. Nothing is kept over a restart.

import { createHash, verify } from 'node:crypto';
import type { Clock } from '../base/contract.ts';
import { list, object, oneOf, Refusal, readJson, record, string } from '../base/strict.ts';
import { type Call, iso, json, refuse } from './answers.ts';
import { neededBy } from './permissions.ts';
import { installationShape } from './shapes.ts';

/** An App and its one installation. */
export interface AppOptions {
  readonly id: number;
  readonly client_id: string;
  /** PEMs of the public keys that count. */
  readonly public_keys: readonly string[];
  readonly installation_id: number;
  /** By `owner/name`; all of one owner. */
  readonly repositories: readonly string[];
  readonly permissions: Permissions;
}

/** Levels by the names of permissions. */
export type Permissions = Readonly<Record<string, 'read' | 'write'>>;

/** The Apps, and the tokens that they have. */
export interface AppBook {
  /** The App whose JWT this is, or GitHub's refusal. */
  appOf(jwt: string): AppOptions | Response;
  /** Answers `POST /app/installations/{id}/access_tokens`. */
  issue(app: AppOptions, installation: string, body: string): Response;
  /** Answers `GET /repos/{owner}/{repo}/installation`. */
  installationOf(app: AppOptions, call: Call): Response;
  /**
   * Whose budget a call with this installation token spends, or GitHub's refusal; undefined where
   * it is no token of an installation.
   */
  admit(token: string, operation: string, repository: string): string | Response | undefined;
}

interface Grant {
  readonly app: AppOptions;
  readonly repositories: readonly string[];
  readonly permissions: Permissions;
  readonly expires_ms: number;
}

const HOUR_ms = 3_600_000;
const LONGEST_S = 600;
const undecodable = 'A JSON web token could not be decoded';
const tokenBody = object(
  {},
  { repositories: list(string(/./), 500), permissions: record(oneOf('read', 'write')) },
);

/** The book of these Apps. Times are those of `clock`. */
export function appBook(clock: Clock, apps: readonly AppOptions[]): AppBook {
  const grants = new Map<string, Grant>();
  return {
    appOf: (jwt) => verified(jwt, apps, Math.floor(clock.now() / 1000)),
    installationOf(app, call) {
      const isThere = app.repositories.includes(call.repository);
      return isThere ? json(installationShape(call, app)) : refuse(404, 'Not Found');
    },
    issue(app, installation, body) {
      if (installation !== String(app.installation_id)) return refuse(404, 'Not Found');
      const narrowed = narrowing(app, body);
      if (narrowed instanceof Response) return narrowed;
      const expires_ms = clock.now() + HOUR_ms;
      const token = tokenOf(app, grants.size);
      grants.set(token, { app, ...narrowed, expires_ms });
      const { permissions } = narrowed;
      const selected = { repository_selection: 'selected' };
      return json({ token, expires_at: iso(expires_ms), permissions, ...selected }, 201);
    },
    admit(token, operation, repository) {
      const grant = grants.get(token);
      if (grant === undefined) return undefined;
      if (grant.expires_ms <= clock.now()) return refuse(401, 'Bad credentials');
      if (repository !== '' && !grant.repositories.includes(repository)) {
        return refuse(404, 'Not Found');
      }
      const [name, level] = neededBy(operation);
      const held = grant.permissions[name];
      if (held === 'write' || held === level) return `installation ${grant.app.installation_id}`;
      const headers = { 'x-accepted-github-permissions': `${name}=${level}` };
      return refuse(403, 'Resource not accessible by integration', headers);
    },
  };
}

function narrowing(
  app: AppOptions,
  body: string,
): Pick<Grant, 'repositories' | 'permissions'> | Response {
  const owner = app.repositories[0]?.split('/')[0] ?? '';
  try {
    const asked = body === '' ? {} : readJson(body, tokenBody);
    const named = asked.repositories?.map((name) => `${owner}/${name}`);
    const repositories = named ?? app.repositories;
    if (!repositories.every((each) => app.repositories.includes(each))) {
      const text = 'There is at least one repository that does not exist or is not accessible';
      return refuse(422, `${text} to the parent installation.`);
    }
    const permissions: Permissions = asked.permissions ?? app.permissions;
    const granted = Object.entries(permissions).every(
      ([name, level]) => app.permissions[name] === 'write' || app.permissions[name] === level,
    );
    return granted
      ? { repositories, permissions }
      : refuse(422, 'The permissions requested are not granted to this installation.');
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refuse(422, `Invalid request. ${error.pointer} ${error.message}`);
  }
}

/** A stateless token as GitHub hands out today: long, with dots and dashes. */
function tokenOf(app: AppOptions, count: number): string {
  const noise = (part: string, bytes: number): string =>
    createHash('shake256', { outputLength: bytes })
      .update(`${app.id} ${count} ${part}`)
      .digest('base64url');
  return `ghs_${app.id}_${noise('a', 27)}.${noise('b', 99)}.${noise('c', 256)}`;
}

function verified(jwt: string, apps: readonly AppOptions[], now_s: number): AppOptions | Response {
  const [head = '', body = '', signature = '', ...rest] = jwt.split('.');
  const { alg } = members(head);
  const { iss, iat, exp } = members(body);
  if (alg !== 'RS256' || rest.length > 0) return refuse(401, undecodable);
  const app = apps.find(({ id, client_id }) => [id, String(id), client_id].some((x) => x === iss));
  if (app === undefined) return refuse(404, 'Integration not found');
  const data = Buffer.from(`${head}.${body}`);
  const signed = Buffer.from(signature, 'base64url');
  if (!app.public_keys.some((key) => verify('sha256', data, key, signed))) {
    return refuse(401, undecodable);
  }
  if (typeof iat !== 'number' || iat > now_s) {
    return refuse(401, "'Issued at' claim ('iat') must be an Integer in the past");
  }
  if (typeof exp !== 'number' || exp <= now_s) {
    return refuse(401, "'Expiration time' claim ('exp') must be a numeric value in the future");
  }
  return exp > now_s + LONGEST_S
    ? refuse(401, "'Expiration time' claim ('exp') is too far in the future")
    : app;
}

function members(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
