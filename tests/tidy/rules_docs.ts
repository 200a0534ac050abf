// House rules for what is written about the code, in it and beside it.
import { type Finding, isCode, type Rule, type SourceFile } from './tree.ts';

const isTest = (file: SourceFile): boolean => /(\.test\.ts|_test\.cpp)$/.test(file.path);

const purposeFirst: Rule = {
  name: 'a file begins with a comment that says what may live there',
  check: (file) => {
    if (!isCode(file) || isTest(file)) return [];
    if (!/\.(ts|tsx|mjs|cpp|hpp|c|h|cmake|sql|sh)$/.test(file.path)) return [];
    if (/^(#!.*\n)?(\/\/|\/\*|--|#) ?\S/.test(file.text)) return [];
    return [{ path: file.path, line: 1, why: 'no comment at the top' }];
  },
  planted: [
    { path: 'cli/a.ts', text: 'export {};\n' },
    { path: 'src/a.hpp', text: '\n#pragma once\n' },
  ],
  allowed: [{ path: 'cli/a.ts', text: '#!/usr/bin/env node\n// The command line.\n' }],
};

const documentedExports: Rule = {
  name: 'an exported TypeScript declaration has a doc comment',
  check: (file) => {
    if (!isCode(file) || isTest(file) || !/^(bindings|worker-shim|simulator|cli)\//.test(file.path))
      return [];
    const declaration =
      /^export (?:(?:async|declare|abstract) )*(?:function|const|class|interface|type) (\w+)/;
    const lines = file.text.split('\n');
    return lines.flatMap((line, index): Finding[] => {
      const name = line.match(declaration)?.[1];
      if (name === undefined || lines[index - 1]?.endsWith('*/') === true) return [];
      return [{ path: file.path, line: index + 1, why: `${name} is not documented` }];
    });
  },
  planted: [{ path: 'cli/a.ts', text: '// A.\nexport const a = 1;\n' }],
  allowed: [{ path: 'cli/a.ts', text: '/** A. */\nexport const a = 1;\nexport type { B };\n' }],
};

const oneTitle: Rule = {
  name: 'a Markdown file has one # title',
  check: (file) => {
    if (!file.path.endsWith('.md')) return [];
    const prose = file.text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '');
    const titles = prose.match(/^# /gm)?.length ?? 0;
    return titles === 1 ? [] : [{ path: file.path, line: 1, why: `${titles} titles` }];
  },
  planted: [
    { path: 'a.md', text: '# A\n\n# B\n' },
    { path: 'a.md', text: 'words\n' },
  ],
  allowed: [{ path: 'a.md', text: '# A\n\n```sh\n# a comment\n```\n\n## B\n' }],
};

/** The rules of this file. */
export const docRules: readonly Rule[] = [purposeFirst, documentedExports, oneTitle];
