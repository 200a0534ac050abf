// The check that every header of the core compiles alone, which the suite `clang-tidy` makes: CMake
// makes one source per header, and Ninja remembers which passed.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './tree.ts';

/** Builds CMake's header check in a configured build tree; exit code and compiler output. */
function checkHeaders(build: string): { code: number | null; output: string } {
  const args = ['--build', build, '--target', 'all_verify_interface_header_sets'];
  const { status, stdout } = spawnSync('cmake', args, { cwd: root, encoding: 'utf8' });
  return { code: status, output: stdout };
}

test('it is among the targets of the lint build', () => {
  const presets = JSON.parse(readFileSync(join(root, 'CMakePresets.json'), 'utf8')) as {
    buildPresets: { name: string; targets?: string[] }[];
  };
  const lint = presets.buildPresets.find(({ name }) => name === 'lint');
  assert.ok(lint?.targets?.includes('all_verify_interface_header_sets'));
});

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
