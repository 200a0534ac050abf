// The meter: rewrites a Wasm module so that it counts the instructions that it executes. The count
// is the same on every machine, which no time is: budgets are stated in it.
//
// A run is a stretch of instructions that is entered at its beginning only and left at its end
// only. Before each run the rewritten code adds the run's length to a counter, a mutable i64 global
// that is exported under `counter_name`: the host reads it and may set it to 0. Everything else of
// the module stays as it is. `block`, `loop`, `else` and `end` are marks, not instructions, and
// count nothing. A run in which the module traps is counted whole.
import { joined, Reader, signed, skipOperands, UnknownWasm, unsigned } from './meter_binary.ts';

/** The export that holds the count. */
export const counter_name = 'instructions';

const header_bytes = 8;
/** Identifiers of the sections that differ, and of those that stand before them. */
const section = { custom: 0, import: 2, global: 6, export: 7, code: 10 };
const before_global = [1, 2, 3, 4, 5, 13];
const kind = { function: 0, table: 1, memory: 2, global: 3 };
const i64 = 0x7e;
const op = { loop: 0x03, block: 0x02, else: 0x05, end: 0x0b };

interface Section {
  readonly id: number;
  readonly body: Uint8Array;
}

/**
 * The module with the counter.
 * @param module a valid binary module: MVP, sign extension, multi-value, bulk memory, saturating
 *   conversions, reference types, tail calls, SIMD128
 * @throws UnknownWasm for anything else
 */
export function metered(module: Uint8Array): Uint8Array {
  const sections = withSections(sectionsOf(module));
  const counter = globalsIn(sections);
  const rewritten = sections.map(({ id, body }): Uint8Array => {
    const parts = rewrittenBody({ id, body }, counter);
    return joined([[id], joined(parts, true)]);
  });
  return joined([module.subarray(0, header_bytes), ...rewritten]);
}

function rewrittenBody({ id, body }: Section, counter: number): readonly ArrayLike<number>[] {
  switch (id) {
    case section.global: // i64, mutable, i64.const 0, end
      return appended(body, [i64, 0x01, 0x42, 0x00, op.end]);
    case section.export:
      return appended(body, [
        ...unsigned(counter_name.length),
        ...new TextEncoder().encode(counter_name),
        kind.global,
        ...unsigned(counter),
      ]);
    case section.code:
      return meteredCode(body, counter);
    default:
      return [body];
  }
}

function sectionsOf(module: Uint8Array): Section[] {
  const reader = new Reader(module);
  const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  if (reader.take(header_bytes).join() !== magic.join()) throw new UnknownWasm('no Wasm 1 module');
  const sections: Section[] = [];
  while (!reader.atEnd) {
    const id = reader.byte();
    sections.push({ id, body: reader.take(reader.u32()) });
  }
  return sections;
}

// The sections of globals and exports are optional: an empty one where there is none.
function withSections(sections: readonly Section[]): Section[] {
  const all = [...sections];
  const follows = (earlier: readonly number[]): number =>
    all.findLastIndex(({ id }) => earlier.includes(id)) + 1;
  const empty = new Uint8Array([0]);
  if (!all.some(({ id }) => id === section.global)) {
    all.splice(follows(before_global), 0, { id: section.global, body: empty });
  }
  if (!all.some(({ id }) => id === section.export)) {
    all.splice(follows([section.global]), 0, { id: section.export, body: empty });
  }
  return all;
}

/** A vector with one more element. */
function appended(vector: Uint8Array, element: readonly number[]): ArrayLike<number>[] {
  const reader = new Reader(vector);
  const count = reader.u32();
  return [unsigned(count + 1), vector.subarray(reader.at), element];
}

// How many globals there are: imported ones come first.
function globalsIn(sections: readonly Section[]): number {
  const count = (id: number): Reader[] =>
    sections.filter((one) => one.id === id).map(({ body }) => new Reader(body));
  const imported = count(section.import).map(importedGlobals);
  const own = count(section.global).map((reader) => reader.u32());
  return [...imported, ...own].reduce((sum, each) => sum + each, 0);
}

function importedGlobals(reader: Reader): number {
  let globals = 0;
  for (let left = reader.u32(); left > 0; left -= 1) {
    reader.take(reader.u32());
    reader.take(reader.u32());
    const what = reader.byte();
    if (what === kind.function) reader.skipNumber();
    else if (what === kind.table) reader.skipNumber();
    else if (what === kind.global) reader.take(2);
    else if (what !== kind.memory) throw new UnknownWasm(`an import of kind ${what}`);
    if (what === kind.table || what === kind.memory) skipLimits(reader);
    if (what === kind.global) globals += 1;
  }
  return globals;
}

function skipLimits(reader: Reader): void {
  const hasMaximum = (reader.byte() & 1) === 1;
  reader.skipNumber();
  if (hasMaximum) reader.skipNumber();
}

function meteredCode(code: Uint8Array, counter: number): Uint8Array[] {
  const reader = new Reader(code);
  const count = reader.u32();
  const functions = Array.from({ length: count }, () =>
    joined(meteredFunction(reader.take(reader.u32()), counter), true),
  );
  return [new Uint8Array(unsigned(count)), ...functions];
}

function meteredFunction(body: Uint8Array, counter: number): ArrayLike<number>[] {
  const reader = new Reader(body);
  for (let left = reader.u32(); left > 0; left -= 1) {
    reader.skipNumber();
    const type = reader.byte();
    if (type < 0x6f || type > 0x7f) throw new UnknownWasm(`a local of type ${type}`);
  }
  const parts: ArrayLike<number>[] = [body.subarray(0, reader.at)];
  let begin = reader.at;
  let length = 0;
  while (!reader.atEnd) {
    const opcode = reader.byte();
    skipOperands(reader, opcode);
    if (!isMark(opcode)) length += 1;
    if (reader.atEnd || endsRun(opcode)) {
      if (length > 0) parts.push(increment(counter, length));
      parts.push(body.subarray(begin, reader.at));
      begin = reader.at;
      length = 0;
    }
  }
  return parts;
}

function isMark(opcode: number): boolean {
  return [op.block, op.loop, op.else, op.end].includes(opcode);
}

// Where the flow may split (if, br, br_if, br_table, return, tail calls, unreachable) or may be
// joined from elsewhere (after loop, else and end). A call comes back to where it was.
function endsRun(opcode: number): boolean {
  const joins = opcode === op.loop || opcode === op.else || opcode === op.end;
  const splits = opcode === 0x00 || opcode === 0x04 || (opcode >= 0x0c && opcode <= 0x0f);
  return joins || splits || opcode === 0x12 || opcode === 0x13;
}

// global.get, i64.const, i64.add, global.set
function increment(counter: number, length: number): number[] {
  const index = unsigned(counter);
  return [0x23, ...index, 0x42, ...signed(length), 0x7c, 0x24, ...index];
}
