// The pieces with ajv 8: compiled at start in Node, generated as code at build time for workerd,
// which allows no `new Function`. JSON.parse and the writing are those of the plain implementation.
// A schema checks the shape; the rules that it cannot say are shared, too.
import type { ParsedPieces } from '../contender.ts';
import { answerFor } from '../hand/config.ts';
import type { ConfigDocuments } from '../hand/config_rules.ts';
import { type Issue, pointerTo, report, reportType } from '../hand/issues.ts';
import { faultsText, malformed } from '../hand/text.ts';
import { deploymentsOf, type ProjectWish, requestFor, runsOf } from '../hand/upstream.ts';
import type { SchemaName } from './json_schemas.ts';

/** One of ajv's faults, as far as it is read. */
export interface AjvError {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A function that ajv made of a schema. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly AjvError[] | null | undefined;
}

/** One for each schema. */
export type Validators = Readonly<Record<SchemaName, Validator>>;

const expectations: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'an array',
  string: 'a string',
  boolean: 'true or false',
  'string,number,boolean': 'a string, a number, true or false',
};

/** ajv's faults in the core's words. */
function ajvIssues({ errors }: Validator): Issue[] {
  const issues: Issue[] = [];
  for (const { keyword, instancePath, params } of errors ?? []) {
    if (keyword === 'required') {
      const pointer = pointerTo(instancePath, String(params.missingProperty));
      report(issues, pointer, 'field.missing', 'is required');
    } else if (keyword === 'additionalProperties') {
      const pointer = pointerTo(instancePath, String(params.additionalProperty));
      report(issues, pointer, 'field.unknown', 'is not a known field');
    } else if (keyword === 'type') {
      reportType(issues, instancePath, expectations[String(params.type)] ?? 'of another type');
    } else {
      const allowed = (params.allowedValues as string[]).join(', ');
      report(issues, instancePath, 'field.value', `must be one of: ${allowed}`);
    }
  }
  const wrong = new Set(issues.filter((one) => one.code === 'field.type').map((o) => o.pointer));
  return issues.filter((one) => one.code !== 'field.value' || !wrong.has(one.pointer));
}

/** Every piece with ajv, for a parsed document. */
export function ajvPieces({ config, runs, deployments, wish }: Validators): ParsedPieces {
  return {
    'config.validate': (value) => {
      if (value === undefined) return faultsText(malformed);
      return config(value) ? answerFor(value as ConfigDocuments) : faultsText(ajvIssues(config));
    },
    'github.runs': (value) => (runs(value) ? runsOf(value) : 'null'),
    'pages.deployments': (value) => (deployments(value) ? deploymentsOf(value) : 'null'),
    'pages.create_project': (value) => {
      if (value === undefined) return faultsText(malformed);
      return wish(value) ? requestFor(value as ProjectWish) : faultsText(ajvIssues(wish));
    },
  };
}
