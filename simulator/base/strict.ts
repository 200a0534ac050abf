// Strict readers for JSON that comes from a client: an unknown field, a missing field and a wrong
// type are refused with a JSON Pointer to the place. A reader returns the value it accepts.

/** A value that a reader does not accept. `pointer` is a JSON Pointer, empty for the whole. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly pointer: string;
  constructor(pointer: string, message: string) {
    super(message);
    this.pointer = pointer;
  }
}

/** Reads a value found at `pointer`, or throws a Refusal. */
export type Reader<T> = (value: unknown, pointer: string) => T;

type Read<R> = R extends Reader<infer T> ? T : never;
type Readers = Record<string, Reader<unknown>>;
type Fields<R extends Readers, O extends Readers> = { [K in keyof R]: Read<R[K]> } & {
  [K in keyof O]?: Read<O[K]>;
};

/** Accepts a string; with `pattern`, only one that matches it. */
export function string(pattern?: RegExp): Reader<string> {
  return (value, pointer) => {
    if (typeof value !== 'string') throw new Refusal(pointer, 'must be a string');
    if (pattern?.test(value) === false) throw new Refusal(pointer, `must match ${pattern.source}`);
    return value;
  };
}

/** Accepts true or false. */
export const boolean: Reader<boolean> = (value, pointer) => {
  if (typeof value !== 'boolean') throw new Refusal(pointer, 'must be a boolean');
  return value;
};

/** Accepts a finite number from `min` to `max`, whole unless `whole` is false. */
export function number(min: number, max: number, whole = true): Reader<number> {
  return (value, pointer) => {
    if (typeof value !== 'number' || !Number.isFinite(value) || (whole && value % 1 !== 0)) {
      throw new Refusal(pointer, whole ? 'must be an integer' : 'must be a number');
    }
    if (value < min || value > max) throw new Refusal(pointer, `must be from ${min} to ${max}`);
    return value;
  };
}

/** Accepts exactly one of `values`. */
export function oneOf<const T extends string | number | boolean>(...values: T[]): Reader<T> {
  return (value, pointer) => {
    const found = values.find((candidate) => candidate === value);
    if (found === undefined) throw new Refusal(pointer, `must be one of ${values.join(', ')}`);
    return found;
  };
}

/** Accepts null and whatever `reader` accepts. */
export function nullable<T>(reader: Reader<T>): Reader<T | null> {
  return (value, pointer) => (value === null ? null : reader(value, pointer));
}

/** Accepts an array of at most `max` items, each accepted by `reader`. */
export function list<T>(reader: Reader<T>, max: number): Reader<T[]> {
  return (value, pointer) => {
    if (!Array.isArray(value)) throw new Refusal(pointer, 'must be an array');
    if (value.length > max) throw new Refusal(pointer, `must have at most ${max} items`);
    return value.map((item, index) => reader(item, `${pointer}/${index}`));
  };
}

/** Accepts an object with any keys whose values `reader` accepts. */
export function record<T>(reader: Reader<T>): Reader<Record<string, T>> {
  return (value, pointer) => {
    const entries = Object.entries(plainObject(value, pointer));
    return Object.fromEntries(
      entries.map(([key, item]) => [key, reader(item, `${pointer}/${escapePointer(key)}`)]),
    );
  };
}

/** Accepts an object with all of `required`, some of `optional`, and no other field. */
export function object<R extends Readers, O extends Readers = Record<never, never>>(
  required: R,
  optional?: O,
): Reader<Fields<R, O>> {
  const readers: Readers = { ...required, ...optional };
  return (value, pointer) => {
    const source = plainObject(value, pointer);
    const result: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(source)) {
      const place = `${pointer}/${escapePointer(key)}`;
      const reader = Object.hasOwn(readers, key) ? readers[key] : undefined;
      if (reader === undefined) throw new Refusal(place, `unknown field "${key}"`);
      result[key] = reader(item, place);
    }
    for (const key of Object.keys(required)) {
      if (!Object.hasOwn(source, key)) {
        throw new Refusal(`${pointer}/${escapePointer(key)}`, `field "${key}" is missing`);
      }
    }
    return result as Fields<R, O>;
  };
}

/** The JSON in `text`, read by `reader`. Text that is not JSON is refused at the empty pointer. */
export function readJson<T>(text: string, reader: Reader<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal('', 'must be valid JSON');
  }
  return reader(value, '');
}

/** `key` as one part of a JSON Pointer. */
export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

function plainObject(value: unknown, pointer: string): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(pointer, 'must be an object');
  }
  return value;
}
