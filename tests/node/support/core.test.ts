import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CoreMismatch, type CoreModule, CoreTrap, createCore } from '../../../bindings/js/core.ts';

declare const WebAssembly: { readonly Module: new (bytes: Uint8Array) => CoreModule };

// Just enough of the binary format for modules of a few functions.
const vector = (...items: number[][]): number[] => [items.length, ...items.flat()];
const sized = (id: number, content: number[]): number[] => [id, content.length, ...content];
const named = (text: string): number[] => [text.length, ...Buffer.from(text)];
const body = (...code: number[]): number[] => [code.length + 2, 0, ...code, 0x0b];

interface Fake {
  readonly version?: number;
  readonly imports?: boolean;
  /** Name under which the step is exported. */
  readonly step?: string;
}

// A core that echoes its input; it traps when the input begins with 255, counts its steps in byte 0
// of the memory, writes that count over the first byte, and grows its memory in every core_input.
function fakeCore(fake: Fake = {}): CoreModule {
  const none = [0x60, 0, 1, 0x7f];
  const one = [0x60, 1, 0x7f, 1, 0x7f];
  const at64 = [0x41, 0xc0, 0];
  const load = [0x2d, 0, 0];
  const store = [0x3a, 0, 0];
  const first = fake.imports === true ? 1 : 0;
  const exported = ['core_abi_version', 'core_input', fake.step ?? 'core_step', 'core_output'];
  const functions = [
    body(0x41, fake.version ?? 1),
    body(0x41, 1, 0x40, 0, 0x1a, ...at64),
    body(
      ...[...at64, ...load, 0x41, 0xff, 1, 0x46, 0x04, 0x40, 0x00, 0x0b],
      ...[0x41, 0, 0x41, 0, ...load, 0x41, 1, 0x6a, ...store],
      ...[...at64, 0x41, 0, ...load, ...store, 0x20, 0],
    ),
    body(...at64),
  ];
  const imported =
    fake.imports === true ? sized(2, vector([...named('env'), ...named('x'), 0, 0])) : [];
  return new WebAssembly.Module(
    Uint8Array.from([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...sized(1, vector(none, one)),
      ...imported,
      ...sized(3, [4, 0, 1, 1, 0]),
      ...sized(5, vector([0, 1])),
      ...sized(
        7,
        vector(
          [...named('memory'), 2, 0],
          ...exported.map((name, index) => [...named(name), 0, first + index]),
        ),
      ),
      ...sized(10, vector(...functions)),
    ]),
  );
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

test('a step copies in and out, while the memory grows in every call', () => {
  const core = createCore(fakeCore());
  const first = core.step(bytes(9, 8));
  const second = core.step(bytes(9, 7, 6));
  assert.deepEqual([...first], [1, 8]);
  assert.deepEqual([...second], [2, 7, 6]);
});

test('after a trap the next step runs in a new instance', () => {
  const core = createCore(fakeCore());
  core.step(bytes(9));
  assert.throws(() => core.step(bytes(255)), CoreTrap);
  assert.equal(core.traps(), 1);
  assert.deepEqual([...core.step(bytes(9, 1))], [1, 1]);
});

test('another ABI version is refused when the core is created', () => {
  const message = 'the core speaks ABI 2, this shim 1';
  assert.throws(() => createCore(fakeCore({ version: 2 })), { name: 'CoreMismatch', message });
});

test('a module with imports, or without one of the functions, is refused', () => {
  assert.throws(() => createCore(fakeCore({ imports: true })), /must import nothing.*env\.x/);
  assert.throws(() => createCore(fakeCore({ step: 'core_walk' })), CoreMismatch);
});
