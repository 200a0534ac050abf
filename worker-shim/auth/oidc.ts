// Proof that a caller is a run of our builder: the OpenID Connect token that GitHub Actions gives
// to a job. All that is said of the job is held to what the builder is; `sub` is not, because its
// form changes with repositories and their settings.
import { bytesOf } from '../../bindings/js/frame.ts';
import type { Ports } from '../ports.ts';
import { fromBase64url } from './base64url.ts';
import type { KeySet } from './key_set.ts';

/** Whose tokens are believed. */
export interface OidcTrust {
  /** GitHub's public keys. */
  readonly keys: KeySet;
  /** Whom tokens must be made for: this Worker's own address. */
  readonly audience: string;
  /** The builder's repository: `owner/name`, its id and its owner's. */
  readonly repository: string;
  readonly repository_id: string;
  readonly owner_id: string;
  /** The workflow's file name, and the branch that it runs on. */
  readonly workflow: string;
  readonly branch: string;
}

/** The run that a token is of. All ids are texts of digits. */
export interface ProvedRun {
  readonly repository: string;
  readonly run_id: string;
  readonly run_attempt: string;
  /** The GitHub environment of the job; empty where it names none. */
  readonly environment: string;
}

type Members = Readonly<Record<string, unknown>>;

const issuer = 'https://token.actions.githubusercontent.com';
const token_chars_max = 16_384;
const kid_chars_max = 256;
const environment_chars_max = 255;
/** How far clocks may differ. */
const leeway_s = 60;

/** Whether a bearer has the form of a token of this kind, which is cheap to find out. */
export function isJwt(bearer: string): boolean {
  return bearer.length <= token_chars_max && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(bearer);
}

/**
 * The run that the token proves; undefined where it proves none. What can be seen in the token is
 * looked at before any key is asked for.
 * @throws KeysUnavailable when GitHub's keys cannot be had now
 */
export async function proveRun(
  ports: Ports,
  trust: OidcTrust,
  token: string,
): Promise<ProvedRun | undefined> {
  const [head = '', body = '', tail = ''] = isJwt(token) ? token.split('.') : [];
  const kid = keyIdOf(membersOf(head));
  const claims = membersOf(body);
  const signature = fromBase64url(tail);
  if (kid === undefined || claims === undefined || signature === undefined) {
    return undefined;
  }
  if (!isTimely(claims, ports.now() / 1000) || !isOfBuilder(claims, trust)) {
    return undefined;
  }
  const run = runOf(claims);
  const key = run === undefined ? undefined : await trust.keys.find(ports, kid);
  if (key === undefined) {
    return undefined;
  }
  const signed = bytesOf(`${head}.${body}`).slice();
  const sound = await crypto.subtle.verify('RSASSA-PKCS1-v1_5', key, signature, signed);
  return sound ? run : undefined;
}

// The algorithm is ours to choose, never the token's: any other name is refused.
function keyIdOf(header: Members | undefined): string | undefined {
  const { alg, kid, typ, crit } = header ?? {};
  const known = alg === 'RS256' && (typ ?? 'JWT') === 'JWT' && crit === undefined;
  return known && typeof kid === 'string' && kid.length <= kid_chars_max ? kid : undefined;
}

function isTimely({ iat, nbf, exp }: Members, now_s: number): boolean {
  if (![iat, nbf, exp].every((time) => typeof time === 'number' && Number.isFinite(time))) {
    return false;
  }
  const begins = Math.max(Number(iat), Number(nbf));
  return begins <= now_s + leeway_s && Number(exp) > now_s - leeway_s;
}

function isOfBuilder(claims: Members, trust: OidcTrust): boolean {
  const { repository, branch, workflow } = trust;
  const ref = `refs/heads/${branch}`;
  const workflow_ref = `${repository}/.github/workflows/${workflow}@${ref}`;
  const wanted: Members = {
    iss: issuer,
    aud: trust.audience,
    repository,
    repository_id: trust.repository_id,
    repository_owner_id: trust.owner_id,
    workflow_ref,
    // The workflow that the job itself stands in: no reusable one of somebody else's.
    job_workflow_ref: workflow_ref,
    ref,
    ref_type: 'branch',
    event_name: 'workflow_dispatch',
    runner_environment: 'github-hosted',
  };
  return Object.entries(wanted).every(([name, value]) => claims[name] === value);
}

function runOf(claims: Members): ProvedRun | undefined {
  const { repository, run_id, run_attempt, environment = '' } = claims;
  const texts = [repository, run_id, run_attempt, environment];
  if (!texts.every((each) => typeof each === 'string')) {
    return undefined;
  }
  const [name, id, attempt, place] = texts.map(String) as [string, string, string, string];
  const formed = /^[1-9][0-9]{0,18}$/.test(id) && /^[1-9][0-9]{0,5}$/.test(attempt);
  return formed && place.length <= environment_chars_max
    ? { repository: name, run_id: id, run_attempt: attempt, environment: place }
    : undefined;
}

// One part of a token; undefined where it is no JSON object.
function membersOf(part: string): Members | undefined {
  const bytes = fromBase64url(part);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Members)
      : undefined;
  } catch {
    return undefined;
  }
}
