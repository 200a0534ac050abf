// core.wasm is what wasm/ allows: its exports, its imports (none), its size, and that it starts.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { root } from './tree.ts';

// The part of the WebAssembly API that is used: Node's type package lacks it.
declare const WebAssembly: {
  readonly Module: {
    new (bytes: Uint8Array): object;
    imports(module: object): readonly { readonly module: string; readonly name: string }[];
    exports(module: object): readonly { readonly name: string }[];
  };
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

const bytes = readFileSync(join(root, 'build/core.wasm'));
const module = new WebAssembly.Module(bytes);

/** The entries of an allow-list: one a line, `#` begins a comment. */
function allowed(name: string): string[] {
  const lines = readFileSync(join(root, 'wasm', name), 'utf8').split('\n');
  return lines.filter((line) => line !== '' && !line.startsWith('#')).sort();
}

function importsOf(compiled: object): string[] {
  return WebAssembly.Module.imports(compiled).map((one) => `${one.module}.${one.name}`);
}

test('exports are exactly wasm/exports.txt', () => {
  const names = WebAssembly.Module.exports(module).map((one) => one.name);
  assert.deepEqual(names.sort(), allowed('exports.txt'));
});

test('imports are exactly wasm/imports.txt', () => {
  assert.deepEqual(importsOf(module).sort(), allowed('imports.txt'));
});

test('an import would be seen: a planted module with one', () => {
  // The smallest such module: magic, version, a type section (no parameters, no results), and an
  // import section with the function "a.b" of that type.
  const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  const types = [0x01, 0x04, 0x01, 0x60, 0x00, 0x00];
  const imports = [0x02, 0x07, 0x01, 0x01, 0x61, 0x01, 0x62, 0x00, 0x00];
  const planted = new WebAssembly.Module(new Uint8Array([...header, ...types, ...imports]));
  assert.deepEqual(importsOf(planted), ['a.b']);
  assert.notDeepEqual(importsOf(planted), allowed('imports.txt'));
});

test('size and initial memory are within a tenth of wasm/budgets.json', () => {
  const recorded = JSON.parse(readFileSync(join(root, 'wasm/budgets.json'), 'utf8')).module;
  const { memory } = new WebAssembly.Instance(module, {}).exports;
  const measured = {
    bytes: bytes.length,
    gzip_bytes: gzipSync(bytes, { level: 9 }).length,
    memory_pages_initial: memory.buffer.byteLength / 65536,
  };
  for (const [name, value] of Object.entries(measured)) {
    assert.ok(value <= recorded[name] * 1.1, `${name}: ${recorded[name]} -> ${value}`);
  }
});

test('an instance starts with nothing imported and names its version', () => {
  const { _initialize, core_abi_version } = new WebAssembly.Instance(module, {}).exports;
  _initialize();
  assert.ok(core_abi_version() >= 1);
});
