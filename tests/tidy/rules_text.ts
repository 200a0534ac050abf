// House rules that hold for every source file: sizes, characters, leftovers.
import { eachLine, type Finding, isCode, type Rule, type SourceFile } from './tree.ts';

const fileLinesMax = 400;
const functionLinesMax = 70;
const columnsMax = 100;

const code = (path: string, text: string): SourceFile => ({ path, text });

const fileSize: Rule = {
  name: `a file has at most ${fileLinesMax} lines`,
  check: (file) => {
    const lines = file.text.replace(/\n$/, '').split('\n').length;
    if (!isCode(file) || lines <= fileLinesMax) return [];
    return [{ path: file.path, line: fileLinesMax + 1, why: `${lines} lines` }];
  },
  planted: [code('src/a.cpp', '// x\n'.repeat(fileLinesMax + 1))],
  allowed: [code('src/a.cpp', '// x\n'.repeat(fileLinesMax))],
};

const lineLength: Rule = {
  name: `a line has at most ${columnsMax} columns`,
  check: (file) => {
    if (!isCode(file)) return [];
    return eachLine(file, (line) =>
      line.length > columnsMax ? `${line.length} columns` : undefined,
    );
  },
  planted: [code('cli/a.ts', `${'x'.repeat(columnsMax + 1)}\n`)],
  allowed: [code('cli/a.ts', `${'x'.repeat(columnsMax)}\n`)],
};

const ascii: Rule = {
  name: 'sources are ASCII, without tabs',
  check: (file) => {
    if (!isCode(file)) return [];
    return eachLine(file, (line) => {
      if (line.includes('\t')) return 'a tab';
      const odd = line.match(/[^ -~]/)?.[0].codePointAt(0);
      return odd === undefined ? undefined : `U+${odd.toString(16).padStart(4, '0')}`;
    });
  },
  planted: [code('src/a.hpp', '// caf\u00e9\n'), code('src/a.hpp', '\tint x;\n')],
  allowed: [code('docs/a.md', 'caf\u00e9\n')],
};

const leftovers: Rule = {
  name: 'nothing is left open: no to-do marks, no skipped or focused tests',
  check: (file) => {
    if (!isCode(file)) return [];
    const mark = /\b(TO[D]O|FIXM[E]|XX[X]|HAC[K])\b/;
    const skipped = /\b(test|it|describe|suite)\.(ski[p]|onl[y]|tod[o])\(|doctest::ski[p]\b/;
    return eachLine(file, (line) => line.match(mark)?.[0] ?? line.match(skipped)?.[0]);
  },
  planted: [
    code('src/a.cpp', `// ${'TO'}${'DO'}: later\n`),
    code('tests/node/a.test.ts', `test.${'skip'}('x', () => {});\n`),
  ],
  allowed: [code('cli/a.ts', 'parser.skip();\n')],
};

const machinePaths: Rule = {
  name: 'no path of one machine',
  check: (file) => {
    const path = /(?<![\w.})\]/:-])\/(?:work|tmp|root|home|Users)\/[A-Za-z]/;
    return eachLine(file, (line) => line.match(path)?.[0]);
  },
  planted: [code('docs/a.md', `see ${['', 'work', 'main'].join('/')}\n`)],
  allowed: [code('docs/a.md', 'see https://example.com/work/main and docs/work/main\n')],
};

const functionSize: Rule = {
  name: `a function has at most ${functionLinesMax} lines`,
  check: (file) => (isCode(file) ? longFunctions(file) : []),
  planted: [
    code('src/a.cpp', `int f(int a,\n      int b) {\n${'  g();\n'.repeat(functionLinesMax)}}\n`),
    code('cli/a.ts', `export const f = (): void => {\n${'  g();\n\n'.repeat(40)}};\n`),
    code('cli/a.ts', `class A {\n  f(): void {\n${'    g();\n'.repeat(functionLinesMax)}  }\n}\n`),
  ],
  allowed: [
    code('src/a.cpp', `int f() {\n${'  g();\n'.repeat(functionLinesMax - 2)}}\n`),
    code('src/a.cpp', `namespace a {\n${'int f();\n'.repeat(200)}}\n`),
    code('cli/a.ts', `const a = f({\n${'  b: 1,\n'.repeat(200)}});\n`),
    code('a.test.ts', `describe('a', () => {\n${"  it('b', c);\n".repeat(200)}});\n`),
  ],
};

/**
 * Functions over the ceiling, found by indentation: formatters guarantee that a body is indented
 * deeper than the line where its declaration begins, and that the closing brace is not.
 */
function longFunctions(file: SourceFile): Finding[] {
  if (!/\.(cpp|hpp|c|h|ts|tsx|mjs|js)$/.test(file.path)) return [];
  const lines = file.text.split('\n');
  return lines.flatMap((line, index) => {
    if (!line.endsWith('{')) return [];
    const first = declarationStart(lines, index);
    if (!isFunction(lines.slice(first, index + 1).join(' '))) return [];
    const size = closing(lines, first, index) - first + 1;
    if (size <= functionLinesMax) return [];
    return [{ path: file.path, line: first + 1, why: `a function of ${size} lines` }];
  });
}

/** The line where the parentheses that are open at the start of `lines[last]` were opened. */
function declarationStart(lines: readonly string[], last: number): number {
  let open = 0;
  for (let index = last; index >= 0; index -= 1) {
    const line = lines[index] ?? '';
    open += line.split('(').length - line.split(')').length;
    if (open >= 0) return index;
  }
  return last;
}

function isFunction(header: string): boolean {
  const other =
    /^\s*(\}\s*)?(if|for|while|switch|else|do|catch|try|namespace|class|struct|enum|describe)\b/;
  if (other.test(header) || /^\s*export\s+(abstract\s+)?class\b/.test(header)) return false;
  return /(=>|\)(\s*(const|noexcept|mutable|override))*(\s*->.*)?(\s*:[^;]*)?)\s*\{$/.test(header);
}

/** The first line after `last` that is not indented deeper than `lines[first]`. */
function closing(lines: readonly string[], first: number, last: number): number {
  const indent = (line: string): number => line.length - line.trimStart().length;
  const limit = indent(lines[first] ?? '');
  const found = lines.findIndex(
    (line, index) =>
      index > last && line.trim() !== '' && !line.startsWith('#') && indent(line) <= limit,
  );
  return found < 0 ? lines.length - 1 : found;
}

const testsRun: Rule = {
  name: 'a test lies where the test runner looks',
  check: (file) => {
    if (!/(\.test\.[a-z]+|_test\.cpp)$/.test(file.path)) return [];
    const suites = 'tidy|node|sim|contract|fuzz|workerd|browser|e2e';
    const run = new RegExp(`^tests/(unit/.*_test\\.cpp|(${suites})/.*\\.test\\.ts)$`);
    const ofPackage = /^bindings\/cloudflare-pages\/test\/.*\.test\.ts$/;
    if (run.test(file.path) || ofPackage.test(file.path)) return [];
    return [{ path: file.path, line: 1, why: 'no suite runs this file' }];
  },
  planted: [
    code('simulator/a.test.ts', ''),
    code('tests/node/a.test.mjs', ''),
    code('a_test.cpp', ''),
  ],
  allowed: [
    code('tests/unit/a/b_test.cpp', ''),
    code('tests/e2e/a.test.ts', ''),
    code('bindings/cloudflare-pages/test/a.test.ts', ''),
  ],
};

/** The rules of this file. */
export const textRules: readonly Rule[] = [
  fileSize,
  lineLength,
  functionSize,
  ascii,
  leftovers,
  machinePaths,
  testsRun,
];
