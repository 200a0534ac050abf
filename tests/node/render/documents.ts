// Random configurations as JSON texts, hostile in every value, and what an environment must get.
import fc from 'fast-check';

/** An environment, or none for the defaults. */
export type Environment = 'dev' | 'stg' | 'prod' | undefined;

/** What the three modules of an environment hold. */
export interface Expected {
  readonly features: unknown;
  readonly env: unknown;
  readonly auth: unknown;
}

// Separated by spaces, and then some that are white space themselves.
const words = [
  '" \' ` \\ \\\\" \x24{ \x24{process.env.X} `\x24{1}` </script> </SCRIPT <!-- */ /* // }; ] { , :',
  '\0 \x1b \x7f \x80 \x85 \u200f\u05d0\u202e \u0661 \ufffd \uffff \u{1f600} e\u0301 \u{10ffff}',
  '\u{1f468}\u200d\u{1f469} __proto__ constructor null true 1e5 \\u0041 \\x41 \\0 undefined \\n",',
].flatMap((line) => line.split(' '));
const pieces = [
  ...words,
  ...'\n\r\t\b\f\v\u2028\u2029\ufeff\u00a0 ',
  ...['%', '\r\n', '\\\n', '', '": 1, "', 'export const envConfig = {', 'x'.repeat(99)],
];

/** Text of at most 4096 bytes, no half of a surrogate pair in it. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...pieces) },
  { weight: 20, arbitrary: fc.array(fc.constantFrom(...pieces), { maxLength: 6 }).map(joined) },
  { weight: 15, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  { weight: 5, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  { weight: 1, arbitrary: fc.constantFrom('\0', '\u{1f600}', '\\', '<', '"').map(long) },
);

function joined(some: readonly string[]): string {
  return some.join('');
}

function long(character: string): string {
  return character.repeat(4096 / Buffer.byteLength(character));
}

/** JSON numbers in every form that a 64-bit double holds, integers up to 2^53 - 1. */
export const numberText: fc.Arbitrary<string> = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(doubleText),
  fc.maxSafeInteger().map(String),
  fc.tuple(fc.integer(), fc.integer({ min: -320, max: 290 })).map(([n, e]) => `${n}.50E${e}`),
  fc.constantFrom(
    ...['-0', '0.0', '-0e-5', '1.50', '5e-324', '2e-324', '1e-999', '2.2250738585072011e-308'],
    ...['1.7976931348623157e308', '1.7976931348623158e308', '1e+21', '123456789012345680000.0'],
    ...['9007199254740991', '-9007199254740991', '9007199254740993.0', '0.1000000000000000055511'],
    ...['0e308', '1E0005', `0.${'0'.repeat(300)}1`, `1${'0'.repeat(40)}.5`, '4.35', '1e22', '1e23'],
  ),
);

// Large doubles get a fraction: without one they would be integers that are rounded.
function doubleText(value: number): string {
  if (Object.is(value, -0)) return '-0';
  return Number.isInteger(value) && !Number.isSafeInteger(value)
    ? `${value}.0`.replace(/(e.*)\.0$/, '$1')
    : `${value}`;
}

const quotedText = fc
  .tuple(hostileText, fc.boolean())
  .map(([text, escaped]) => (escaped ? allEscaped(text) : JSON.stringify(text)));

const scalar = fc.oneof(quotedText, numberText, fc.constantFrom('true', 'false'));

// JSON that writes each UTF-16 unit as an escape.
function allEscaped(text: string): string {
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('')}"`;
}

function objectOf(
  name: fc.Arbitrary<string>,
  value: fc.Arbitrary<string>,
  maxLength: number,
): fc.Arbitrary<string> {
  const members = fc.uniqueArray(fc.tuple(name, value), { maxLength, selector: ([key]) => key });
  return members.map((some) => object(some.map(([key, text]) => [key, text] as const)));
}

function object(members: readonly (readonly [string, string | undefined])[]): string {
  const present = members.filter(([, text]) => text !== undefined);
  return `{${present.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`;
}

const optional = (text: fc.Arbitrary<string>): fc.Arbitrary<string | undefined> =>
  fc.option(text, { nil: undefined });

/** Names that the core takes for variables; those that look like secrets are left out. */
const variableName = fc.oneof(
  fc.constantFrom('constructor', 'toString', 'hasOwnProperty', 'valueOf', 'prototype', 'undefined'),
  fc.constantFrom('NaN', 'class', 'default', 'if', 'envConfig', 'let', 'await', 'then', 'toJSON'),
  fc.stringMatching(/^[A-Z][A-Z0-9_]{0,63}$/).filter((name) => !/SECRET|PASS|KEY|TOKEN/.test(name)),
);
const featureId = fc.oneof(
  fc.constantFrom('constructor', 'proto', '0', '1', '00', '9007199254740993', '1e3', 'if', 'a-1'),
  fc.stringMatching(/^[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}$/),
);

interface Names {
  readonly feature: fc.Arbitrary<string>;
  readonly variable: fc.Arbitrary<string>;
}

function features({ feature, variable }: Names): fc.Arbitrary<string> {
  const options = optional(objectOf(variable, scalar, 3));
  const one = fc.tuple(fc.boolean(), options).map(([enabled, text]) =>
    object([
      ['enabled', String(enabled)],
      ['options', text],
    ]),
  );
  const all = objectOf(feature, one, 4);
  return fc.tuple(all, optional(all)).map(([own, stacks]) =>
    object([
      ['features', own],
      ['stacks', stacks],
    ]),
  );
}

function env({ variable }: Names): fc.Arbitrary<string> {
  const own = objectOf(variable, scalar, 6);
  const over = optional(objectOf(variable, scalar, 3));
  return fc.tuple(own, over, over, over).map(perEnvironment);
}

const issuer = fc.stringMatching(/^https:\/\/[!-?A-~]{4,60}$/).map((text) => JSON.stringify(text));
const clientId = hostileText
  .filter((text) => text !== '' && Buffer.byteLength(text) <= 256)
  .map((text) => JSON.stringify(text));
const scopes = fc.array(quotedText, { maxLength: 4 }).map((some) => `[${some.join(',')}]`);

// The defaults name issuer and client, so that every override is complete.
const auth = fc
  .tuple(
    ...[true, false, false, false].map((whole) => {
      const provider = fc.constantFrom('"none"', '"oidc"');
      const settings = fc
        .tuple(optional(provider), issuer, clientId, optional(scopes), fc.nat({ max: 3 }))
        .map(([kind, url, client, list, given]) =>
          object([
            ['provider', kind],
            ['issuer', whole || given > 1 ? url : undefined],
            ['clientId', whole || given % 2 > 0 ? client : undefined],
            ['scopes', list],
          ]),
        );
      return whole ? settings : optional(settings);
    }),
  )
  .map(perEnvironment);

function perEnvironment(texts: readonly (string | undefined)[]): string {
  const names = ['default', 'dev', 'stg', 'prod'];
  return object(names.map((name, index) => [name, texts[index]] as const));
}

function configurations(names: Names): fc.Arbitrary<string> {
  return fc.tuple(features(names), env(names), auth).map(([f, e, a]) =>
    object([
      ['features', f],
      ['env', e],
      ['auth', a],
    ]),
  );
}

/** Configurations that the core accepts, as JSON texts. */
export const validConfiguration = configurations({ feature: featureId, variable: variableName });

/** Configurations whose names are anything at all: only for the renderer itself. */
export const wildConfiguration = configurations({
  feature: fc.oneof(hostileText, featureId),
  variable: fc.oneof(hostileText, fc.constantFrom('__proto__', '0', '-1', '1.5', '1e3', 'a b')),
});

type Members = Readonly<Record<string, unknown>>;

/** What the three modules must hold. JSON.parse makes own members of names like `__proto__`. */
export function expectedOf(configuration: string, environment: Environment): Expected {
  const parsed = JSON.parse(configuration) as Record<'features' | 'env' | 'auth', Members>;
  const stacks = JSON.parse('{}') as Members;
  return {
    features: { stacks, ...parsed.features },
    env: merged(parsed.env, environment),
    auth: { provider: 'none', ...merged(parsed.auth, environment) },
  };
}

// Entries, not assignment: an assignment to `__proto__` would set the prototype.
function merged(document: Members, environment: Environment): Members {
  const own = Object.entries(document.default as Members);
  const over = environment === undefined ? undefined : document[environment];
  return Object.fromEntries([...own, ...Object.entries((over ?? {}) as Members)]);
}
