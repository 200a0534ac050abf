// Values that a schema of GitHub's description allows: one with everything, and what the freedom of
// the schema makes of a value: nulls, members that are missing, members that nobody knows.

import { referred } from './openapi.ts';
import { at, type Tree } from './openapi_tree.ts';

/** A value that differs from another one in what `change` says. */
export interface Variant {
  readonly change: string;
  readonly value: unknown;
}

/** A schema with what it refers to, and the parts that it is made of, as one. */
export function resolved(schema: unknown): Tree {
  const own = referred(schema);
  const parts = [own.allOf, own.anyOf, own.oneOf].flatMap((list) => (list as Tree[]) ?? []);
  if (parts.length === 0) return own;
  const [first = {}, ...others] = own.allOf === undefined ? parts.slice(0, 1) : parts;
  const whole = others.map(resolved).reduce<Tree>(joined, resolved(first));
  const { allOf: _, anyOf: __, oneOf: ___, ...rest } = own;
  return joined(whole, rest);
}

function joined(one: Tree, other: Tree): Tree {
  const properties = { ...(one.properties as Tree), ...(other.properties as Tree) };
  const required = [...((one.required as string[]) ?? []), ...((other.required as string[]) ?? [])];
  return { ...one, ...other, properties, required };
}

/** A value with all members of the schema; far down, only with those that have to be. */
export function sampleOf(schema: unknown, depth = 0): unknown {
  const { type, properties, items, required = [], ...known } = resolved(schema);
  if (Array.isArray(known.enum)) return known.enum.find((value) => value !== null) ?? null;
  if (type === 'array' || items !== undefined) return [sampleOf(items ?? {}, depth + 1)];
  if (isTree(properties) && Object.keys(properties).length > 0) {
    const names = depth > 6 ? (required as string[]) : Object.keys(properties);
    const members = names.map((name) => {
      return [name, sampleOf(at(properties, [name]), depth + 1)] as const;
    });
    return Object.fromEntries(members);
  }
  if (type === 'string') return textOf(known);
  if (type === 'integer' || type === 'number') return 1;
  return type === 'boolean' ? true : {};
}

function textOf({ format, example }: Tree): string {
  if (format === 'uri') return 'https://github.example/a';
  if (format === 'date-time') return '2026-01-01T00:00:00Z';
  return typeof example === 'string' ? example : 'text';
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}

/** What the schema makes of the value, one change at a time, down to the `deepest` level. */
export function variantsOf(schema: unknown, value: unknown, deepest = 4, where = ''): Variant[] {
  const { properties, items, required = [] } = resolved(schema);
  if (deepest < 0 || value === null) return [];
  if (Array.isArray(value)) {
    const [first, ...rest] = value as unknown[];
    if (items === undefined || first === undefined) return [];
    const below = variantsOf(items, first, deepest, `${where}/0`);
    return below.map(({ change, value }) => ({ change, value: [value, ...rest] }));
  }
  if (typeof value !== 'object' || properties === undefined) return [];
  const tree = value as Tree;
  const strange = { zz_unknown: { a: [1, null, 'x', { b: 1e300 }] } };
  const added = { change: `${where} more`, value: { ...strange, ...tree } };
  const changes = Object.entries(tree).flatMap(([name, item]): Variant[] => {
    const member = at(properties, [name]);
    if (member === undefined) return [];
    const here = `${where}/${name}`;
    const { [name]: _, ...without } = tree;
    const isNullable = referred(member).nullable === true;
    const below = variantsOf(member, item, deepest - 1, here);
    return [
      ...(isNullable ? [{ change: `${here} null`, value: { ...tree, [name]: null } }] : []),
      ...((required as string[]).includes(name)
        ? []
        : [{ change: `${here} missing`, value: without }]),
      ...below.map(({ change, value }) => ({ change, value: { ...tree, [name]: value } })),
    ];
  });
  return [added, ...changes];
}

/** The value with the members of `over` in the place of its own, all the way down. */
export function overlaid(value: unknown, over: unknown): unknown {
  if (Array.isArray(over)) {
    const own = Array.isArray(value) ? (value as unknown[]) : [];
    return over.map((item, index) => overlaid(own[index] ?? own[0], item));
  }
  if (typeof over !== 'object' || over === null) return over;
  const own = typeof value === 'object' && value !== null ? (value as Tree) : {};
  const members = Object.entries(over).map(([name, item]) => {
    return [name, overlaid(own[name], item)] as const;
  });
  return { ...own, ...Object.fromEntries(members) };
}
