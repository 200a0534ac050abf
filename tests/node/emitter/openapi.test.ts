import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { PlatformCreate } from '../../../bindings/generated/api.ts';
import { operations } from '../../../bindings/generated/operations.ts';
import { createApp } from '../../../worker-shim/app.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Members = { readonly [key: string]: Json };

const url = new URL('../../../bindings/generated/openapi.json', import.meta.url);
const document = JSON.parse(readFileSync(url, 'utf8')) as Members;

function members(value: Json | undefined): Members {
  assert.ok(typeof value === 'object' && value !== null && !Array.isArray(value));
  return value as Members;
}

function items(value: Json | undefined): readonly Json[] {
  assert.ok(Array.isArray(value));
  return value;
}

/** Calls `visit` for every object of the document. */
function walk(value: Json, visit: (object: Members) => void): void {
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) walk(item, visit);
  } else if (typeof value === 'object' && value !== null) {
    visit(value as Members);
    for (const item of Object.values(value as Members)) walk(item, visit);
  }
}

/** What a local reference points at. */
function resolve(reference: string): Json | undefined {
  assert.ok(reference.startsWith('#/'), reference);
  let at: Json | undefined = document;
  for (const name of reference.slice(2).split('/')) {
    at = members(at)[name.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return at;
}

interface Listed {
  readonly method: string;
  readonly path: string;
  readonly item: Members;
}

const listed: readonly Listed[] = Object.entries(members(document.paths)).flatMap(([path, item]) =>
  Object.entries(members(item)).map(([method, operation]) => ({
    method: method.toUpperCase(),
    path,
    item: members(operation),
  })),
);

const schemas = members(members(document.components).schemas);

/** Validators of all named schemas. Strict: an unknown keyword or an odd schema throws. */
function validators(): Map<string, ValidateFunction> {
  const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
  ajv.addKeyword('components');
  ajv.addSchema({ $id: 'slipway', components: document.components });
  return new Map(
    Object.keys(schemas).map((name) => [
      name,
      ajv.compile({ $ref: `slipway#/components/schemas/${name}` }),
    ]),
  );
}

// What the shim serves by itself, without asking the core.
const served = ['/openapi.json', '/schemas/config.json', '/me/session'];

test('the document holds the operations of the list, what the shim serves, and no other', () => {
  const mine = listed
    .filter(({ path }) => !served.includes(path))
    .map(({ method, path, item }) => ({
      name: item.operationId,
      method,
      path,
      scope: item['x-scope'],
      body: item.requestBody !== undefined,
    }));
  const theirs = operations.map(({ name, method, path, scope, body_bytes_max }) => ({
    name,
    method,
    path,
    scope,
    body: body_bytes_max > 0,
  }));
  const by_name = (a: { name?: unknown }, b: { name?: unknown }): number =>
    String(a.name).localeCompare(String(b.name));
  assert.deepEqual(mine.toSorted(by_name), theirs.toSorted(by_name));
  // `/me/session` has three methods.
  assert.equal(listed.length, operations.length + served.length + 2);
});

test('what is documented is routed, and what is routed is documented', async () => {
  const routed = createApp().routes.filter(({ path, method }) => path !== '/*' && method !== 'ALL');
  const named = (method: string, path: string): string => `${method} ${path}`;
  assert.deepEqual(
    new Set(routed.map(({ method, path }) => named(method, path))),
    new Set(listed.map(({ method, path }) => named(method, path.replaceAll(/\{(\w+)\}/g, ':$1')))),
  );
});

test('the top level is an OpenAPI 3.1 document', () => {
  assert.equal(document.openapi, '3.1.0');
  const info = members(document.info);
  assert.ok(typeof info.title === 'string' && typeof info.version === 'string');
  const known = ['openapi', 'info', 'servers', 'paths', 'components'];
  assert.deepEqual(Object.keys(document), known);
});

test('every reference resolves, and every named schema is used', () => {
  const used = new Set<string>();
  walk(document, (object) => {
    const reference = object.$ref;
    if (typeof reference !== 'string') return;
    used.add(reference);
    assert.notEqual(resolve(reference), undefined, reference);
  });
  const unused = Object.keys(schemas).filter(
    (name) => !used.has(`#/components/schemas/${name}`) && name !== 'Scope',
  );
  assert.deepEqual(unused, []);
});

test('parameters: those of the path are declared and required, names are unique', () => {
  for (const { path, item } of listed) {
    const parameters = items(item.parameters ?? []).map(members);
    const in_path = parameters.filter((parameter) => parameter.in === 'path');
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    assert.deepEqual(
      in_path.map((parameter) => parameter.name),
      names,
    );
    assert.ok(in_path.every((parameter) => parameter.required === true));
    assert.ok(parameters.every((parameter) => parameter.schema !== undefined));
    const keys = parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
    assert.equal(new Set(keys).size, keys.length, path);
  }
});

test('responses: success, problem documents for refusals, security by scope', () => {
  for (const { path, item } of listed) {
    const responses = members(item.responses);
    const codes = Object.keys(responses);
    // Two only where it may turn out that nothing is to be done, or that a stream has ended.
    const successes = codes.filter((code) => code.startsWith('2')).join();
    const usual = ['200', '200,202', '200,204', '201', '202', '204'];
    assert.ok(usual.includes(successes), `${path}: ${successes}`);
    // What answers 503 by itself says there what is missing.
    const own = item.operationId === 'readyz' ? ['503'] : [];
    for (const code of codes.filter((each) => !/^[23]/.test(each) && !own.includes(each))) {
      const response = members(resolve(String(members(responses[code]).$ref)));
      assert.deepEqual(Object.keys(members(response.content)), ['application/problem+json']);
    }
    if (served.includes(path)) continue;
    assert.ok(codes.includes('400') && codes.includes('default'), path);
    const open = item['x-scope'] === 'open';
    // A webhook is signed: no bearer opens it.
    const by_bearer = !open && item['x-scope'] !== 'webhook';
    assert.deepEqual(item.security, by_bearer ? [{ bearer: [] }] : []);
    assert.equal(codes.includes('401'), !open);
    for (const response of Object.values(responses)) {
      const text = members(response);
      const { headers } = text.$ref === undefined ? text : members(resolve(String(text.$ref)));
      assert.ok(Object.keys(members(headers)).includes('X-Request-Id'), path);
      assert.ok(typeof text.description === 'string' || typeof text.$ref === 'string');
    }
  }
});

test('every schema compiles in strict mode and every example is valid', () => {
  let examples = 0;
  for (const [name, validate] of validators()) {
    for (const example of items(members(schemas[name]).examples ?? [])) {
      examples += 1;
      assert.ok(validate(example), `${name}: ${JSON.stringify(validate.errors)}`);
    }
  }
  assert.ok(examples >= 4);
});

test('schemas of requests refuse what the reader refuses', () => {
  const accepts = (name: string, value: Json): boolean =>
    validators().get(name)?.(value) ?? assert.fail(name);
  const good: PlatformCreate = { platformId: 'acme', environments: ['dev'] };
  assert.ok(accepts('PlatformCreate', good as unknown as Json));
  for (const bad of [
    { ...good, more: 1 },
    { environments: ['dev'] },
    { ...good, platformId: 'ab' },
    { ...good, platformId: 'a'.repeat(47) },
    { ...good, platformId: 'acme--x' },
    { ...good, environments: ['test'] },
    { ...good, name: null },
  ]) {
    assert.ok(!accepts('PlatformCreate', bad as unknown as Json), JSON.stringify(bad));
  }
});
