// The local instance: where its files lie, its addresses, and the secrets that it was given at
// birth.
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Options } from './options.ts';

/**
 * Keys and tokens of a local instance: random, kept in its state directory, worth nothing outside.
 */
export interface Secrets {
  readonly admin_key: string;
  readonly internal_key: string;
  readonly cloudflare_account: string;
  readonly cloudflare_token: string;
  /** An account of somebody else, which the Worker cannot read, and its token. */
  readonly other_account: string;
  readonly other_token: string;
  readonly github_token: string;
  /** Seals what the Worker stores encrypted: 32 bytes in hex. */
  readonly sealing_key: string;
  /** Signs what claims to be a webhook of GitHub. */
  readonly webhook_secret: string;
}

/** A local instance. */
export interface Instance {
  /** Absolute path of the state directory. */
  readonly state: string;
  readonly worker_port: number;
  readonly worker_url: string;
  readonly simulator_port: number;
  readonly simulator_url: string;
  /** Caches of npm and pnpm, shared by all instances of this user. */
  readonly package_cache: string;
  readonly secrets: Secrets;
}

/** Names in the simulated GitHub. */
export const github_owner = 'neutrino-io';
export const builder_repository = 'nno-platform-builder';
export const starter_repository = 'nno-stack-starter';

/** Opens the instance of the state directory, or founds it. */
export function openInstance(options: Options): Instance {
  const state = resolve(options.state);
  mkdirSync(join(state, 'logs'), { recursive: true });
  const caches = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return {
    state,
    worker_port: options.port,
    worker_url: `http://127.0.0.1:${options.port}`,
    simulator_port: options.port + 1,
    simulator_url: `http://127.0.0.1:${options.port + 1}`,
    package_cache: join(caches, 'slipway'),
    secrets: openSecrets(join(state, 'secrets.json')),
  };
}

// An instance that was founded earlier keeps its secrets and is given those that it lacks.
function openSecrets(file: string): Secrets {
  const known = existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets>)
    : undefined;
  const fresh: Secrets = {
    admin_key: randomBytes(24).toString('hex'),
    internal_key: randomBytes(24).toString('hex'),
    cloudflare_account: randomBytes(16).toString('hex'),
    cloudflare_token: randomBytes(20).toString('hex'),
    other_account: randomBytes(16).toString('hex'),
    other_token: randomBytes(20).toString('hex'),
    github_token: randomBytes(20).toString('hex'),
    sealing_key: randomBytes(32).toString('hex'),
    webhook_secret: randomBytes(24).toString('hex'),
  };
  const secrets: Secrets = { ...fresh, ...known };
  if (known !== undefined && Object.keys(fresh).every((name) => Object.hasOwn(known, name))) {
    return secrets;
  }
  const beside = `${file}.new`;
  writeFileSync(beside, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  renameSync(beside, file);
  return secrets;
}

/**
 * The address of a site for a person's browser: `x.pages.dev` as `http://x.pages.localhost:port/`.
 */
export function siteForPeople(instance: Instance, url: string): string {
  const host = new URL(url).hostname.replace(/\.pages\.dev$/, '.pages.localhost');
  return `http://${host}:${instance.simulator_port}/`;
}
