// Holds answers of the simulated GitHub, and values, to GitHub's own OpenAPI description.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import { file } from './openapi_scope.ts';
import { at, type Step, type Tree } from './openapi_tree.ts';

/** The description, as far as it is kept. */
export const api = JSON.parse(readFileSync(file, 'utf8')) as Tree;

const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
for (const format of ['uri', 'date-time', 'int64', 'email']) ajv.addFormat(format, checker(format));
const validators = new Map<string, ValidateFunction>();

/** Throws where the answer's body does not fit the schema of this path, method and status. */
export async function conforms(
  path: string,
  method: 'get' | 'post',
  answer: Response,
): Promise<void> {
  const asked = ['paths', path, method, 'responses', String(answer.status)];
  const shared = /^#\/(components\/responses\/\w+)$/.exec(String(at(api, [...asked, '$ref'])))?.[1];
  const steps = shared?.split('/') ?? asked;
  const schema = [...steps, 'content', 'application/json', 'schema'];
  const faults = schemaFaults(schema, await answer.clone().json());
  assert.deepEqual(faults, [], `${method} ${path}`);
}

/** Throws where `value` does not fit the shared schema of this name. */
export function fits(schema: string, value: unknown): void {
  assert.deepEqual(schemaFaults(['components', 'schemas', schema], value), [], schema);
}

/** What the schema that lies there in the description has against the value. */
export function schemaFaults(steps: readonly Step[], value: unknown): string[] {
  const pointer = `#/${steps.map(escapeStep).join('/')}`;
  let validate = validators.get(pointer);
  if (validate === undefined) {
    if (validators.size === 0) ajv.addSchema(withNull(api) as Tree, 'github');
    validate = ajv.compile({ $ref: `github${pointer}` });
    validators.set(pointer, validate);
  }
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

/** What the description has at the end of a `$ref`, or the value itself. */
export function referred(value: unknown): Tree {
  const reference = (value as Tree | undefined)?.$ref;
  const found = typeof reference === 'string' ? at(api, reference.split('/').slice(1)) : value;
  assert.ok(typeof found === 'object' && found !== null, `no ${JSON.stringify(value)}`);
  return found as Tree;
}

function checker(format: string): (text: unknown) => boolean {
  if (format === 'date-time') return (text) => /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(String(text));
  if (format === 'uri') return (text) => URL.canParse(String(text));
  return () => true;
}

/** OpenAPI 3.0 says `nullable`, JSON Schema says `null` among the types. */
function withNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNull);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, ...rest } = value as Tree;
  const plain = Object.fromEntries(
    Object.entries(rest).map(([key, item]) => [key, withNull(item)]),
  );
  if (nullable !== true) return plain;
  return { anyOf: [plain, { type: 'null' }] };
}

function escapeStep(step: string): string {
  return encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'));
}
