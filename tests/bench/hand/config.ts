// `config.validate` in plain JavaScript, as fast as we can write it. What makes it fast: JSON.parse
// and JSON.stringify do all that is proportional to the document's size; between them one walk
// without allocations takes what is right and in canonical order (config_quick.ts), which is then
// written from the parsed object itself; only what it does not take comes here, where pointers are
// built and members put in order. Functions see objects of one kind each.
//
// It accepts what the core accepts, except for what JSON.parse cannot see: a member that stands
// twice (the last one wins), how a number was written (1.0, 1e2, -0, more digits than fit 64 bits),
// the place of a name that looks like an array index (moved to the front), and an escape of half a
// surrogate pair. The core refuses the first, the last and numbers that do not fit, and keeps the
// others as they were written.

import { checkAuthShape } from './config_auth.ts';
import { orderedConfig } from './config_order.ts';
import { quickJson } from './config_quick.ts';
import { type ConfigDocuments, ruleIssues } from './config_rules.ts';
import { type Issue, isObject, missing, pointerTo, report, reportType, unknown } from './issues.ts';
import { asCoreWrites, faultsText, malformed } from './text.ts';

function checkScalars(value: unknown, at: string, issues: Issue[]): void {
  if (!isObject(value, at, issues)) return;
  for (const name in value) {
    const one = value[name];
    const type = typeof one;
    if (type === 'string' || type === 'boolean') continue;
    if (type !== 'number') {
      reportType(issues, pointerTo(at, name), 'a string, a number, true or false');
    } else if (!Number.isFinite(one)) {
      const detail = 'must be a number that fits 64 bits';
      report(issues, pointerTo(at, name), 'field.value', detail);
    }
  }
}

function checkTexts(value: unknown, at: string, issues: Issue[]): void {
  if (!Array.isArray(value)) {
    reportType(issues, at, 'an array');
    return;
  }
  for (let i = 0; i < value.length; i += 1) {
    if (typeof value[i] !== 'string') reportType(issues, `${at}/${i}`, 'a string');
  }
}

function checkSwitch(value: unknown, at: string, issues: Issue[]): void {
  if (!isObject(value, at, issues)) return;
  for (const name in value) {
    const one = value[name];
    if (name === 'options') checkScalars(one, `${at}/options`, issues);
    else if (name === 'requires') checkTexts(one, `${at}/requires`, issues);
    else if (name !== 'enabled') unknown(at, name, issues);
    else if (typeof one !== 'boolean') reportType(issues, `${at}/enabled`, 'true or false');
  }
  if (value.enabled === undefined) missing(at, 'enabled', issues);
}

function checkSwitches(value: unknown, at: string, issues: Issue[]): void {
  if (!isObject(value, at, issues)) return;
  for (const id in value) checkSwitch(value[id], pointerTo(at, id), issues);
}

function checkFeatures(value: unknown, at: string, issues: Issue[]): void {
  if (!isObject(value, at, issues)) return;
  for (const name in value) {
    if (name === 'features' || name === 'stacks') {
      checkSwitches(value[name], `${at}/${name}`, issues);
    } else {
      unknown(at, name, issues);
    }
  }
  if (value.features === undefined) missing(at, 'features', issues);
}

function checkEnv(value: unknown, at: string, issues: Issue[]): void {
  if (!isObject(value, at, issues)) return;
  for (const name in value) {
    if (name === 'default' || name === 'dev' || name === 'stg' || name === 'prod') {
      checkScalars(value[name], `${at}/${name}`, issues);
    } else {
      unknown(at, name, issues);
    }
  }
  if (value.default === undefined) missing(at, 'default', issues);
}

/** Whether the value has a configuration's shape; reports every fault of it. */
export function hasConfigShape(
  value: unknown,
  at: string,
  issues: Issue[],
): value is ConfigDocuments {
  const before = issues.length;
  if (!isObject(value, at, issues)) return false;
  for (const name in value) {
    if (name === 'features') checkFeatures(value.features, `${at}/features`, issues);
    else if (name === 'env') checkEnv(value.env, `${at}/env`, issues);
    else if (name === 'auth') checkAuthShape(value.auth, `${at}/auth`, issues);
    else unknown(at, name, issues);
  }
  if (value.features === undefined) missing(at, 'features', issues);
  if (value.env === undefined) missing(at, 'env', issues);
  if (value.auth === undefined) missing(at, 'auth', issues);
  return issues.length === before;
}

/** The answer for documents of the right shape: their canonical JSON, or the faults of values. */
export function answerFor(documents: ConfigDocuments): string {
  const faults = ruleIssues(documents);
  if (faults.length > 0) return faultsText(faults);
  return asCoreWrites(JSON.stringify(orderedConfig(documents)));
}

/** The answer for a parsed document; undefined stands for bytes that are not JSON. */
export function validateParsed(value: unknown): string {
  const quick = quickJson(value);
  if (quick !== undefined) return asCoreWrites(quick);
  if (value === undefined) return faultsText(malformed);
  const issues: Issue[] = [];
  return hasConfigShape(value, '', issues) ? answerFor(value) : faultsText(issues);
}
