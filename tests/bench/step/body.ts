// The body of POST /api/v1/platforms, checked by hand: its shape, then its values.
import { hasConfigShape } from '../hand/config.ts';
import { type ConfigDocuments, isKebab, ruleIssues } from '../hand/config_rules.ts';
import {
  type Issue,
  isObject,
  missing,
  notOneOf,
  report,
  reportType,
  unknown,
} from '../hand/issues.ts';

/** The environments. */
export type Environment = 'dev' | 'stg' | 'prod';

/** All of them, in the order of the core's. */
export const environment_names: readonly Environment[] = ['dev', 'stg', 'prod'];

/** A body of the right shape. */
export interface PlatformCreate {
  readonly platformId: string;
  readonly name?: string | undefined;
  readonly environments: readonly Environment[];
  readonly config?: ConfigDocuments | undefined;
}

/** Why a request is refused. */
export interface Refusal {
  readonly code: 'json.malformed' | 'body.invalid' | 'config.invalid' | 'platform.exists';
  readonly detail: string;
  readonly issues: readonly Issue[];
}

/** The fields of the body. */
export const body_fields: readonly string[] = ['platformId', 'name', 'environments', 'config'];

const id_rule = 'must be 3 to 46 lower-case letters and digits in words joined by single dashes';

function checkEnvironments(value: unknown, issues: Issue[]): void {
  if (!Array.isArray(value)) {
    reportType(issues, '/environments', 'an array');
    return;
  }
  for (const [index, one] of value.entries()) {
    if (typeof one !== 'string') {
      reportType(issues, `/environments/${index}`, 'a string');
    } else if (!environment_names.includes(one as Environment)) {
      notOneOf(`/environments/${index}`, one, environment_names, issues);
    }
  }
}

/** Whether the value has the body's shape; reports every fault of it. */
export function hasCreateShape(value: unknown, issues: Issue[]): value is PlatformCreate {
  if (!isObject(value, '', issues)) return false;
  for (const name in value) {
    const one = value[name];
    if (name === 'platformId' || name === 'name') {
      if (typeof one !== 'string') reportType(issues, `/${name}`, 'a string');
      else if (name === 'platformId' && !(one.length > 2 && one.length < 47 && isKebab(one))) {
        report(issues, '/platformId', 'field.value', id_rule);
      }
    } else if (name === 'environments') {
      checkEnvironments(one, issues);
    } else if (name === 'config') {
      hasConfigShape(one, '/config', issues);
    } else {
      unknown('', name, issues, body_fields);
    }
  }
  if (value.platformId === undefined) missing('', 'platformId', issues);
  if (value.environments === undefined) missing('', 'environments', issues);
  return issues.length === 0;
}

/** The faults of a body's values; `config` apart. */
function bodyIssues({ name, environments }: PlatformCreate): Issue[] {
  const issues: Issue[] = [];
  if (name !== undefined && (name === '' || new TextEncoder().encode(name).length > 120)) {
    report(issues, '/name', 'field.value', 'must be 1 to 120 bytes');
  }
  if (environments.length === 0) {
    report(issues, '/environments', 'field.value', 'must name at least one environment');
  }
  for (const [index, one] of environments.entries()) {
    if (environments.indexOf(one) < index) {
      report(issues, `/environments/${index}`, 'field.duplicate', 'stands twice');
    }
  }
  return issues;
}

/** Why the body is refused, if it is. */
export function refusalOf(body: PlatformCreate): Refusal | undefined {
  const issues = bodyIssues(body);
  if (issues.length > 0) return { code: 'body.invalid', detail: '', issues };
  const faults = body.config === undefined ? [] : ruleIssues(body.config, '/config');
  return faults.length > 0 ? { code: 'config.invalid', detail: '', issues: faults } : undefined;
}
