// The rules of a configuration's values (src/domain/config.cpp), by hand. All contenders in
// JavaScript use them: a schema says nothing of bytes, of names that look secret, or of what must
// stand together. What makes them fast: one loop over a name's characters, which also collects its
// letters as bits, so that only a name with all letters of a word is searched for it; a pointer is
// built only for a fault.
import { type Issue, pointerTo, report, suggest } from './issues.ts';

/** A leaf of a configuration. */
export type Scalar = string | number | boolean;

/** Values by name. */
export type Scalars = Readonly<Record<string, Scalar>>;

/** A feature or stack. */
export interface FeatureSwitch {
  readonly enabled: boolean;
  readonly options?: Scalars | undefined;
  readonly requires?: readonly string[] | undefined;
}

/** How users sign in. */
export interface AuthSettings {
  readonly provider?: 'none' | 'oidc' | undefined;
  readonly issuer?: string | undefined;
  readonly clientId?: string | undefined;
  readonly scopes?: readonly string[] | undefined;
}

/** A configuration of the right shape. */
export interface ConfigDocuments {
  readonly features: {
    readonly features: Readonly<Record<string, FeatureSwitch>>;
    readonly stacks?: Readonly<Record<string, FeatureSwitch>> | undefined;
  };
  readonly env: {
    readonly default: Scalars;
    readonly dev?: Scalars | undefined;
    readonly stg?: Scalars | undefined;
    readonly prod?: Scalars | undefined;
  };
  readonly auth: {
    readonly default: AuthSettings;
    readonly dev?: AuthSettings | undefined;
    readonly stg?: AuthSettings | undefined;
    readonly prod?: AuthSettings | undefined;
  };
}

/** Most names of one map. */
export const names_max = 200;
/** Most characters of a name. */
export const name_chars_max = 64;
const value_bytes_max = 4096;

const secret_words: readonly string[] = [
  ...['secret', 'password', 'passwd', 'privatekey', 'apikey'],
  ...['token', 'credential', 'signingkey', 'accesskey', 'cookiekey'],
];

const bitOf = (lower: number): number => 1 << (lower - 97);
const secret_letters: readonly number[] = secret_words.map((word) =>
  [...word].reduce((bits, letter) => bits | bitOf(letter.charCodeAt(0)), 0),
);

/** The letters of a variable's name as bits; -1 for a name that no variable may have. */
function lettersOf(name: string): number {
  const length = name.length;
  if (length === 0 || length > name_chars_max) return -1;
  let letters = 0;
  for (let i = 0; i < length; i += 1) {
    const code = name.charCodeAt(i);
    const lower = code | 32;
    if (lower >= 97 && lower <= 122 && code < 123) {
      letters |= 1 << (lower - 97);
    } else if (i === 0 || !((code >= 48 && code <= 57) || code === 95)) {
      return -1;
    }
  }
  return letters;
}

function looksSecret(name: string, letters: number): boolean {
  for (let i = 0; i < secret_letters.length; i += 1) {
    const needed = secret_letters[i] ?? 0;
    if ((letters & needed) === needed) {
      const folded = name.replaceAll('_', '').toLowerCase();
      if (folded.includes(secret_words[i] ?? '')) return true;
    }
  }
  return false;
}

/** Whether the text is words of lower-case letters and digits, joined by single dashes. */
export function isKebab(text: string): boolean {
  let after_word = false;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if ((code >= 97 && code <= 122) || (code >= 48 && code <= 57)) {
      after_word = true;
    } else if (code === 45 && after_word) {
      after_word = false;
    } else {
      return false;
    }
  }
  return after_word;
}

/** The number of UTF-8 bytes of the text. */
function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) bytes += code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 1 : 2;
  }
  return bytes;
}

function isLonger(text: string, bytes_max: number): boolean {
  return text.length * 3 > bytes_max && utf8Bytes(text) > bytes_max;
}

function checkCount(count: number, at: string, issues: Issue[]): void {
  if (count > names_max) report(issues, at, 'config.too_many', 'has more than 200 names');
}

function checkVariable(name: string, value: Scalar, at: string, issues: Issue[]): void {
  const letters = lettersOf(name);
  if (letters < 0) {
    const detail = 'the name must be a letter, then up to 63 letters, digits and underscores';
    report(issues, pointerTo(at, name), 'config.name', detail);
  } else if (looksSecret(name, letters)) {
    const detail =
      'looks like a secret; these values are public in the built site: keep secrets in the ' +
      'service that needs them';
    report(issues, pointerTo(at, name), 'config.secret', detail);
  }
  if (typeof value === 'string' && isLonger(value, value_bytes_max)) {
    report(issues, pointerTo(at, name), 'config.too_long', 'must be at most 4096 bytes');
  }
  if (typeof value === 'number' && isRounded(value)) {
    const detail = 'an integer beyond 2^53 - 1 is rounded by JavaScript; write it as a string';
    report(issues, pointerTo(at, name), 'config.number', detail);
  }
}

/** Whether the number was probably written as an integer that a double cannot hold. */
function isRounded(value: number): boolean {
  return Math.abs(value) > Number.MAX_SAFE_INTEGER && Math.abs(value) < 1e21;
}

/** Whether a value and its name are surely within the rules; `ruleIssues` tells for the others. */
export function isSurelyRight(name: string, value: unknown): boolean {
  const letters = lettersOf(name);
  if (letters < 0 || looksSecret(name, letters)) return false;
  if (typeof value === 'number') return !isRounded(value);
  return typeof value !== 'string' || value.length * 3 <= value_bytes_max;
}

function checkVariables(variables: Scalars, at: string, issues: Issue[]): void {
  const names = Object.keys(variables);
  checkCount(names.length, at, issues);
  for (let i = 0; i < names.length; i += 1) {
    const name = names[i] as string;
    checkVariable(name, variables[name] as Scalar, at, issues);
  }
}

type Switches = Readonly<Record<string, FeatureSwitch>>;

function checkSwitches(switches: Switches, at: string, issues: Issue[]): void {
  const ids = Object.keys(switches);
  checkCount(ids.length, at, issues);
  for (let i = 0; i < ids.length; i += 1) {
    const id = ids[i] as string;
    if (id.length > name_chars_max || !isKebab(id)) {
      const detail =
        'the id must be up to 64 lower-case letters and digits in words joined by dashes';
      report(issues, pointerTo(at, id), 'config.name', detail);
    }
    const { options } = switches[id] as FeatureSwitch;
    if (options !== undefined) checkVariables(options, `${at}/${id}/options`, issues);
  }
}

function checkRequirements(
  { features, stacks = {} }: ConfigDocuments['features'],
  switches: Switches,
  at: string,
  issues: Issue[],
): void {
  for (const id in switches) {
    const one = switches[id];
    if (one?.requires === undefined) continue;
    const here = `${pointerTo(at, id)}/requires`;
    checkCount(one.requires.length, here, issues);
    if (one.requires.length > names_max) continue;
    for (const [index, name] of one.requires.entries()) {
      const other = name.startsWith('stack:')
        ? own(stacks, name.slice('stack:'.length))
        : own(features, name);
      if (other === undefined) {
        const suggestion = suggestSwitch(features, stacks, name, issues);
        const detail = `\`${name}\` does not exist`;
        report(issues, `${here}/${index}`, 'config.requires', detail, suggestion);
      } else if (one.enabled && !other.enabled) {
        const detail = `\`${id}\` needs \`${name}\`, which is off`;
        report(issues, `${here}/${index}`, 'config.requires', detail);
      }
    }
  }
}

function suggestSwitch(
  features: Switches,
  stacks: Switches,
  name: string,
  issues: readonly Issue[],
): string | undefined {
  const feature_ids = Object.keys(features);
  const stack_ids = Object.keys(stacks);
  if (feature_ids.length > names_max || stack_ids.length > names_max) return undefined;
  return suggest(issues, name, [...feature_ids, ...stack_ids.map((id) => `stack:${id}`)]);
}

function own(switches: Switches, id: string): FeatureSwitch | undefined {
  return Object.hasOwn(switches, id) ? switches[id] : undefined;
}

function isPlainUrl(text: string): boolean {
  if (text.length < 12 || text.length > 512 || !text.startsWith('https://')) return false;
  for (let i = 8; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code <= 32 || code >= 127 || code === 64) return false;
  }
  return true;
}

function checkAuth(settings: AuthSettings, at: string, issues: Issue[]): void {
  const { issuer, clientId, scopes } = settings;
  if (issuer !== undefined && !isPlainUrl(issuer)) {
    const detail = 'must be an https URL of at most 512 characters';
    report(issues, `${at}/issuer`, 'config.url', detail);
  }
  if (clientId !== undefined && (clientId.length === 0 || isLonger(clientId, 256))) {
    report(issues, `${at}/clientId`, 'config.too_long', 'must be 1 to 256 bytes');
  }
  if (scopes !== undefined && scopes.length > 32) {
    report(issues, `${at}/scopes`, 'config.too_many', 'has more than 32 scopes');
  }
}

const environments = ['dev', 'stg', 'prod'] as const;

/** Every fault of the values, in the core's order; empty for a valid configuration. */
export function ruleIssues(documents: ConfigDocuments, at = ''): Issue[] {
  const issues: Issue[] = [];
  const { features, env, auth } = documents;
  checkSwitches(features.features, `${at}/features/features`, issues);
  if (features.stacks !== undefined) {
    checkSwitches(features.stacks, `${at}/features/stacks`, issues);
  }
  checkRequirements(features, features.features, `${at}/features/features`, issues);
  checkRequirements(features, features.stacks ?? {}, `${at}/features/stacks`, issues);
  checkVariables(env.default, `${at}/env/default`, issues);
  checkAuth(auth.default, `${at}/auth/default`, issues);
  for (const name of environments) {
    const variables = env[name];
    const settings = auth[name];
    if (variables !== undefined) checkVariables(variables, `${at}/env/${name}`, issues);
    if (settings !== undefined) checkAuth(settings, `${at}/auth/${name}`, issues);
    const provider = settings?.provider ?? auth.default.provider;
    const issuer = settings?.issuer ?? auth.default.issuer;
    const clientId = settings?.clientId ?? auth.default.clientId;
    if (provider === 'oidc' && (issuer === undefined || clientId === undefined)) {
      const detail = `oidc needs \`issuer\` and \`clientId\` in ${name}`;
      report(issues, `${at}/auth`, 'config.auth_incomplete', detail);
    }
  }
  return issues;
}
