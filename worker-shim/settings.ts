// What the instance's variables and secrets mean. Every name that is read stands in this file, or
// in github_settings.ts for what remembers tokens and keys.
import type { OidcTrust } from './auth/oidc.ts';
import type { SignIn } from './auth/user.ts';
import { type SealingKeys, sealingKeyOf } from './sealing.ts';
import type { TokenPair } from './upstream/token_pair.ts';
import type { TokenSource } from './upstream/token_source.ts';

/** Plain variables by name. */
export type Settings = Readonly<Record<string, string>>;

/** Where requests go and what authenticates them. */
export interface Upstreams {
  /** Base address without a trailing slash. */
  readonly github_url: string;
  readonly cloudflare_url: string;
  /** Address of a site, with `{host}` where its host name belongs. */
  readonly pages_origin: string;
  /**
   * By credential name: `github`, `github:contents` where the GitHub App's own token for reading
   * sources is another one, `cloudflare:<account>`, `builder_hook`.
   */
  readonly credentials: ReadonlyMap<string, Credential>;
}

/** A bearer token, two of which one is good, or where one comes from. */
export type Credential = string | TokenPair | TokenSource;

/** The keys of callers; an unset key is not in its list. */
export interface Keys {
  readonly admin: readonly string[];
  readonly internal: readonly string[];
  /** Secrets of the webhook's signatures. */
  readonly webhook: readonly string[];
  /** Absent: no run of the builder is believed by its OIDC token. */
  readonly oidc?: OidcTrust;
  /** Absent: nobody can sign in. */
  readonly sign_in?: SignIn;
}

/** Variables and secrets by name; other bindings may be among them. */
export type Variables = Readonly<Record<string, unknown>>;

/** A variable has a value that the shim cannot work with. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

// The core sees these variables and no others.
const plain_variables = [
  'CONFIG_STORE',
  'CF_ACCOUNT_NAME',
  'CF_ACCOUNT_ID',
  'GITHUB_OWNER',
  'GITHUB_BUILDER_REPOSITORY',
  'GITHUB_BUILDER_WORKFLOW',
  'GITHUB_BUILDER_REF',
  'SHELL_SHA',
  'BUILDER_WAKE',
  'BUILD_DEBOUNCE_S',
  'BUILD_WAIT_MAX_S',
  'DRIFT_SAMPLE',
  'PUBLISHING_ACCOUNT',
  'PUBLISHING_GITHUB_OWNER',
  'PUBLISHING_GITHUB_REPOSITORY',
  'PUBLISHING_BRANCH',
  'PUBLISHING_BUILD_COMMAND',
  'PUBLISHING_BUILD_OUTPUT',
  'PUBLISHING_ROOT_DIR',
  'PUBLISHING_VARIABLES',
] as const;

/** The plain variables that are set, for the core. */
export function settingsOf(variables: Variables): Settings {
  const settings: Record<string, string> = {};
  for (const name of plain_variables) {
    const value = variables[name];
    if (typeof value === 'string') {
      settings[name] = value;
    }
  }
  return settings;
}

/** Base addresses and credentials. @throws SettingError for an address that is not http(s). */
export function upstreamsOf(variables: Variables): Upstreams {
  const credentials = new Map<string, string>();
  const github = text(variables, 'GITHUB_TOKEN');
  if (github !== undefined) {
    credentials.set('github', github);
  }
  const hook = text(variables, 'BUILDER_DEPLOY_HOOK');
  if (hook !== undefined) {
    credentials.set('builder_hook', hookId(hook));
  }
  for (const [credential, [token]] of cloudflareTokens(variables)) {
    credentials.set(credential, token);
  }
  return {
    github_url: address(variables, 'GITHUB_API_URL', 'https://api.github.com'),
    cloudflare_url: address(
      variables,
      'CLOUDFLARE_API_URL',
      'https://api.cloudflare.com/client/v4',
    ),
    pages_origin: address(variables, 'PAGES_ORIGIN', 'https://{host}'),
    credentials,
  };
}

// The id of a Workers Builds deploy hook: its address, or the id alone. Whoever has it can start
// builds, so that it is a credential.
function hookId(hook: string): string {
  const id =
    /^(?:https:\/\/[^/?#]+\/client\/v4\/workers\/builds\/deploy_hooks\/)?([\w-]{1,128})$/.exec(
      hook,
    );
  if (id?.[1] === undefined) {
    throw new SettingError(
      'BUILDER_DEPLOY_HOOK must be the address of a Workers Builds deploy hook',
    );
  }
  return id[1];
}

/** A token, and the one before it where there is one. */
export type Tokens = readonly [token: string, previous?: string];

/**
 * Tokens of Cloudflare accounts, by credential name. CF_API_TOKEN is that of the account that
 * CF_ACCOUNT_NAME names, CF_API_TOKEN_ACME_EU that of the account `acme-eu`; with _PREVIOUS behind
 * it each is the token before it.
 */
export function cloudflareTokens(variables: Variables): Map<string, Tokens> {
  const tokens = new Map<string, Tokens>();
  const add = (account: string, name: string): void => {
    const [token, previous] = texts(variables, [name, `${name}_PREVIOUS`]);
    if (token !== undefined) {
      const both = previous !== undefined && previous !== token;
      tokens.set(`cloudflare:${account}`, both ? [token, previous] : [token]);
    }
  };
  for (const name of Object.keys(variables)) {
    const suffix = /^CF_API_TOKEN_([A-Z0-9]+(?:_[A-Z0-9]+)*)$/.exec(name)?.[1];
    const account = suffix?.replace(/(^|_)PREVIOUS$/, '') ?? '';
    if (account !== '') {
      add(account.toLowerCase().replaceAll('_', '-'), `CF_API_TOKEN_${account}`);
    }
  }
  add(text(variables, 'CF_ACCOUNT_NAME') ?? 'main', 'CF_API_TOKEN');
  return tokens;
}

/** The keys of callers: the current one and the one before it, of each kind. */
export function keysOf(variables: Variables): Keys {
  return {
    admin: texts(variables, ['SLIPWAY_ADMIN_KEY', 'SLIPWAY_ADMIN_KEY_PREVIOUS']),
    internal: texts(variables, ['NNO_INTERNAL_API_KEY', 'NNO_INTERNAL_API_KEY_PREVIOUS']),
    webhook: texts(variables, ['GITHUB_WEBHOOK_SECRET', 'GITHUB_WEBHOOK_SECRET_PREVIOUS']),
  };
}

/** The keys that seal stored secrets. @throws SettingError for what is not 32 bytes */
export function sealingKeysOf(variables: Variables): SealingKeys {
  const keyOf = (name: string): Uint8Array<ArrayBuffer> | undefined => {
    const given = text(variables, name);
    const key = given === undefined ? undefined : sealingKeyOf(given.trim());
    if (given !== undefined && key === undefined) {
      throw new SettingError(`${name} must be 32 bytes as base64 or hex`);
    }
    return key;
  };
  const [current, previous] = [keyOf('SEALING_KEY'), keyOf('SEALING_KEY_PREVIOUS')];
  return { ...(current && { current }), ...(previous && { previous }) };
}

/** Which store holds documents. @throws SettingError unless CONFIG_STORE is `d1` or `r2`. */
export function configStoreOf(variables: Variables): 'd1' | 'r2' {
  const store = text(variables, 'CONFIG_STORE');
  if (store !== 'd1' && store !== 'r2') {
    throw new SettingError('CONFIG_STORE must be "d1" or "r2"');
  }
  return store;
}

/** An http(s) address without a trailing slash. @throws SettingError */
export function address(variables: Variables, name: string, otherwise: string): string {
  const value = (text(variables, name) ?? otherwise).replace(/\/+$/, '');
  if (!/^https?:\/\/[^/?#]/.test(value)) {
    throw new SettingError(`${name} must begin with https:// or http:// and name a host`);
  }
  return value;
}

/** A variable's text; undefined where it is unset or empty. */
export function text(variables: Variables, name: string): string | undefined {
  const value = variables[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The texts of those that are set, in order. */
export function texts(variables: Variables, names: readonly string[]): string[] {
  return names.map((name) => text(variables, name)).filter((value) => value !== undefined);
}
