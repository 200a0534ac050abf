// The quick half of `config.validate` in JavaScript: one walk that only tells whether a
// configuration is surely right and stands in canonical order. It builds no pointer and no list;
// whatever it does not take, the walk in config.ts looks at again. `for in` over a freshly parsed
// object was faster than Object.keys and Object.entries.

import { checkAuthShape } from './config_auth.ts';
import { orderedConfig } from './config_order.ts';
import {
  type ConfigDocuments,
  isKebab,
  isSurelyRight,
  name_chars_max,
  names_max,
  ruleIssues,
} from './config_rules.ts';
import type { Issue } from './issues.ts';

type Json = Readonly<Record<string, unknown>>;

function isPlain(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function areRightScalars(value: unknown): boolean {
  if (!isPlain(value)) return false;
  let count = 0;
  for (const name in value) {
    const one = value[name];
    const type = typeof one;
    const typed =
      type === 'string' || type === 'boolean' || (type === 'number' && Number.isFinite(one));
    if (!typed || !isSurelyRight(name, one)) return false;
    count += 1;
  }
  return count <= names_max;
}

function isRightSwitch(value: unknown): boolean {
  if (!isPlain(value)) return false;
  let seen = 0;
  for (const name in value) {
    if (seen === 0 && name === 'enabled') {
      if (typeof value.enabled !== 'boolean') return false;
    } else if (seen !== 1 || name !== 'options' || !areRightScalars(value.options)) {
      return false;
    }
    seen += 1;
  }
  return seen > 0;
}

function areRightSwitches(value: unknown): boolean {
  if (!isPlain(value)) return false;
  let count = 0;
  for (const id in value) {
    if (id.length > name_chars_max || !isKebab(id) || !isRightSwitch(value[id])) return false;
    count += 1;
  }
  return count <= names_max;
}

/** Whether every member is one of the names, in their order, the first among them, and right. */
function areRightMembers(
  value: unknown,
  names: readonly string[],
  isRight: (member: unknown) => boolean,
): boolean {
  if (!isPlain(value)) return false;
  let next = 0;
  for (const name in value) {
    const place = names.indexOf(name, next);
    if (place < 0 || (next === 0 && place > 0) || !isRight(value[name])) return false;
    next = place + 1;
  }
  return next > 0;
}

const feature_names: readonly string[] = ['features', 'stacks'];
const env_names: readonly string[] = ['default', 'dev', 'stg', 'prod'];
const none = { features: { features: {} }, env: { default: {} } };

/** The canonical JSON, not yet escaped; undefined where a closer look is needed. */
export function quickJson(value: unknown): string | undefined {
  if (!isPlain(value)) return undefined;
  for (const name in value) {
    if (name !== 'features' && name !== 'env' && name !== 'auth') return undefined;
  }
  const { features, env } = value;
  if (!areRightMembers(features, feature_names, areRightSwitches)) return undefined;
  if (!areRightMembers(env, env_names, areRightScalars)) return undefined;
  const issues: Issue[] = [];
  checkAuthShape(value.auth, '', issues);
  if (issues.length > 0) return undefined;
  const { auth } = orderedConfig({ ...none, auth: value.auth as ConfigDocuments['auth'] });
  return ruleIssues({ ...none, auth }).length > 0
    ? undefined
    : JSON.stringify({ features, env, auth });
}
