// Whom the command line talks to, and as whom: from options, variables, or the local instance.
import { join } from 'node:path';
import { CliError, exits, usageError } from './errors.ts';
import type { Host } from './host.ts';
import type { Values } from './options.ts';
import type { Talk } from './talk.ts';

/** An instance and the key to it. */
export interface Target {
  /** Without a slash at its end. */
  readonly url: string;
  readonly token?: string;
  /** Where the two come from, in words. */
  readonly from: string;
}

const local_url = 'http://127.0.0.1:8787';
const probe_ms = 2000;

/**
 * The instance that the options or the variables name; without any, the one that `npm start` runs.
 * @throws CliError
 */
export async function findTarget(host: Host, values: Values, talk: Talk): Promise<Target> {
  const { env } = host;
  const named = first(values.url, env.SLIPWAY_URL, env.NNO_API_URL);
  const token = tokenOf(host, values);
  if (named !== undefined) {
    const url = addressOf(named);
    const own = token ?? (isLoopback(url) ? localKey(host) : undefined);
    return own === undefined ? { url, from: 'given' } : { url, token: own, from: 'given' };
  }
  if (token !== undefined) {
    throw usageError('A token is given, but not for which instance', 'Set SLIPWAY_URL, or --url.');
  }
  const key = localKey(host);
  if (key === undefined || !(await answers(host, local_url))) {
    throw usageError(
      'No instance is named, and none of this checkout runs here',
      'Set SLIPWAY_URL and SLIPWAY_TOKEN, or run npm start.',
    );
  }
  talk.note(`using the local instance ${local_url} (npm start)`);
  return { url: local_url, token: key, from: 'local' };
}

const first = (...texts: (string | undefined)[]): string | undefined =>
  texts.find((text) => text !== undefined && text !== '');

// The key goes there: never in clear over a network, never in an address.
function addressOf(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw usageError('The address must begin with https://', 'Mend --url or SLIPWAY_URL.');
  }
  if (url.username !== '' || url.password !== '') {
    throw usageError('The address must not hold a name or password', 'Use SLIPWAY_TOKEN.');
  }
  const plain = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  if (url.protocol === 'http:' && !isLoopback(plain)) {
    throw usageError(
      `A key is not sent in clear over a network: ${plain}`,
      'Use the https:// address; http:// is for this machine alone.',
    );
  }
  return plain;
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

function tokenOf(host: Host, values: Values): string | undefined {
  const file = values['token-file'];
  const text = file === undefined ? host.env.SLIPWAY_TOKEN : readTokenFile(host, file);
  const token = text?.trim();
  if (token === undefined || token === '') return undefined;
  if (!/^[!-~]+$/.test(token)) {
    throw usageError('The token holds characters that no token has', 'Look for a broken copy.');
  }
  return token;
}

function readTokenFile(host: Host, file: string): string {
  try {
    return host.readFile(file);
  } catch {
    throw usageError(`The file of --token-file cannot be read: ${file}`);
  }
}

// As scripts/start/instance.ts keeps it.
function localKey(host: Host): string | undefined {
  try {
    const text = host.readFile(join(host.root, '.slipway/secrets.json'));
    const { admin_key } = JSON.parse(text) as { admin_key?: unknown };
    return typeof admin_key === 'string' ? admin_key : undefined;
  } catch {
    return undefined;
  }
}

async function answers(host: Host, url: string): Promise<boolean> {
  try {
    const signal = AbortSignal.any([host.signal, AbortSignal.timeout(probe_ms)]);
    const response = await host.fetch(`${url}/healthz`, { signal, redirect: 'manual' });
    await response.text();
    return response.status === 200;
  } catch {
    return false;
  }
}

/** The key of a target that needs one. @throws CliError exit 4 */
export function requireToken(target: Target): string {
  if (target.token !== undefined) return target.token;
  throw new CliError({
    exit: exits.auth,
    code: 'auth.missing',
    title: 'No API token or key is given',
    next: 'Set SLIPWAY_TOKEN, or name a file with --token-file.',
  });
}
