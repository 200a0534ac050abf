// What `npm test` runs when, and which C++ sources are compiled together.
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { readSource, units, unitText } from '../../scripts/lib/merge_sources.mjs';
import { runAll } from '../../scripts/lib/schedule.mjs';
import type { Suite } from '../../scripts/lib/suites.mjs';

const count = () => ({ passed: 1, failed: 0 });

function suite(name: string, more: Partial<Suite> = {}): Suite {
  const wants = { core: false };
  const kinds = { narrow: false, patient: false, aside: false };
  return { name, count, commands: [], ...kinds, wants, ...more };
}

// Plays the plan: what began and ended, in order. A build lasts until what stands beside it in
// `until` has been told.
async function play(
  suites: Suite[],
  builds: string[],
  { until = {}, broken }: { until?: Record<string, string>; broken?: string } = {},
) {
  const told: string[] = [];
  const steps = builds.map((ready) => ({
    ready: ready as 'core' | 'native',
    make: async () => {
      told.push(`+${ready}`);
      while (until[ready] !== undefined && !told.includes(until[ready])) await pause(1);
      if (ready === broken) throw new Error(ready);
      told.push(`-${ready}`);
    },
  }));
  const left = await runAll(steps, suites, async ({ name }) => {
    told.push(`+${name}`);
    await pause(1);
    told.push(`-${name}`);
  }).catch(() => undefined);
  return { told, left };
}

test('a suite runs as soon as what it wants is built, beside the other builds', async () => {
  const suites = [
    suite('last', { wants: { core: false, native: true } }),
    suite('first'),
    suite('middle', { wants: { core: true } }),
    suite('aside', { aside: true }),
  ];
  const { told, left } = await play(suites, ['core', 'native'], {
    until: { core: '-first', native: '-middle' },
  });
  assert.deepEqual(left, []);
  const at = (what: string) => told.indexOf(what);
  assert.ok(at('-first') < at('-core') && at('-core') < at('+middle'), told.join());
  assert.ok(at('-middle') < at('-native') && at('-native') < at('+last'), told.join());
  assert.ok(at('-native') < at('+aside'), told.join());
});

test('wide suites run one at a time, narrow ones beside each other', async () => {
  const wide = await play([suite('a'), suite('b')], []);
  assert.deepEqual(wide.told, ['+a', '-a', '+b', '-b']);
  const narrow = await play([suite('a', { narrow: true }), suite('b', { narrow: true })], []);
  const both = availableParallelism() > 1 ? ['+a', '+b'] : ['+a', '-a'];
  assert.deepEqual(narrow.told.slice(0, 2), both);
});

test('one patient suite runs beside the others', async () => {
  const suites = [suite('a'), suite('b', { patient: true }), suite('c', { patient: true })];
  const { told } = await play(suites, []);
  assert.deepEqual(told.slice(0, 2), ['+a', '+b']);
  assert.ok(told.indexOf('-b') < told.indexOf('+c'), told.join());
});

test('a build that fails ends the run, after the suites that could run', async () => {
  const suites = [suite('a'), suite('b', { wants: { core: false, native: true } })];
  const { told, left } = await play(suites, ['native'], {
    until: { native: '-a' },
    broken: 'native',
  });
  assert.equal(left, undefined);
  assert.deepEqual([told.includes('-a'), told.includes('+b')], [true, false]);
});

const source = (path: string, text: string) => readSource(path, text);

test('sources share a unit only when neither knows what the other keeps to itself', () => {
  const one = source('one.cpp', 'namespace {\nint helper(int a) { return a; }\n}\n');
  const two = source('two.cpp', '// helper\nint two() { return x.helper + 1; }\n');
  const three = source('three.cpp', 'int three() { return helper(3); }\n');
  assert.deepEqual([...one.own], ['helper']);
  const merged = units([one, two, three], 9).map((unit) => unit.map(({ path }) => path));
  assert.deepEqual(merged, [['one.cpp', 'two.cpp'], ['three.cpp']]);
  assert.equal(units([one, two], 1).length, 2);
});

test('names in anonymous namespaces: types, constants, functions, templates', () => {
  const { own } = source(
    'all.cpp',
    `namespace slipway {
namespace {
struct Row { int member = 1; };
enum class Is : uint8_t { yes };
constexpr std::array<int, 2> table = {first(1), 2};
template <class T> [[nodiscard]] T of(const Row& row) { int local = 0; return local; }
using Names = std::vector<int>;
}  // namespace
int outside() { return 1; }
}
`,
  );
  assert.deepEqual([...own].sort(), ['Is', 'Names', 'Row', 'of', 'table']);
});

test('a unit begins with the headers of all its sources', () => {
  const texts = ['#include <string>\n#include "b.hpp"\n', '#include "c.hpp"\n#include <string>\n'];
  const unit = texts.map((text, index) => source(`/src/${index}.cpp`, text));
  const lines = unitText(unit).split('\n');
  assert.deepEqual(lines.slice(0, 3), [
    '#include <string>',
    '#include "b.hpp"',
    '#include "c.hpp"',
  ]);
  assert.match(lines[3] ?? '', /^#include "\/src\/0\.cpp"/);
});
