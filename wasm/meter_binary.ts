// The Wasm binary format as far as the meter needs it: reading and writing of numbers, and how long
// each instruction is. What is not known here is refused, so that nothing is ever miscounted.

/** The module holds something that the meter does not know; `message` says what and where. */
export class UnknownWasm extends Error {
  override readonly name = 'UnknownWasm';
}

/** Reads forward through bytes. */
export class Reader {
  readonly bytes: Uint8Array;
  /** Offset of the next byte. */
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** Whether every byte was read. */
  get atEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  /** The next byte. @throws UnknownWasm at the end */
  byte(): number {
    const value = this.bytes[this.at];
    if (value === undefined) throw new UnknownWasm('the module ends in the middle');
    this.at += 1;
    return value;
  }

  /** An unsigned LEB128 number of at most 32 bits. */
  u32(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  /** Passes over a LEB128 number of any size and sign. */
  skipNumber(): void {
    while (this.byte() >= 0x80);
  }

  /** The next `count` bytes, as a view. @throws UnknownWasm when there are fewer */
  take(count: number): Uint8Array {
    const end = this.at + count;
    if (end > this.bytes.length) throw new UnknownWasm('the module ends in the middle');
    const taken = this.bytes.subarray(this.at, end);
    this.at = end;
    return taken;
  }
}

/** `value` as unsigned LEB128. */
export function unsigned(value: number): number[] {
  const low = value % 128;
  const rest = Math.floor(value / 128);
  return rest === 0 ? [low] : [low + 128, ...unsigned(rest)];
}

/** `value`, which is not negative, as signed LEB128. */
export function signed(value: number): number[] {
  const low = value % 128;
  const rest = Math.floor(value / 128);
  return rest === 0 && low < 64 ? [low] : [low + 128, ...signed(rest)];
}

/** The parts in one array, with their common length before them where `sized`. */
export function joined(parts: readonly ArrayLike<number>[], sized = false): Uint8Array {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const head = sized ? unsigned(size) : [];
  const whole = new Uint8Array(head.length + size);
  whole.set(head);
  let at = head.length;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

type Immediate =
  | 'none'
  | 'index'
  | 'two indices'
  | 'memory'
  | 'lane'
  | 'memory and lane'
  | 'vector';

/** Passes over the operands of an instruction whose opcode was just read. */
export function skipOperands(reader: Reader, opcode: number): void {
  if (opcode === 0x0e || opcode === 0x1c) skipList(reader, opcode);
  else if (opcode === 0x43) reader.take(4);
  else if (opcode === 0x44) reader.take(8);
  else if (opcode === 0xfc) skip(reader, afterFc(reader.u32()));
  else if (opcode === 0xfd) skip(reader, afterFd(reader.u32()));
  else skip(reader, plain(opcode));
}

// br_table: labels and the default one; select with types.
function skipList(reader: Reader, opcode: number): void {
  const count = reader.u32() + (opcode === 0x0e ? 1 : 0);
  for (let each = 0; each < count; each += 1) reader.skipNumber();
}

function skip(reader: Reader, immediate: Immediate): void {
  if (immediate === 'index' || immediate === 'two indices') reader.skipNumber();
  if (immediate === 'two indices') reader.skipNumber();
  if (immediate === 'memory' || immediate === 'memory and lane') skipMemory(reader);
  if (immediate === 'lane' || immediate === 'memory and lane') reader.byte();
  if (immediate === 'vector') reader.take(16);
}

// Alignment and offset; bit 6 of the alignment says that the memory's index stands between them.
function skipMemory(reader: Reader): void {
  const align = reader.u32();
  if ((align & 0x40) !== 0) reader.skipNumber();
  reader.skipNumber();
}

// MVP, sign extension, multi-value, tail calls and reference types.
function plain(opcode: number): Immediate {
  if (opcode <= 0x01) return 'none'; // unreachable, nop
  if (opcode <= 0x04) return 'index'; // block, loop, if: the block's type
  if (opcode === 0x05 || opcode === 0x0b || opcode === 0x0f) return 'none'; // else, end, return
  if (opcode === 0x0c || opcode === 0x0d || opcode === 0x10) return 'index'; // br, br_if, call
  if (opcode === 0x11 || opcode === 0x13) return 'two indices'; // call_indirect
  if (opcode === 0x12) return 'index'; // return_call
  if (opcode === 0x1a || opcode === 0x1b) return 'none'; // drop, select
  if (opcode >= 0x20 && opcode <= 0x26) return 'index'; // local, global, table
  if (opcode >= 0x28 && opcode <= 0x3e) return 'memory'; // loads and stores
  if (opcode >= 0x3f && opcode <= 0x42) return 'index'; // memory.size, .grow; i32 and i64.const
  if (opcode >= 0x45 && opcode <= 0xc4) return 'none'; // numeric
  if (opcode === 0xd0 || opcode === 0xd2) return 'index'; // ref.null, ref.func
  if (opcode === 0xd1) return 'none'; // ref.is_null
  throw new UnknownWasm(`opcode 0x${opcode.toString(16)}`);
}

// Saturating conversions and bulk memory.
function afterFc(code: number): Immediate {
  if (code <= 7) return 'none'; // trunc_sat
  if (code === 9 || code === 11 || code === 13) return 'index'; // data.drop, memory.fill, elem.drop
  if (code <= 14) return 'two indices'; // memory.init, memory.copy, table.init, table.copy
  if (code <= 17) return 'index'; // table.grow, .size, .fill
  throw new UnknownWasm(`opcode 0xfc ${code}`);
}

// SIMD128 and relaxed SIMD.
function afterFd(code: number): Immediate {
  if (code <= 11 || code === 92 || code === 93) return 'memory'; // loads and stores
  if (code <= 13) return 'vector'; // v128.const, i8x16.shuffle
  if (code >= 21 && code <= 34) return 'lane'; // extract_lane, replace_lane
  if (code >= 84 && code <= 91) return 'memory and lane'; // load_lane, store_lane
  if (code <= 0x12f) return 'none';
  throw new UnknownWasm(`opcode 0xfd ${code}`);
}
