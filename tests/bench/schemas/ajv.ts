// The pieces with ajv 8: compiled at start in Node, generated as code at build time for workerd,
// which allows no `new Function`. JSON.parse and the writing are those of the plain implementation.
// A schema checks the shape; the rules that it cannot say are shared, too.
import type { ParsedPieces } from '../contender.ts';
import { answerFor } from '../hand/config.ts';
import type { ConfigDocuments } from '../hand/config_rules.ts';
import { type Issue, notOneOf, pointerTo, report, reportType, unknown } from '../hand/issues.ts';
import { faultsText, malformed } from '../hand/text.ts';
import {
  deploymentsOf,
  type ProjectWish,
  requestFor,
  runsOf,
  wish_fields,
} from '../hand/upstream.ts';
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

function valueAt(root: unknown, pointer: string): unknown {
  const names = pointer.split('/').slice(1);
  return names.reduce<unknown>((value, name) => {
    const plain = name.replaceAll('~1', '/').replaceAll('~0', '~');
    return (value as Readonly<Record<string, unknown>>)[plain];
  }, root);
}

/** ajv's faults in the core's words; `fields` are those of the whole document. */
function ajvIssues({ errors }: Validator, root: unknown, fields?: readonly string[]): Issue[] {
  const issues: Issue[] = [];
  for (const { keyword, instancePath, params } of errors ?? []) {
    if (keyword === 'required') {
      const pointer = pointerTo(instancePath, String(params.missingProperty));
      report(issues, pointer, 'field.missing', 'is required');
    } else if (keyword === 'additionalProperties') {
      unknown(instancePath, String(params.additionalProperty), issues, fields);
    } else if (keyword === 'type') {
      reportType(issues, instancePath, expectations[String(params.type)] ?? 'of another type');
    } else {
      const value = String(valueAt(root, instancePath));
      notOneOf(instancePath, value, params.allowedValues as string[], issues);
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
      return config(value)
        ? answerFor(value as ConfigDocuments)
        : faultsText(ajvIssues(config, value));
    },
    'github.runs': (value) => (runs(value) ? runsOf(value) : 'null'),
    'pages.deployments': (value) => (deployments(value) ? deploymentsOf(value) : 'null'),
    'pages.create_project': (value) => {
      if (value === undefined) return faultsText(malformed);
      return wish(value)
        ? requestFor(value as ProjectWish)
        : faultsText(ajvIssues(wish, value, wish_fields));
    },
  };
}
