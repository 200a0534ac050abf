// The meter counts what is executed: on modules small enough to count by hand, and on the core,
// which it must not change otherwise.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { metered } from '../../../wasm/meter.ts';
import { UnknownWasm } from '../../../wasm/meter_binary.ts';
import { core } from '../faults/support.ts';
import { goldenFrames } from '../golden/golden.ts';
import { meteredCores } from './metered_core.ts';
import { core_path } from './ratchet.ts';

// The part of the WebAssembly API that is used: Node's type package lacks it.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: object };
};

interface Counted {
  readonly run: (argument: number) => number;
  readonly instructions: { value: bigint };
}

const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const i32 = 0x7f;
const v128 = 0x7b;

function sized(id: number, content: readonly number[]): number[] {
  assert.ok(content.length < 128);
  return [id, content.length, ...content];
}

/**
 * A module of functions from i32 to i32, the first one exported as `run`; `locals` and `code` are
 * theirs. It has one page of memory, and a table with all functions where `table` is set.
 */
function moduleOf(functions: readonly (readonly number[])[], table = false): Uint8Array {
  const count = functions.length;
  const bodies = functions.flatMap((body) => [body.length, ...body]);
  const types = sized(1, [1, 0x60, 1, i32, 1, i32]);
  const declared = sized(3, [count, ...functions.map(() => 0)]);
  const tables = sized(4, [1, 0x70, 0, count]);
  const memory = sized(5, [1, 0, 1]);
  const exported = sized(7, [1, 3, ...Buffer.from('run'), 0, 0]);
  const elements = sized(9, [1, 0, 0x41, 0, 0x0b, count, ...functions.keys()]);
  const code = sized(10, [count, ...bodies]);
  const [before, after] = table ? [tables, elements] : [[], []];
  const parts = [magic, types, declared, before, memory, exported, after, code];
  return new Uint8Array(parts.flat());
}

function start(module: Uint8Array): Counted {
  return new WebAssembly.Instance(new WebAssembly.Module(metered(module))).exports as Counted;
}

function count(counted: Counted, argument: number): { result: number; instructions: number } {
  counted.instructions.value = 0n;
  const result = counted.run(argument);
  return { result, instructions: Number(counted.instructions.value) };
}

const no_locals = 0;
const get = [0x20, 0];
const constant = (value: number): number[] => [0x41, value];

test('a straight line counts its instructions', () => {
  const code = [...get, ...constant(2), 0x6a, 0x0b]; // argument + 2
  assert.deepEqual(count(start(moduleOf([[no_locals, ...code]])), 40), {
    result: 42,
    instructions: 3,
  });
});

test('a loop counts each round', () => {
  const round = [...get, ...constant(1), 0x6b, 0x22, 0, 0x0d, 0]; // --argument, again unless 0
  const code = [0x03, 0x40, ...round, 0x0b, ...get, 0x0b];
  const counted = start(moduleOf([[no_locals, ...code]]));
  for (const rounds of [1, 2, 1000]) {
    assert.deepEqual(count(counted, rounds), { result: 0, instructions: 5 * rounds + 1 });
  }
});

test('a branch counts the way that is taken', () => {
  const then = [...constant(1), ...constant(2), 0x6a]; // 3
  const code = [...get, 0x04, i32, ...then, 0x05, ...constant(9), 0x0b, 0x0b];
  const counted = start(moduleOf([[no_locals, ...code]]));
  assert.deepEqual(count(counted, 1), { result: 3, instructions: 2 + 3 });
  assert.deepEqual(count(counted, 0), { result: 9, instructions: 2 + 1 });
});

test('a table of branches and early returns count the way that is taken', () => {
  const blocks = [0x02, 0x40, 0x02, 0x40, 0x02, 0x40];
  const chosen = [...get, 0x0e, 2, 0, 1, 2, 0x0b];
  const early = (value: number): number[] => [...constant(value), 0x0f, 0x0b];
  const code = [...blocks, ...chosen, ...early(10), ...early(20), ...constant(30), 0x0b];
  const counted = start(moduleOf([[no_locals, ...code]]));
  assert.deepEqual(count(counted, 0), { result: 10, instructions: 4 });
  assert.deepEqual(count(counted, 1), { result: 20, instructions: 4 });
  assert.deepEqual(count(counted, 7), { result: 30, instructions: 3 });
});

test('calls, direct and through the table, count what they execute', () => {
  const twice = [...get, 0x10, 1, ...constant(1), 0x11, 0, 0, 0x0b];
  const increment = [...get, ...constant(1), 0x6a, 0x0b];
  const functions = [
    [no_locals, ...twice],
    [no_locals, ...increment],
  ];
  const counted = start(moduleOf(functions, true));
  assert.deepEqual(count(counted, 40), { result: 42, instructions: 4 + 3 + 3 });
});

test('a run of more than 63 instructions is counted whole', () => {
  const pairs = Array.from({ length: 36 }, () => [...constant(0), 0x1a]).flat(); // const, drop
  const body = [no_locals, ...pairs, ...get, 0x0b];
  assert.equal(count(start(moduleOf([body])), 1).instructions, 36 * 2 + 1);
});

// One of each kind of operand, made of bytes that are a `nop` elsewhere: an operand that is taken
// for an instruction is counted.
const nops = (count: number): number[] => Array<number>(count).fill(0x01);
const operands: Readonly<Record<string, { readonly code: number[]; readonly count: number }>> = {
  'i64.const': { code: [0x42, 0x81, 0x81, 0x01, 0x1a], count: 2 },
  'f32.const': { code: [0x43, ...nops(4), 0x1a], count: 2 },
  'f64.const': { code: [0x44, ...nops(8), 0x1a], count: 2 },
  'i32.load': { code: [...constant(0), 0x28, 1, 1, 0x1a], count: 3 },
  'i64.store': { code: [...constant(0), 0x42, 1, 0x37, 1, 1], count: 3 },
  'i32.extend8_s': { code: [...get, 0xc0, 0x1a], count: 3 },
  'memory.size': { code: [0x3f, 0, 0x1a], count: 2 },
  'select with a type': { code: [...get, ...get, ...get, 0x1c, 1, i32, 0x1a], count: 5 },
  'i32.trunc_sat_f64_u': { code: [0x44, ...nops(8), 0xfc, 3, 0x1a], count: 3 },
  'memory.copy': { code: [...get, ...get, ...constant(0), 0xfc, 10, 0, 0], count: 4 },
  'memory.fill': { code: [...get, ...get, ...constant(0), 0xfc, 11, 0], count: 4 },
  'v128.const': { code: [0xfd, 12, ...nops(16), 0x1a], count: 2 },
  'i8x16.shuffle': {
    code: [0x20, 1, 0x20, 1, 0xfd, 13, ...nops(16), 0x1a],
    count: 4,
  },
  'i8x16.extract_lane_u': { code: [0x20, 1, 0xfd, 22, 1, 0x1a], count: 3 },
  'v128.load': { code: [...constant(0), 0xfd, 0, 1, 1, 0x1a], count: 3 },
  'v128.load32_zero': { code: [...constant(0), 0xfd, 92, 1, 1, 0x1a], count: 3 },
  'v128.load8_lane': { code: [...constant(0), 0x20, 1, 0xfd, 84, 0, 1, 1, 0x1a], count: 4 },
  'i8x16.add': { code: [0x20, 1, 0x20, 1, 0xfd, 0xee, 0x00, 0x1a], count: 4 },
};

for (const [name, { code, count: expected }] of Object.entries(operands)) {
  test(`${name} is one instruction`, () => {
    const body = [1, 1, v128, ...code, ...get, 0x0b];
    assert.equal(count(start(moduleOf([body])), 1).instructions, expected + 1);
  });
}

test('what the meter does not know it refuses', () => {
  const atomic = [no_locals, 0xfe, 0x03, 0x00, ...get, 0x0b];
  assert.throws(() => metered(moduleOf([atomic])), UnknownWasm);
  assert.throws(() => metered(new Uint8Array([...magic.slice(0, 4), 2, 0, 0, 0])), UnknownWasm);
  assert.throws(() => metered(moduleOf([[no_locals, ...get, 0x0b]]).slice(0, -3)), UnknownWasm);
});

test('the metered core gives the same bytes as the core, and the same counts each time', () => {
  const newCore = meteredCores(readFileSync(core_path));
  const first = newCore();
  const second = newCore();
  const frames = goldenFrames();
  assert.ok(frames.length > 0);
  for (const { name, input } of frames) {
    const step = first.step(input);
    assert.ok(Buffer.from(step.output).equals(core.step(input)), name);
    assert.ok(step.instructions > 10_000, `${name}: ${step.instructions}`);
    assert.deepEqual(second.step(input), step, name);
  }
});
