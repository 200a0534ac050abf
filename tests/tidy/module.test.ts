// Both builds of core.wasm are what wasm/ allows: exports, imports (none), what is linked into
// them; and the one that ships is small enough and starts.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { allowed, surfaceFaults } from '../../wasm/check_module.mjs';
import { root, type SourceFile, sourceTree } from './tree.ts';

// The part of the WebAssembly API that is used: Node's type package lacks it.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: object,
  ) => {
    readonly exports: {
      readonly memory: { readonly buffer: ArrayBuffer };
      readonly _initialize: () => void;
      readonly core_abi_version: () => number;
    };
  };
};

const page_bytes = 65_536;
const shipped = readFileSync(join(root, 'build/core.wasm'));
const start = (bytes: Uint8Array) =>
  new WebAssembly.Instance(new WebAssembly.Module(bytes), {}).exports;

/** Objects and libraries of which core.wasm is linked: all of a build but the unit tests. */
function linkedFiles(preset: string): string[] {
  const directory = join(root, 'build', preset);
  const names = readdirSync(directory, { recursive: true }).map(String);
  const linked = names.filter((name) => /\.(a|obj)$/.test(name) && !name.startsWith('tests/'));
  return linked.map((name) => join(directory, name));
}

/** Symbols, defined or wanted, in which `word` occurs. */
function symbolsWith(word: string, files: readonly string[]): string[] {
  const options = { encoding: 'utf8', maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'ignore'] };
  const listed = execFileSync('llvm-nm-22', ['--just-symbol-name', ...files], options as object);
  return String(listed)
    .split('\n')
    .filter((symbol) => symbol.includes(word));
}

for (const preset of ['wasi', 'emscripten']) {
  describe(preset, () => {
    const bytes = readFileSync(join(root, 'build', preset, 'core.wasm'));

    test('exports and imports are exactly what the lists in wasm/ say', () => {
      assert.deepEqual(surfaceFaults(bytes), []);
      assert.deepEqual(allowed('imports.txt'), []);
    });

    test('an instance starts with nothing imported and names its version', () => {
      const { _initialize, core_abi_version } = start(bytes);
      _initialize();
      assert.ok(core_abi_version() >= 1);
    });

    test('nothing of nlohmann/json is linked', () => {
      const files = linkedFiles(preset);
      assert.ok(symbolsWith('read_frame', files).length > 0, 'the symbols of the core are seen');
      assert.deepEqual(symbolsWith('nlohmann', files), []);
    });
  });
}

test('the module that ships is the one of the wasi build', () => {
  assert.ok(shipped.equals(readFileSync(join(root, 'build/wasi/core.wasm'))));
});

test('its size and initial memory are within a tenth of wasm/budgets.json', () => {
  const recorded = JSON.parse(readFileSync(join(root, 'wasm/budgets.json'), 'utf8')).module;
  const measured = {
    bytes: shipped.length,
    gzip_bytes: gzipSync(shipped, { level: 9 }).length,
    memory_pages_initial: start(shipped).memory.buffer.byteLength / page_bytes,
  };
  for (const [name, value] of Object.entries(measured)) {
    assert.ok(value <= recorded[name] * 1.1, `${name}: ${recorded[name]} -> ${value}`);
  }
});

test('an import would be seen: a planted module with one, and without any export', () => {
  // The smallest such module: magic, version, a type section (no parameters, no results), and an
  // import section with the function "a.b" of that type.
  const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  const types = [0x01, 0x04, 0x01, 0x60, 0x00, 0x00];
  const imports = [0x02, 0x07, 0x01, 0x01, 0x61, 0x01, 0x62, 0x00, 0x00];
  const faults = surfaceFaults(Uint8Array.from([...header, ...types, ...imports]));
  assert.ok(faults.includes('imports a.b, which wasm/imports.txt does not list'));
  assert.ok(faults.includes('lacks core_step, which wasm/exports.txt lists'));
});

test('nlohmann/json would be seen: the emitter, which is made with it, has its symbols', () => {
  assert.notDeepEqual(symbolsWith('nlohmann', [join(root, 'build/native/slipway_emit')]), []);
});

/** C++ that includes nlohmann/json where only the native tools and tests may. */
function nlohmannIncludes(files: readonly SourceFile[]): string[] {
  const mayUse = /^(bindings\/types|tests)\//;
  const including = files.filter(
    ({ path, text }) => /\.(cpp|hpp|c|h)$/.test(path) && /#\s*include\s*[<"]nlohmann\//.test(text),
  );
  return including.map(({ path }) => path).filter((path) => !mayUse.test(path));
}

test('only the native tools and tests include nlohmann/json', () => {
  assert.deepEqual(nlohmannIncludes(sourceTree()), []);
  const text = '#include <nlohmann/json.hpp>\n';
  assert.deepEqual(nlohmannIncludes([{ path: 'bindings/c/a.cpp', text }]), ['bindings/c/a.cpp']);
  assert.deepEqual(nlohmannIncludes([{ path: 'bindings/types/a.cpp', text }]), []);
});
