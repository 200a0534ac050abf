// Changed documents: some still valid, most not.
import { pick, randomFrom } from '../../bench/inputs/random.ts';

// Of every JSON type, with texts that have to be escaped. No number that loses its form in a
// parser.
const values: readonly unknown[] = [
  ...[null, true, false, 0, 7, -12, 1.5, '', 'x', 'none', 'oidc', [], {}, ['y'], { a: 1 }],
  ...['odic', 'nonee', ['stack:serch', 'biling']],
  ...['<b>"\\\n\t\u007f\u2028\u2029\u0001', 'Z\u00fcrich', '\u{1f600}', 'https://example.com'],
];
const names = [
  'x',
  'API_TOKEN',
  'a/b~c',
  '',
  'enabled',
  'options',
  'id',
  'status',
  'Name',
  'enabeld',
  'provder',
  'Features',
  'stgs',
  'sites',
  '\u00fc',
];

type Node = Record<string, unknown> | unknown[];

function nodesOf(value: unknown, found: Node[] = []): Node[] {
  if (typeof value !== 'object' || value === null) return found;
  found.push(value as Node);
  for (const below of Object.values(value)) nodesOf(below, found);
  return found;
}

/** A copy of the document with one to three members added, replaced or removed. */
export function changedValue(original: object, seed: number): unknown {
  const random = randomFrom(seed);
  const copy = structuredClone(original);
  for (let count = 1 + Math.floor(random() * 3); count > 0; count -= 1) {
    const node = pick(random, nodesOf(copy));
    const value = structuredClone(pick(random, values));
    const kind = random();
    if (Array.isArray(node)) {
      if (kind < 0.5 || node.length === 0) node.push(value);
      else node[Math.floor(random() * node.length)] = value;
    } else if (kind < 0.35 || Object.keys(node).length === 0) {
      node[pick(random, names)] = value;
    } else {
      const name = pick(random, Object.keys(node));
      if (kind < 0.7) node[name] = value;
      else delete node[name];
    }
  }
  return copy;
}

const bytes_of_interest = [...'{}[]:,"\\ 0'].map((letter) => letter.charCodeAt(0));

/** A copy of the bytes with one changed, added or removed, or cut short. */
export function changedBytes(original: Uint8Array, seed: number): Uint8Array {
  const random = randomFrom(seed);
  const at = Math.floor(random() * original.length);
  const byte = random() < 0.5 ? pick(random, bytes_of_interest) : Math.floor(random() * 256);
  const kind = random();
  if (kind < 0.1) return original.slice(0, at);
  const before = [...original.subarray(0, at)];
  const after = [...original.subarray(kind < 0.4 ? at : at + 1)];
  return Uint8Array.from(kind < 0.7 ? [...before, byte, ...after] : [...before, ...after]);
}
