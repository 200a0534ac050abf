// docs/threat-model.md names tests: each exists and tests something, every attacker has a line, and
// every test of security stands in it. And how `npm run audit` reads what it is told.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { explained, readReport } from '../../../scripts/lib/advisories.mjs';

const root = join(import.meta.dirname, '../../..');
const text = readFileSync(join(root, 'docs/threat-model.md'), 'utf8');

interface Line {
  readonly attacker: string;
  readonly defence: string;
  readonly tests: readonly string[];
}

const lines = text
  .split('\n## ')[0]
  ?.split('\n')
  .filter((line) => line.startsWith('|') && !/^\|(-| attacker)/.test(line))
  .map((line): Line => {
    const [, attacker = '', , defence = '', named = ''] = line.split('|');
    const tests = [...named.matchAll(/`([^`]+)`/g)].map(([, path]) => path ?? '');
    return { attacker: attacker.trim(), defence: defence.trim(), tests };
  });

test('every line has a defence and a test that exists', () => {
  assert.ok(lines !== undefined && lines.length >= 20);
  for (const { attacker, defence, tests } of lines) {
    assert.ok(defence.length > 10 && tests.length > 0, attacker);
    for (const path of tests) {
      assert.match(path, /^tests\/.*\.test\.ts$/);
      assert.ok(existsSync(join(root, path)), `${path} does not exist`);
      const code = readFileSync(join(root, path), 'utf8');
      assert.match(code, /\b(test|it|testOperations)(\.each)?\(/, `${path} tests nothing`);
    }
  }
});

test('every attacker has a line', () => {
  const wanted = ['stranger', 'another site', 'member of another org', 'tenant admin'];
  const more = ['foreign code', 'upstream gone bad', 'who reads the database', "operator's typo"];
  for (const each of [...wanted, ...more]) {
    assert.ok(
      lines?.some(({ attacker }) => attacker.startsWith(each)),
      each,
    );
  }
});

test('every test of security stands in a line', () => {
  const folder = 'tests/node/security';
  const all = readdirSync(join(root, folder)).filter((name) => name.endsWith('.test.ts'));
  const named = new Set(lines?.flatMap(({ tests }) => tests));
  assert.ok(all.length >= 8);
  assert.deepEqual(
    all.filter((name) => !named.has(`${folder}/${name}`)),
    [],
  );
});

test('what ships is pinned exactly, and the lock holds a digest of everything', () => {
  const read = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'));
  const { dependencies, devDependencies } = read('package.json');
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    assert.match(String(version), /^\d+\.\d+\.\d+(-[\w.]+)?$/, name);
  }
  assert.ok(Object.keys(dependencies).length <= 3, 'few');
  interface Locked {
    readonly link?: boolean;
    readonly integrity?: string;
    readonly resolved?: string;
    readonly inBundle?: boolean;
  }
  const packages = Object.entries(read('package-lock.json').packages as Record<string, Locked>);
  const installed = packages.filter(([path, { link, inBundle }]) => {
    return path.includes('node_modules/') && link !== true && inBundle !== true;
  });
  assert.ok(installed.length > 100);
  for (const [path, { integrity = '', resolved = '' }] of installed) {
    assert.match(integrity, /^sha512-/, path);
    assert.match(resolved, /^(https:\/\/registry\.npmjs\.org\/.*)?$/, path);
  }
});

test('a report of npm is read, and one that is none is told from a clean one', () => {
  const url = 'https://github.com/advisories/GHSA-aaaa-bbbb-cccc';
  const via = [{ title: 'Bad', url, severity: 'high' }];
  const vulnerabilities = { one: { name: 'one', via }, two: { name: 'two', via: ['one'] } };
  assert.deepEqual(readReport(JSON.stringify({ vulnerabilities })), [
    { id: 'GHSA-aaaa-bbbb-cccc', name: 'one', severity: 'high', title: 'Bad' },
  ]);
  assert.deepEqual(readReport('{"vulnerabilities":{}}'), []);
  const failed = '{"message":"405 Method Not Allowed","error":{"summary":"x"}}';
  assert.equal(readReport(failed), '405 Method Not Allowed');
  for (const none of ['', 'npm error', 'null', '{}', '{"vulnerabilities":null}']) {
    assert.equal(typeof readReport(none), 'string', none);
  }
  const row = '| `GHSA-aaaa-bbbb-cccc` | one | never called |';
  assert.deepEqual([...explained(`a\n${row}\n`)], ['GHSA-aaaa-bbbb-cccc']);
  assert.deepEqual([...explained('GHSA-dddd-eeee-ffff in prose')], []);
});
