// Random modules of literals as people write them: the same kinds of values in every style.
import fc from 'fast-check';
import { hostileText, numberText } from './documents.ts';

/** Chooses: a number from 0 up to, not including, `below`. */
export type Choose = (below: number) => number;

type Tree =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'source'; readonly source: string; readonly constant: boolean }
  | { readonly kind: 'list'; readonly items: readonly Tree[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Tree])[] };

/** The types that generated modules import. */
export const typesModule = `
export interface Config { readonly [name: string]: unknown }
export type Wide<T = unknown, U = Record<string, T>> = T | U | unknown;
`;

function tree(): fc.Arbitrary<Tree> {
  const text = hostileText.map((content): Tree => ({ kind: 'text', text: content }));
  const source =
    (constant: boolean) =>
    (written: string): Tree => {
      return { kind: 'source', source: written, constant };
    };
  const number = fc.oneof(
    numberText,
    fc.constantFrom('0x1F', '0XfF', '0b1_01', '0o17', '.5', '-.5e-3', '5.', '1_000.5_0', '- 1'),
    fc.constantFrom('0xF_f', '-0x10', '1e1_0', '0.', '-/* minus */3', '00.5'.slice(1)),
  );
  const leaf = fc.oneof(
    { weight: 6, arbitrary: text },
    { weight: 4, arbitrary: number.map(source(true)) },
    { weight: 2, arbitrary: fc.constantFrom('true', 'false').map(source(true)) },
    { weight: 1, arbitrary: fc.constant('null').map(source(false)) },
  );
  const left = fc.constant('undefined').map(source(false));
  const { node } = fc.letrec<{ node: Tree }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.array(tie('node'), { maxLength: 4 }).map((items): Tree => ({ kind: 'list', items })),
      fc
        .uniqueArray(fc.tuple(memberName, fc.oneof({ weight: 8, arbitrary: tie('node') }, left)), {
          maxLength: 6,
          selector: ([name]) => name,
        })
        .map((members): Tree => ({ kind: 'object', members })),
    ),
  }));
  return node;
}

const memberName = fc.oneof(
  fc.constantFrom('a', 'b1', '$c', '_d', 'if', 'class', 'get', 'set', 'async', 'type', 'as', 'of'),
  fc.constantFrom(
    'undefined',
    'NaN',
    'Object',
    'constructor',
    'toString',
    '__proto__',
    '\u00e9t\u00e9',
  ),
  fc.constantFrom(
    '0',
    '1',
    '17',
    '9007199254740991',
    '1.5',
    '-1',
    '1e3',
    'a-b',
    'a b',
    '\u{2f804}',
  ),
  hostileText,
);

/** One module, without \`.ts\` types beside \`./types.ts\`. */
export const literalModule: fc.Arbitrary<string> = fc
  .tuple(fc.array(tree(), { minLength: 1, maxLength: 4 }), fc.nat())
  .map(([values, seed]) => printModule(values, chooser(seed)));

/** Choices from a seed, the same every time: mulberry32, well-mixed bits from a counter. */
export function chooser(seed: number): Choose {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

function one(choose: Choose, ...choices: readonly [string, ...string[]]): string {
  return choices[choose(choices.length)] ?? choices[0];
}

/** White space and comments that end no line. */
function inline(choose: Choose): string {
  return one(choose, '', ' ', '', '\t', ' /* } ] " \' ` */ ', '  ', '/**/', '\u00a0', '\v\f');
}

/** White space and comments of any kind. */
function space(choose: Choose): string {
  const lines = ['\n', '\r\n', '\r', ' // } ] " \' ` ${\n', '/** "doc"\n * `x` */', '\u2028'];
  return choose(3) > 0 ? inline(choose) : one(choose, '\n', ...lines);
}

function printModule(values: readonly Tree[], choose: Choose): string {
  const mark = one(choose, '', '', '\ufeff');
  const head = one(
    choose,
    ...['', '// config\n', "import type { Config, Wide } from './types.ts'\n", '/* a\n */ ;\n'],
    "import { type Config, type Wide as Broad } from './types.ts';\nexport type { Broad };\n",
    "import type * as all from './types.ts'; type Wide<T> = all.Wide<T>\n",
    "interface Wide<T extends {} = { a: '}' }> { f?(x: T): void; [k: string]: unknown }\n",
  );
  const annotations = ['', '', ': unknown', ': Readonly<unknown>', ': unknown | (() => void)'];
  const wide = /type Wide|Wide }|Wide</.test(head) ? ': Wide<{ a: [1, -2] }>' : ': any[] | any';
  const statements = values.map((value, index) => {
    const name = ['a', 'default_', 'type', '$config'][index] ?? 'rest';
    const written = asserted(value, choose);
    const type = one(choose, wide, ...annotations);
    const constant = `const${inline(choose) || ' '} ${name}${inline(choose)}${type}`;
    const bound = `${constant}${space(choose)} =${space(choose)}${written}`;
    const end = one(choose, ';', '\n', ' // end\n', '; ; ', '\r\n');
    if (index > 0) return `export ${bound}${end}`;
    return one(
      choose,
      `export ${bound}${end}`,
      `export default${space(choose)} ${written}${end}`,
      `${bound}${end}export default ${name}${end}`,
      `export {${space(choose)}${name} as other,${space(choose)}${name} }${end}${bound}${end}`,
      `export ${bound}, more = 1${end}export { more as default }${end}`,
    );
  });
  return mark + head + statements.join(inline(choose));
}

// A value, and assertions after it on the same line.
function asserted(value: Tree, choose: Choose): string {
  const written = print(value, choose);
  const constant = value.kind !== 'source' || value.constant;
  const parenthesised = (text: string): string => `(${space(choose)}${text}${space(choose)})`;
  const gap = inline(choose) || ' ';
  const types = ['any', 'any as { a: 1 }[]', 'any as keyof { a: 1 } & string'] as const;
  const more = ['any as Map<string, () => void> | undefined', 'any as typeof globalThis'] as const;
  switch (choose(10)) {
    case 0:
      return constant ? `${written}${gap}as${space(choose)} const` : written;
    case 1:
      return `${written}${gap}as${space(choose)} unknown as any`;
    case 2:
      return `${written}${gap}satisfies ${one(choose, 'unknown', 'any')}`;
    case 3:
      return `${written}${gap}as ${one(choose, ...types, ...more)}`;
    case 4:
      return parenthesised(written);
    case 5:
      return value.kind === 'object' ? `Object.freeze(${written}${one(choose, '', ',')})` : written;
    default:
      return written;
  }
}

function print(value: Tree, choose: Choose): string {
  switch (value.kind) {
    case 'source':
      return value.source;
    case 'text':
      return printText(value.text, choose);
    case 'list':
      return brackets('[]', value.items, choose, (item) => asserted(item, choose));
    case 'object':
      return brackets('{}', value.members, choose, ([name, member]) => {
        const between = `${space(choose)}:${space(choose)}`;
        return `${printName(name, choose)}${between}${asserted(member, choose)}`;
      });
  }
}

function brackets<T>(
  pair: '[]' | '{}',
  items: readonly T[],
  choose: Choose,
  printItem: (item: T) => string,
): string {
  const printed = items.map((item) => `${space(choose)}${printItem(item)}${space(choose)}`);
  const trailing = printed.length > 0 ? one(choose, '', ',') : '';
  return `${pair[0]}${printed.join(',')}${trailing}${space(choose)}${pair[1]}`;
}

function printName(name: string, choose: Choose): string {
  if (name === '__proto__') return `[${space(choose)}${printText(name, choose)}]`;
  // Letters that every compiler's Unicode has, however old.
  const word = /^[\w$\u00c0-\u00d6\u0400-\u045f\u4e00-\u9fa5\u{2f804}]+$/u;
  if (word.test(name) && !/^\d/.test(name) && choose(3) > 0) return name;
  if (/^(0|[1-9]\d*)$/.test(name) && Number.isSafeInteger(Number(name)) && choose(2) > 0) {
    return one(choose, name, `0x${Number(name).toString(16)}`, `${name}.`);
  }
  return printText(name, choose, choose(2) > 0 ? '"' : "'");
}

function printText(text: string, choose: Choose, quote = one(choose, '"', "'", '`')): string {
  const style = choose(4);
  const characters = [...text].map((character, index, all) => {
    const escaped = style === 0 || (style === 1 && choose(3) === 0);
    const next = all[index + 1] ?? '';
    if (escaped) return escapeOf(character, next, choose);
    if (character === quote || character === '\\') return `\\${character}`;
    if (character === '\n' && quote === '`') return one(choose, '\n', '\r\n', '\r');
    if (character === '\r' || character === '\n') return escapeOf(character, next, choose);
    return quote === '`' && character === '$' && next === '{' ? '\\$' : character;
  });
  const continued = characters.map((each) => (choose(40) === 0 ? `\\\r\n${each}` : each));
  return quote + continued.join('') + quote;
}

const named: ReadonlyMap<string, string> = new Map(
  [...'\n\r\t\b\f\v\\"\'`$z'].map((character, index) => [
    character,
    `\\${'nrtbfv\\"\'`$z'[index]}`,
  ]),
);

function escapeOf(character: string, next: string, choose: Choose): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = (digits: number, value = code): string => value.toString(16).padStart(digits, '0');
  const short = named.get(character) ?? (code === 0 && !/\d/.test(next) ? '\\0' : undefined);
  if (short !== undefined && choose(2) > 0) return short;
  if (code < 0x100 && choose(2) > 0) return `\\x${hex(2).toUpperCase()}`;
  if (choose(2) > 0) return `\\u{${hex(choose(8))}}`;
  return Array.from({ length: character.length }, (_, unit) => {
    return `\\u${hex(4, character.charCodeAt(unit))}`;
  }).join('');
}
