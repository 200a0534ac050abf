// What the golden files must show at least once: every operation with its success and its failure,
// every kind of input, every error code, every upstream request.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { operations, queries, tables } from '../../../bindings/generated/operations.ts';
import type { InputControl, OutputControl, UpstreamRequest } from '../../../bindings/js/control.ts';
import { decodeFrame } from '../../../bindings/js/frame.ts';
import { controlOf, folderOf } from './describe.ts';
import { goldenFrames } from './golden.ts';

/** Error codes that no step produces, and why. */
const never: Readonly<Record<string, string>> = {};

const cases = goldenFrames().map(({ name, input, output }) => {
  const given = controlOf<InputControl>(decodeFrame(input));
  const segments = decodeFrame(output);
  const answered = controlOf<OutputControl>(segments);
  return { name, given, answered, segments, folder: folderOf(given.input) };
});

const statuses = Map.groupBy(cases, ({ folder }) => folder);

function statusesOf(folder: string): number[] {
  const found = statuses.get(folder) ?? [];
  return found.flatMap(({ answered }) => answered.done?.reply?.status ?? []);
}

test('every operation succeeds once and is refused once', () => {
  for (const { name, scope } of operations) {
    const seen = statusesOf(name);
    assert.ok(
      seen.some((status) => status < 300),
      `${name} never succeeds`,
    );
    assert.ok(
      seen.some((status) => status >= 400),
      `${name} is never refused`,
    );
    assert.ok(scope === 'open' || seen.includes(401), `${name} is never asked without a key`);
  }
  assert.deepEqual([...new Set(statusesOf('route_unknown'))], [404]);
  assert.deepEqual([...new Set(statusesOf('method_not_allowed'))], [405]);
});

test('every kind of input asks for facts and decides', () => {
  for (const folder of ['effect_site', 'effect_batch', 'tick', 'fold']) {
    const found = statuses.get(folder) ?? [];
    assert.ok(
      found.some(({ answered }) => answered.need !== undefined),
      `${folder}: no need`,
    );
    assert.ok(
      found.some(({ answered }) => answered.done !== undefined),
      `${folder}: no end`,
    );
  }
});

test('every error code stands in an output', () => {
  const documented = readFileSync(join(import.meta.dirname, '../../../docs/errors.md'), 'utf8');
  const codes = [...documented.matchAll(/^\| `([a-z_.]+)`/gm)].map(([, code]) => String(code));
  assert.ok(codes.length >= 37, `${codes.length} codes are documented`);
  const written = cases
    .flatMap(({ segments }) => segments.slice(1))
    .map((bytes) => Buffer.from(bytes).toString())
    .join('\n');
  const missing = codes.filter((code) => !written.includes(`"code":"${code}"`));
  assert.deepEqual(missing, Object.keys(never), 'codes that no golden file shows');
});

// Lines of imports are read in pages, never one by one; what is sealed the core never reads.
const never_rows = ['import_item', 'sealed'];

test('every table and every query is read', () => {
  const needs = cases.flatMap(({ answered }) => answered.need ?? []);
  const rows = new Set(needs.flatMap((need) => (need.read === 'row' ? need.table : [])));
  const asked = new Set(needs.flatMap((need) => (need.read === 'query' ? need.query : [])));
  assert.deepEqual(
    tables.filter((table) => !rows.has(table)),
    never_rows,
  );
  assert.deepEqual(
    queries.filter((query) => !asked.has(query)),
    [],
  );
  assert.ok(needs.some((need) => need.read === 'document'));
});

// What is said to the upstreams, as `method path` with the parts that differ left out.
function shapeOf({ target, method, path }: UpstreamRequest): string {
  const route = path
    .replace(/\?.*/, '?')
    .replace(/[0-9a-f-]{32,}|acme-dev-portal/g, '*')
    .replace(/\/runs\/\d+/, '/runs/*');
  return `${target} ${method} ${target === 'site' ? route.replace(/[^/]+$/, '*') : route}`;
}

test('every request to an upstream is made', () => {
  const requests = cases.flatMap(({ answered }) => [
    ...(answered.act === undefined ? [] : [answered.act.request]),
    ...(answered.need ?? []).flatMap((need) => (need.read === 'upstream' ? need.request : [])),
  ]);
  const actions = '/repos/neutrino-io/nno-platform-builder/actions';
  const projects = '/accounts/*/pages/projects';
  const shapes = [...new Set(requests.map(shapeOf))];
  const wanted = [
    `github POST ${actions}/workflows/build.yml/dispatches`,
    `github GET ${actions}/workflows/build.yml/runs?`,
    `github GET ${actions}/runs/*`,
    `cloudflare POST ${projects}`,
    `cloudflare GET ${projects}/*`,
    `cloudflare GET ${projects}/*/deployments/*`,
    `cloudflare GET ${projects}/*/deployments?`,
    `cloudflare GET ${projects}/*/domains`,
    `cloudflare DELETE ${projects}/*`,
    `cloudflare DELETE ${projects}/*/domains/www.acme.example`,
    'site GET /.well-known/*',
  ];
  assert.deepEqual(
    wanted.filter((shape) => !shapes.includes(shape)),
    [],
    `made are ${shapes.join(', ')}`,
  );
});

test('every outcome of a fact is told', () => {
  const facts = cases.flatMap(({ given }) => given.facts);
  const outcomes = new Set(
    facts.map((fact) => (fact.outcome === 'lost' ? fact.detail : fact.outcome)),
  );
  const all = [
    'absent',
    'answered',
    'deferred',
    'found',
    'granted',
    'network',
    'timeout',
    'unsealed',
    'unsent',
  ];
  assert.deepEqual([...outcomes].sort(), all);
});
