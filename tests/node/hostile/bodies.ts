// Hostile bodies: known attacks on whatever reads JSON, and changes of sound bodies.
import fc from 'fast-check';

/** A body and what it is, for whoever reads a failure. */
export interface Body {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const encoder = new TextEncoder();
const mib = 1_048_576;

/** UTF-8 of texts, and single bytes, one behind the other. */
export function bytesOf(
  ...parts: readonly (string | readonly number[])[]
): Uint8Array<ArrayBuffer> {
  const all = parts.map((part) =>
    Uint8Array.from(typeof part === 'string' ? encoder.encode(part) : part),
  );
  const bytes = new Uint8Array(all.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of all) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function utf16(text: string, bigEndian: boolean): number[] {
  return [...`\ufeff${text}`].flatMap((char) => {
    const code = char.charCodeAt(0);
    return bigEndian ? [code >> 8, code & 255] : [code & 255, code >> 8];
  });
}

// JSON texts of values that are hard to take, or of the wrong type almost everywhere.
const values: readonly string[] = [
  ...['null', 'true', 'false', '0', '-0', '-1', '1.5', '1e999', '-1e999', '1e-999', '1E400'],
  ...['9007199254740993', '18446744073709551616', `${'9'.repeat(400)}`, `0.${'1'.repeat(400)}`],
  ...['[]', '{}', '[[]]', '[null]', '[{}]', '{"a":1}', '[1,"a",true]', '{"enabled":true}'],
  ...['""', '" "', '"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udc00\\ud800"', '"\\uD83D\\uDE00"'],
  ...[
    '"../../etc/passwd"',
    '"..\\\\..\\\\x"',
    '"%2e%2e%2f"',
    '"\\r\\nset-cookie: a=b"',
    '"\\u2028"',
  ],
  ...[
    '"<script>alert(1)</script>"',
    '"</script>"',
    '"\x24{7*7}"',
    '"{{7*7}}"',
    '"`id`"',
    '"$(id)"',
  ],
  ...[`"' OR 1=1 --"`, '"\\"; DROP TABLE journal; --"', '"\x24{jndi:ldap://x}"', '"__proto__"'],
  ...[
    '"constructor"',
    '"ACME"',
    '"acme "',
    '"acme--x"',
    '"-acme"',
    '"caf\\u00e9"',
    '"cafe\\u0301"',
  ],
  ...['"\\u0430cme"', '"\\u202eemca"', '"\\ufeffacme"', '"a\\u200bcme"', `"${'a'.repeat(5000)}"`],
  ...['{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"admin":true}}}', '"*"'],
  ...['["*","acme"]', '["dev","dev"]', '["prod","dev","stg","qa"]', '"admin"', '["admin"]'],
];

const names: readonly string[] = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', ' ', 'type'],
  ...['a/b~c', '~0', '~1', '\\u0000', '\\ud800', '\\u2028', 'PLATFORMID', 'platformid', 'enabled'],
  ...['platformId ', 'plat\\u0066ormId', 'x', 'a'.repeat(65), '\\u00fc', 'API_TOKEN', '0', '-1'],
];

type Node = Record<string, unknown> | unknown[];

function nodesOf(value: unknown, found: Node[] = []): Node[] {
  if (typeof value !== 'object' || value === null) return found;
  found.push(value as Node);
  for (const below of Object.values(value)) nodesOf(below, found);
  return found;
}

interface Edit {
  readonly node: number;
  readonly at: number;
  readonly kind: 'replace' | 'add' | 'remove' | 'repeat';
  readonly name: string;
  readonly value: string;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  node: fc.nat(30),
  at: fc.nat(30),
  kind: fc.constantFrom('replace', 'add', 'remove', 'repeat'),
  name: fc.constantFrom(...names),
  value: fc.oneof(fc.constantFrom(...values), fc.json({ maxDepth: 3 })),
});

// Names and values are JSON texts as they stand: marks hold their places in the tree.
function edited(seed: object, edits: readonly Edit[]): string {
  const copy = structuredClone(seed);
  const texts: string[] = [];
  const mark = (text: string): string => `@@${texts.push(text) - 1}@@`;
  for (const { node, at, kind, name, value } of edits) {
    const nodes = nodesOf(copy);
    const place = nodes[node % nodes.length] ?? copy;
    const keys = Object.keys(place);
    const key = keys[at % Math.max(1, keys.length)];
    const members = place as Record<string, unknown>;
    if (kind === 'remove' && key !== undefined) delete members[key];
    else if (kind === 'replace' && key !== undefined) members[key] = mark(value);
    else if (Array.isArray(place)) place.push(mark(value));
    else members[mark(`"${kind === 'repeat' ? (key ?? name) : name}"`)] = mark(value);
  }
  return JSON.stringify(copy).replaceAll(/"@@(\d+)@@"/g, (_, index) => texts[Number(index)] ?? '');
}

const cuts = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.nat(3),
  added: fc.oneof(
    fc.uint8Array({ maxLength: 4 }),
    fc.constantFrom(...'{}[]:,"\\ 0\0'.split('').map((c) => encoder.encode(c))),
    fc.constantFrom(
      Uint8Array.of(0xff),
      Uint8Array.of(0xc0, 0xaf),
      Uint8Array.of(0xed, 0xa0, 0x80),
    ),
  ),
});

/** Bodies made of the seeds: members changed, bytes changed, or nothing of them left. */
export function changedBodies(seeds: readonly object[]): fc.Arbitrary<Body> {
  const seed = fc.constantFrom(...seeds);
  const members = fc
    .tuple(seed, fc.array(edit, { minLength: 1, maxLength: 4 }))
    .map(([base, edits]) => ({ name: 'changed members', bytes: bytesOf(edited(base, edits)) }));
  const bytes = fc
    .tuple(seed, fc.array(cuts, { minLength: 1, maxLength: 3 }))
    .map(([base, all]) => {
      let text = bytesOf(JSON.stringify(base));
      for (const { at, removed, added } of all) {
        const index = Math.floor(at * text.length);
        const rest = text.subarray(index + removed);
        text = Uint8Array.from([...text.subarray(0, index), ...added, ...rest]);
      }
      return { name: 'changed bytes', bytes: text };
    });
  const noise = fc.oneof(
    fc.json().map((text) => ({ name: 'any JSON', bytes: bytesOf(text) })),
    fc
      .uint8Array({ maxLength: 64 })
      .map((raw) => ({ name: 'any bytes', bytes: bytesOf([...raw]) })),
    fc.constantFrom(...seeds.flatMap((one) => attacksOn(one))),
  );
  return fc.oneof({ weight: 5, arbitrary: members }, { weight: 3, arbitrary: bytes }, noise);
}

/** Attacks on the reader of a sound body: what it is written in, and what is around it. */
export function attacksOn(seed: object): Body[] {
  const text = JSON.stringify(seed);
  const inside = (json: string): string => `${text.slice(0, -1)},"x":${json}}`.replace('{,', '{');
  const attacks: Record<string, Uint8Array<ArrayBuffer>> = {
    'only spaces': bytesOf(' \t\r\n'),
    'a scalar': bytesOf('"x"'),
    'an array of it': bytesOf(`[${text}]`),
    'a byte order mark': bytesOf([0xef, 0xbb, 0xbf], text),
    'UTF-16, little endian': bytesOf(utf16(text, false)),
    'UTF-16, big endian': bytesOf(utf16(text, true)),
    'a zero byte behind it': bytesOf(text, [0]),
    'a zero byte before it': bytesOf([0], text),
    'a letter behind it': bytesOf(text, 'x'),
    'the same again': bytesOf(text, text),
    'a trailing comma': bytesOf(`${text.slice(0, -1)},}`),
    'a comment': bytesOf(`${text} // x`),
    'single quotes': bytesOf(text.replaceAll('"', "'")),
    NaN: bytesOf(inside('NaN')),
    Infinity: bytesOf(inside('-Infinity')),
    'a hexadecimal number': bytesOf(inside('0x10')),
    'a leading zero': bytesOf(inside('012')),
    'a huge number': bytesOf(inside('9'.repeat(1000))),
    'a huge exponent': bytesOf(inside('1e99999')),
    'half a surrogate pair': bytesOf(inside('"\\ud83d"')),
    'an escaped zero': bytesOf(inside('"\\u0000"')),
    'a raw control character': bytesOf(inside('"\u0001"')),
    'invalid UTF-8': bytesOf(text.slice(0, -1), ',"x":"', [0xff, 0xfe], '"}'),
    'overlong UTF-8': bytesOf(text.slice(0, -1), ',"x":"', [0xc0, 0xaf], '"}'),
    'a surrogate in UTF-8': bytesOf(text.slice(0, -1), ',"x":"', [0xed, 0xa0, 0x80], '"}'),
    'UTF-8 that ends early': bytesOf(text.slice(0, -1), ',"x":"', [0xf0, 0x9f], '"}'),
    'a member __proto__': bytesOf(`${text.slice(0, -1)},"__proto__":{"platformId":"x"}}`),
    'a member constructor': bytesOf(`${text.slice(0, -1)},"constructor":{"prototype":{}}}`),
    'every member twice': bytesOf(`${text.slice(0, -1)},${text.slice(1)}`),
    'a form': bytesOf('platformId=acme&environments=dev'),
    XML: bytesOf('<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>'),
    gzip: bytesOf([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], text),
    'deep arrays': bytesOf(inside('['.repeat(3000) + ']'.repeat(3000))),
    'deep arrays, open': bytesOf(inside('['.repeat(3000))),
    'deep objects': bytesOf(inside(`${'{"x":'.repeat(3000)}1${'}'.repeat(3000)}`)),
  };
  return Object.entries(attacks).map(([name, bytes]) => ({ name, bytes }));
}

/** Attacks by sheer size; each is sent once. */
export function largeAttacks(seed: object): Body[] {
  const text = JSON.stringify(seed);
  const members = Array.from({ length: 40_000 }, (_, index) => `"m${index}":0`).join();
  const large: Record<string, string> = {
    'a body beyond 1 MiB': text + ' '.repeat(mib),
    'a body of exactly 1 MiB of spaces': ' '.repeat(mib),
    'a text of 900 KB': `{"platformId":"${'a'.repeat(900_000)}"}`,
    '40,000 unknown members': `{${members}}`,
    '80,000 names in maps': `{"features":{"features":{${members}}},"env":{"dev":{${members}}}}`,
    '400,000 brackets': '['.repeat(400_000),
  };
  return Object.entries(large).map(([name, body]) => ({ name, bytes: bytesOf(body) }));
}
