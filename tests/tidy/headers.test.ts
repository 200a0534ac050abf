// The check that a header compiles alone finds one that does not. alone.long.test.ts makes it of
// every header of the core.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkHeaders } from './headers.ts';

test('a planted header that leans on its includer is caught', () => {
  const project = mkdtempSync(join(tmpdir(), 'slipway-headers-'));
  try {
    writeFileSync(join(project, 'leaning.hpp'), 'std::string lean();\n');
    writeFileSync(
      join(project, 'CMakeLists.txt'),
      `cmake_minimum_required(VERSION 3.25)
project(planted LANGUAGES CXX)
file(WRITE a.cpp "")
add_library(planted STATIC a.cpp)
set_target_properties(planted PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
target_sources(planted PUBLIC FILE_SET HEADERS FILES leaning.hpp)
`,
    );
    const compiler = '-DCMAKE_CXX_COMPILER=clang++-22';
    const build = join(project, 'build');
    execFileSync('cmake', ['-S', project, '-B', build, '-G', 'Ninja', compiler]);
    const { code, output } = checkHeaders(build);
    assert.notEqual(code, 0);
    assert.match(output, /leaning\.hpp/);
  } finally {
    rmSync(project, { recursive: true });
  }
});
