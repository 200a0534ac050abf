// Changes to one segment: its bytes, its JSON tokens, or its document. Texts are latin1: one
// character a byte, so that bytes that are not UTF-8 go through unchanged.
import type { Random } from '../../../simulator/base/random.ts';
import { below, pick } from './choose.ts';

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Tokens that have been trouble for some reader of JSON, as text; some are not JSON. */
export const odd_tokens: readonly string[] = [
  ...['0', '-0', '-1', '1.5', '1E+2', '1e400', '01', '.5', '1.', '+1', '-', 'NaN', '0x10'],
  ...['9007199254740991', '9007199254740992', '-9007199254740992', '18446744073709551616'],
  ...['9223372036854775807', '-9223372036854775809', '1'.repeat(400), `0.${'3'.repeat(400)}`],
  ...['true', 'false', 'null', 'tru', 'nul', 'truefalse', '{}', '[]', '[[]]', '{"":{}}', ''],
  ...['""', '"a', '"\\"', '"\\x"', '"\\u12"', '"\\ud800"', '"\\udc00"', '"\\ud83d\\ude00"'],
  ...['"\\ud800\\u0041"', '"\\u0000"', '"a\\u0000b"', '"\t"', '"\x00"', '"\x7f"', '"__proto__"'],
  ...['"\xc3\xa9"', '"\xc3"', '"\xc0\xaf"', '"\xed\xa0\x80"', '"\xf4\x90\x80\x80"', '"\xff"'],
  ...[
    '"\xef\xbb\xbf"',
    '\xef\xbb\xbf',
    ' ',
    '\n',
    '/**/',
    '"\\/\\b\\f\\n\\r\\t"',
    `"${'x'.repeat(600)}"`,
  ],
  ...[
    '['.repeat(40),
    '{"a":'.repeat(40),
    `${'['.repeat(1100)}${']'.repeat(1100)}`,
    ',',
    ':',
    '}',
    ']',
  ],
];

/** Changes a few bytes, wherever they are. */
export function mutateBytes(random: Random, text: string): string {
  const at = below(random, text.length + 1);
  const length = 1 + below(random, 4);
  switch (below(random, 5)) {
    case 0:
      return text.slice(0, at) + text.slice(at + length);
    case 1:
      return text.slice(0, at) + byte(random) + text.slice(at + 1);
    case 2:
      return text.slice(0, at) + byte(random) + text.slice(at);
    case 3:
      return text.slice(0, at) + text.slice(below(random, at + 1));
    default:
      return text.slice(0, at);
  }
}

/** Changes, removes, doubles or adds one token of a JSON text. */
export function mutateToken(random: Random, text: string): string {
  const tokens = [...text.matchAll(/"(?:[^"\\]|\\.)*"|[\w.+-]+|[[\]{}:,]/g)];
  if (tokens.length === 0) return pick(random, odd_tokens);
  const { 0: token, index } = pick(random, tokens);
  const head = text.slice(0, index);
  const tail = text.slice(index + token.length);
  switch (below(random, 4)) {
    case 0:
      return head + tail;
    case 1:
      return `${head}${token}${pick(random, ['', ',', ' '])}${token}${tail}`;
    case 2:
      return head + pick(random, tokens)[0] + tail;
    default:
      return head + pick(random, odd_tokens) + tail;
  }
}

/** Changes one value of a document to any other; a text that is no JSON comes back changed, too. */
export function mutateDocument(random: Random, text: string): string {
  const document = parse(text);
  if (document === undefined) return mutateToken(random, text);
  const marker = '\u0001odd\u0001';
  const changed = changeOne(random, document, () => marker);
  const value = pick(random, [...odd_tokens, ...valuesOf(document).map(latin1)]);
  return latin1(changed).replace(latin1(marker), () => value);
}

/** Changes one value of a document, and keeps its type: most readers accept the result. */
export function mutateGently(random: Random, text: string): string {
  const document = parse(text);
  if (document === undefined) return text;
  return latin1(changeOne(random, document, (value) => alike(random, value, document)));
}

/** Writes the document's first object with one member twice; a text without one stays as it is. */
export function doubleMember(random: Random, text: string): string {
  const members = [...text.matchAll(/"(?:[^"\\]|\\.)*":(?:"(?:[^"\\]|\\.)*"|[\w.+-]+)/g)];
  if (members.length === 0) return text;
  const { 0: member, index } = pick(random, members);
  return `${text.slice(0, index)}${member},${text.slice(index)}`;
}

/** A value of the same type: another one of the document, or one near the limits of the type. */
function alike(random: Random, value: Json, document: Json): Json {
  switch (typeof value) {
    case 'number':
      return pick(random, [0, 1, 2, -1, value + 1, value - 1, 2 ** 53 - 1, value + 3_600_000]);
    case 'boolean':
      return !value;
    case 'string': {
      // A single word is a state or an identifier, mostly: another text is of another type.
      if (/^[\w:/-]*$/.test(value) && random() < 0.95) return value;
      const others = valuesOf(document).filter((other) => typeof other === 'string');
      return pick(random, [...others, '', `${value}x`, value.slice(1), '\u00e9\u4e2d', 'a\\"\n']);
    }
    default:
      return Array.isArray(value) ? value.concat(value.slice(-1)) : { ...value };
  }
}

/** A copy of the document with one member, item or leaf changed. */
function changeOne(random: Random, document: Json, change: (value: Json) => Json): Json {
  if (typeof document !== 'object' || document === null) return change(document);
  if (random() < 0.05) return change(document);
  if (Array.isArray(document)) {
    if (document.length === 0) return change(document);
    const chosen = below(random, document.length);
    if (random() < 0.1) return document.filter((_, index) => index !== chosen);
    return document.map((item, i) => (i === chosen ? changeOne(random, item, change) : item));
  }
  return changeMember(random, document, change);
}

function changeMember(
  random: Random,
  object: { [name: string]: Json },
  change: (value: Json) => Json,
): Json {
  const members = Object.entries(object);
  if (members.length === 0 || random() < 0.05) return { ...object, unknown: change('') };
  const chosen = below(random, members.length);
  if (random() < 0.1) return Object.fromEntries(members.filter((_, index) => index !== chosen));
  if (random() < 0.05) return Object.fromEntries(members.reverse());
  return Object.fromEntries(
    members.map(([name, value], index): [string, Json] =>
      index === chosen ? [name, changeOne(random, value, change)] : [name, value],
    ),
  );
}

/** Every value of a document, itself included. */
function valuesOf(document: Json): Json[] {
  if (typeof document !== 'object' || document === null) return [document];
  return [document, ...Object.values(document).flatMap(valuesOf)];
}

function parse(text: string): Json | undefined {
  try {
    return JSON.parse(Buffer.from(text, 'latin1').toString('utf8')) as Json;
  } catch {
    return undefined;
  }
}

/** A document as JSON, in UTF-8, one character a byte. */
function latin1(document: Json): string {
  return Buffer.from(JSON.stringify(document), 'utf8').toString('latin1');
}

function byte(random: Random): string {
  const bytes = [
    '"',
    '\\',
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '0',
    'e',
    '-',
    ' ',
    '\x00',
    '\xff',
    '\xc3',
  ];
  return random() < 0.5 ? pick(random, bytes) : String.fromCharCode(below(random, 256));
}
