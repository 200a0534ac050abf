// Holds an answer of the simulated GitHub to GitHub's own OpenAPI description.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';

type Tree = { [key: string]: unknown };

const FILE = new URL('openapi.2026-03-10.json', import.meta.url);
const api = JSON.parse(readFileSync(FILE, 'utf8')) as Tree;

const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
for (const format of ['uri', 'date-time', 'int64', 'email']) ajv.addFormat(format, checker(format));
ajv.addSchema(withNull(api) as Tree, 'github');

/** Throws where the answer's body does not fit the schema of this path, method and status. */
export async function conforms(
  path: string,
  method: 'get' | 'post',
  answer: Response,
): Promise<void> {
  const asked = ['paths', path, method, 'responses', String(answer.status)];
  const shared = /^#\/(components\/responses\/\w+)$/.exec(String(at(asked).$ref))?.[1];
  const steps = shared?.split('/') ?? asked;
  const schema = [...steps, 'content', 'application/json', 'schema'];
  const pointer = `#/${schema.map(escapeStep).join('/')}`;
  const body: unknown = await answer.clone().json();
  const validate = ajv.compile({ $ref: `github${pointer}` });
  const valid = validate(body);
  assert.ok(valid, `${method} ${path}: ${ajv.errorsText(validate.errors)}`);
}

/** Throws where `value` does not fit the shared schema of this name. */
export function fits(schema: string, value: unknown): void {
  const validate = ajv.compile({ $ref: `github#/components/schemas/${schema}` });
  assert.ok(validate(value), `${schema}: ${ajv.errorsText(validate.errors)}`);
}

function at(steps: readonly string[]): Tree {
  return steps.reduce<Tree>((tree, step) => (tree[step] ?? {}) as Tree, api);
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
