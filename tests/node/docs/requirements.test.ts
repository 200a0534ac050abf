// docs/requirements.md names routes, files and tests: each of them exists, and every point has its
// rows, and every route of the list has one.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { operations } from '../../../bindings/generated/operations.ts';

const root = join(import.meta.dirname, '../../..');
const text = readFileSync(join(root, 'docs/requirements.md'), 'utf8');

interface Row {
  readonly heading: string;
  readonly routes: readonly string[];
  readonly code: readonly string[];
  readonly proof: readonly string[];
}

const quoted = (cell: string | undefined): string[] =>
  [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '');

/** The rows of the tables whose columns are what, route, code and proof. */
function rowsOf(markdown: string): Row[] {
  let heading = '';
  let wanted = false;
  return markdown.split('\n').flatMap((line): Row[] => {
    if (line.startsWith('## ')) heading = line.slice(3);
    if (!line.startsWith('|')) return [];
    const cells = line.split('|').slice(1, -1);
    const [what, route, code, proof] = cells;
    if (what?.trim() === 'what') wanted = true;
    if (what?.trim() === 'sketched') wanted = false;
    if (!wanted || what?.trim() === 'what' || /^-+$/.test(what ?? '')) return [];
    return [{ heading, routes: quoted(route), code: quoted(code), proof: quoted(proof) }];
  });
}

const rows = rowsOf(text);
const served = ['GET /openapi.json', 'GET /schemas/config.json'];
const routes = [...operations.map(({ method, path }) => `${method} ${path}`), ...served];

test('every point has its table, and every row its code and its proof', () => {
  const points = ['G1:', 'G2:', 'G3:', 'G4:', 'G5:', 'G6:', 'G7:', 'G8:', 'Orgs', 'Migration'];
  for (const point of points) {
    assert.ok(
      rows.some(({ heading }) => heading.startsWith(point)),
      point,
    );
  }
  for (const { heading, code, proof } of rows) {
    assert.ok(code.length > 0 && proof.length > 0, heading);
  }
});

test('every file that is named exists, and what proves is a test', () => {
  const missing = rows.flatMap(({ code, proof }) =>
    [...code, ...proof].filter((path) => !existsSync(join(root, path))),
  );
  assert.deepEqual(missing, []);
  for (const path of rows.flatMap(({ proof }) => proof)) assert.match(path, /^tests\//);
});

test('every route that is named exists, and every route is named', () => {
  const named = rows.flatMap((row) => row.routes);
  assert.deepEqual(
    named.filter((route) => !routes.includes(route)),
    [],
  );
  assert.deepEqual(
    routes.filter((route) => !named.includes(route)),
    [],
  );
});

test('ARCHITECTURE.md and README.md lead to the table', () => {
  for (const path of ['docs/ARCHITECTURE.md', 'README.md']) {
    assert.ok(readFileSync(join(root, path), 'utf8').includes('docs/requirements.md'), path);
  }
});
