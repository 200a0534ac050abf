// House rules for the core: layering, who may include what, what the core must never do.
import { eachCodeLine, eachLine, type Rule, type SourceFile, withoutComments } from './tree.ts';

/** The layers of src/, lowest first: a file includes its own layer and lower ones. */
const layers = ['base', 'wire', 'domain', 'upstream', 'app'];

const bannedHeaders = [
  'iostream',
  'chrono',
  'random',
  'thread',
  'fstream',
  'ctime',
  'time\\.h',
  'nlohmann/.*',
];

const isCore = (file: SourceFile): boolean => /^src\/.*\.(cpp|hpp)$/.test(file.path);
const core = (path: string, text: string): SourceFile => ({ path: `src/${path}`, text });

const layering: Rule = {
  name: `src/ is layered: ${layers.join(' <- ')}`,
  check: (file) => {
    if (!isCore(file)) return [];
    const own = layers.indexOf(file.path.split('/')[1] ?? '');
    return eachLine(file, (line) => {
      const included = line.match(/^\s*#\s*include\s+["<](\w+)\//)?.[1] ?? '';
      const layer = layers.indexOf(included);
      return layer > own ? `includes ${included}/ from ${layers[own] ?? 'no layer'}` : undefined;
    });
  },
  planted: [
    core('domain/a.cpp', '#include "upstream/github.hpp"\n'),
    core('base/a.hpp', '#include "wire/frame.hpp"\n'),
    core('stray.hpp', '#include "base/text.hpp"\n'),
  ],
  allowed: [core('app/a.cpp', '#include "app/b.hpp"\n#include "base/text.hpp"\n')],
};

const onlyWireParses: Rule = {
  name: 'only src/wire includes simdjson',
  check: (file) => {
    if (!isCore(file) || file.path.startsWith('src/wire/')) return [];
    return eachLine(file, (line) =>
      /^\s*#\s*include\b.*simdjson/.test(line) ? 'includes simdjson' : undefined,
    );
  },
  planted: [core('app/a.cpp', '#include <simdjson.h>\n')],
  allowed: [core('wire/json_read.cpp', '#include <simdjson.h>\n')],
};

const headers: Rule = {
  name: 'the core includes no header for I/O, clocks, randomness or threads',
  check: (file) => {
    if (!isCore(file)) return [];
    const banned = new RegExp(`^\\s*#\\s*include\\s+["<](${bannedHeaders.join('|')})[">]`);
    return eachLine(file, (line) => line.match(banned)?.[1]);
  },
  planted: bannedHeaders.map((name) =>
    core('base/a.cpp', `#include <${name.replace('\\', '').replace('.*', 'json.hpp')}>\n`),
  ),
  allowed: [core('base/a.cpp', '#include <string_view>\n// <chrono> is not for us\n')],
};

const exceptions: Rule = {
  name: 'the core has no exceptions',
  check: (file) => {
    if (!isCore(file)) return [];
    return eachCodeLine(file, /\bthrow\b|\btry\s*\{|\bcatch\s*\(/, 'throw, try or catch');
  },
  planted: [
    core('app/a.cpp', 'void f() { throw 1; }\n'),
    core('app/a.cpp', 'void f() {\n  try {\n  } catch (...) {}\n}\n'),
  ],
  allowed: [core('app/a.cpp', '// never throw here\nauto text = "throw try { it";\n')],
};

const mutableGlobals: Rule = {
  name: 'the core keeps no state: no mutable static or thread-local variable',
  check: (file) => {
    if (!isCore(file)) return [];
    const pattern =
      /\bthread_local\b|^\s*(inline\s+)?static\s+(?!(inline\s+)?const(expr|init)?\b)[^()]*(=|;|\{)/;
    return eachCodeLine(file, pattern, 'a static or thread-local variable');
  },
  planted: [
    core('app/a.cpp', 'static int calls = 0;\n'),
    core('app/a.cpp', 'void f() {\n  static std::string last;\n}\n'),
    core('app/a.cpp', 'thread_local int depth;\n'),
  ],
  allowed: [
    core(
      'app/a.cpp',
      'static constexpr int limit = 3;\nstatic int half(int n) { return n / 2; }\n',
    ),
  ],
};

const once: Rule = {
  name: 'a header of the core begins with #pragma once',
  check: (file) => {
    if (!isCore(file) || !file.path.endsWith('.hpp')) return [];
    const first = withoutComments(file.text).trimStart();
    if (first.startsWith('#pragma once\n')) return [];
    return [{ path: file.path, line: 1, why: 'no #pragma once before the first declaration' }];
  },
  planted: [core('base/a.hpp', '// A.\nint f();\n')],
  allowed: [core('base/a.hpp', '// A.\n#pragma once\nint f();\n')],
};

/** The rules of this file. */
export const coreRules: readonly Rule[] = [
  layering,
  onlyWireParses,
  headers,
  exceptions,
  mutableGlobals,
  once,
];
