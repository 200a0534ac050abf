// Which known name was probably meant by one that is not known: src/base/nearest.cpp by hand.

/** Longest name that is compared, in bytes. */
const bytes_max = 64;
const edits_max = 2;

const encoder = new TextEncoder();

/** The number of edits between two names, or `beyond` where it is not less. */
function edits(a: Uint8Array, b: Uint8Array, beyond: number): number {
  if (Math.abs(a.length - b.length) >= beyond) return beyond;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(replaced, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, (before[j - 2] ?? 0) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return Math.min(last[b.length] ?? beyond, beyond);
}

/** The nearest of the known names; undefined where none is near enough. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  const bytes = encoder.encode(given);
  if (bytes.length > bytes_max) return undefined;
  let found: string | undefined;
  let beyond = Math.min(edits_max, Math.floor(bytes.length / 3)) + 1;
  for (const name of known) {
    const other = encoder.encode(name);
    if (other.length > bytes_max) continue;
    const distance = edits(bytes, other, beyond);
    if (distance >= beyond) continue;
    found = name;
    beyond = distance;
  }
  return found;
}

const config_fields = ['features', 'env', 'auth'];
const environment_fields = ['default', 'dev', 'stg', 'prod'];
const switch_fields = ['enabled', 'options', 'requires'];
const auth_fields = ['provider', 'issuer', 'clientId', 'scopes'];

/** The fields of the object at a place; `root` are those of the whole document. */
export function knownFields(
  at: string,
  root: readonly string[] = config_fields,
): readonly string[] {
  if (at === '') return root;
  const [first, second, ...rest] = at.slice(at.startsWith('/config') ? 8 : 1).split('/');
  if (first === '') return config_fields;
  if (second === undefined) {
    return first === 'features' ? ['features', 'stacks'] : environment_fields;
  }
  return rest.length === 0 ? auth_fields : switch_fields;
}
