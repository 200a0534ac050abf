// Hostile requests of an operation: its path, query, headers and body, each sound or not.
import fc from 'fast-check';
import type { Operation } from '../../../bindings/generated/operations.ts';
import { documented } from '../support/openapi.ts';
import { attacksOn, type Body, bytesOf, changedBodies, largeAttacks } from './bodies.ts';
import { type Hints, seedsOf } from './seeds.ts';

/** A request that should do no harm. */
export interface HostileRequest {
  readonly method: string;
  /** Path and query as they stand behind the host. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Body;
}

/** What a world has: values for parameters of paths, and for members of bodies. */
export interface Known {
  readonly ids: Readonly<Record<string, string>>;
  readonly hints: Hints;
}

const odd_segments: readonly string[] = [
  ...['%2e%2e', '%2e%2e%2f', '..%2f..%2fglobex', '%00', 'acme%00', '%0d%0aset-cookie:a=b', '%20'],
  ...[
    '%ff',
    '%c0%af',
    '%ed%a0%80',
    '%',
    '%zz',
    '%u0061',
    'a%2fb',
    'acme%2F',
    'acme%5c',
    ';',
    '..;',
  ],
  ...['ACME', 'acme%20', '-', '--', 'acme--x', '0', '-1', '1e3', '01', '9'.repeat(30), '1.0', '*'],
  ...["acme'--", '%22;DROP%20TABLE%20journal', '$%7Bjndi:x%7D', '%7BplatformId%7D', 'a'.repeat(47)],
  ...['a'.repeat(5000), '%F0%9F%98%80', '%EF%BB%BFacme', '%D0%B0cme', '__proto__', 'constructor'],
  ...['null', 'undefined', 'true', 'acme/dev', 'acme:dev', '%252e%252e', 'dep_', 'op_', 'bat_'],
];

const odd_tails: readonly string[] = [
  ...['/', '//', '/.', '/..', '/%2e%2e', '%2f', '%00', ';x=y', '.json', '/extra', '%20', '#part'],
];

const odd_values: readonly string[] = [
  ...['', '0', '-1', '1.5', '1e3', '01', '+1', '%2B1', '0x10', 'NaN', 'null', 'TRUE', 'yes', '101'],
  ...[
    '9'.repeat(30),
    '%00',
    '%ff',
    '%zz',
    'a'.repeat(101),
    'a'.repeat(20_000),
    "'--",
    '%22',
    '%0a',
  ],
  ...['dev', 'DEV', 'qa', 'true', 'false', 'zzz', '../x', '%F0%9F%98%80', '[]', '{}', '__proto__'],
];

const odd_names: readonly string[] = [
  ...['', 'x', '__proto__', 'constructor', 'Limit', 'limit%00', 'limit[]', 'wait', 'env', 'cursor'],
  ...['%ff', 'a'.repeat(300), 'dry_run', 'access_token'],
];

const odd_headers: Readonly<Record<string, readonly string[]>> = {
  'if-match': [
    '',
    '*',
    'x',
    '"',
    '""',
    '"x"',
    'W/"1"',
    '"1", "2"',
    '1',
    'a'.repeat(9000),
    '"\u00ff"',
  ],
  'if-none-match': ['', '*', '"', '"x", *', 'a'.repeat(9000), '"\u00ff"'],
  'idempotency-key': [
    '',
    ' ',
    'a b',
    'a'.repeat(256),
    'a'.repeat(9000),
    'caf\u00e9',
    'a,b',
    'k-1',
    '\t',
  ],
  'content-type': ['', 'text/plain', 'application/xml', 'application/json; charset=utf-16', 'x'],
  'content-length': ['0', '1', '999999999999', '-1', 'x'],
  'content-encoding': ['gzip', 'br', 'x'],
  'transfer-encoding': ['chunked'],
  'x-request-id': [
    'a b',
    '%0d%0aevil',
    '\u00ff',
    'a'.repeat(65),
    '{"event":"request"}',
    '$(id)',
    '',
  ],
  'x-http-method-override': ['DELETE'],
  'x-forwarded-for': ['127.0.0.1'],
  accept: ['text/html', '*/*;q=0', 'x'],
  authorization: [
    '',
    'Bearer',
    'Bearer ',
    'Basic YTpi',
    'Bearer a b',
    `Bearer ${'a'.repeat(9000)}`,
  ],
};

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

const segmentsOf = (path: string): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');

function filled(path: string, ids: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name) => ids[name] ?? 'missing');
}

// Any text as a segment: percent-encoded, or as it stands where a URL can hold it.
const segments = fc.oneof(
  fc.constantFrom(...odd_segments),
  fc
    .string({ unit: 'binary', minLength: 1, maxLength: 60 })
    .map((text) => encodeURIComponent(text.toWellFormed())),
  fc.string({ minLength: 1, maxLength: 60 }).map((text) => text.replaceAll(/[/?#\\]/g, '.')),
);

function paths({ path }: Operation, { ids }: Known): fc.Arbitrary<string> {
  const names = segmentsOf(path);
  const sound = filled(path, ids);
  const tails = fc.constantFrom(...odd_tails).map((tail) => sound + tail);
  const doubled = fc.constant(sound.replaceAll('/', '//'));
  const upper = fc.constant(sound.toUpperCase());
  if (names.length === 0) return fc.oneof(tails, doubled, upper);
  const one = fc
    .tuple(fc.constantFrom(...names), segments)
    .map(([name, segment]) => filled(path, { ...ids, [name]: segment }));
  return fc.oneof({ weight: 6, arbitrary: one }, tails, doubled, upper);
}

function queries({ name }: Operation): fc.Arbitrary<string> {
  const known = (documented(name).parameters ?? [])
    .filter((parameter) => parameter.in === 'query')
    .map((parameter) => parameter.name);
  const value = fc.oneof(
    fc.constantFrom(...odd_values),
    fc.string({ maxLength: 120 }).map((text) => encodeURIComponent(text.toWellFormed())),
  );
  const pair = fc
    .tuple(fc.constantFrom(...known, ...known, ...odd_names), value)
    .map(([key, text]) => `${key}=${text}`);
  const pairs = fc.array(pair, { minLength: 1, maxLength: 4 }).map((all) => `?${all.join('&')}`);
  return fc.oneof(
    { weight: 6, arbitrary: pairs },
    fc.constantFrom('?', '?&&&', '?=', '?&=&', '?a'),
  );
}

const header = fc
  .constantFrom(...Object.entries(odd_headers))
  .chain(([name, all]) => fc.constantFrom(...all).map((value) => [name, value] as const));
const headers = fc
  .array(header, { minLength: 1, maxLength: 3 })
  .map((all) => Object.fromEntries(all));

/** What is needed for an operation to be done at all. */
const sound_headers = { 'content-type': 'application/json', 'if-match': '*' };

const hasBody = (method: string): boolean => method !== 'GET' && method !== 'HEAD';

/** Requests of which one part is hostile, or several. */
export function hostileRequests(operation: Operation, known: Known): fc.Arbitrary<HostileRequest> {
  const seeds = seedsOf(operation.name, known.hints);
  const sound = {
    method: fc.constant(operation.method as string),
    path: fc.constant(filled(operation.path, known.ids)),
    query: fc.constant(''),
    headers: fc.constant({}),
    body: seeds.length === 0 ? fc.constant(undefined) : fc.constantFrom(...seeds).map(bodyOf),
  };
  const hostile = {
    method: fc.constantFrom(...methods),
    path: paths(operation, known),
    query: queries(operation),
    headers,
    body: changedBodies(seeds.length === 0 ? [{}] : seeds),
  };
  const { body, ...rest } = hostile;
  const parts = fc.oneof(
    { weight: seeds.length === 0 ? 1 : 12, arbitrary: fc.record({ ...sound, body }) },
    { weight: 4, arbitrary: fc.record({ ...sound, path: rest.path }) },
    { weight: 4, arbitrary: fc.record({ ...sound, query: rest.query }) },
    { weight: 3, arbitrary: fc.record({ ...sound, headers: rest.headers }) },
    { weight: 1, arbitrary: fc.record({ ...sound, method: rest.method }) },
    { weight: 2, arbitrary: fc.record({ ...rest, body }) },
  );
  return parts.map(requestOf);
}

function bodyOf(seed: object): Body {
  return { name: 'a sound body', bytes: bytesOf(JSON.stringify(seed)) };
}

interface Parts {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body | undefined;
}

function requestOf({ method, path, query, headers: given, body }: Parts): HostileRequest {
  const target = path + query;
  const all = { ...sound_headers, ...given };
  const sent = { method, target, headers: all };
  return body === undefined || !hasBody(method) ? sent : { ...sent, body };
}

/** The known attacks, each once, with everything else sound. */
export function knownAttacks(operation: Operation, known: Known): HostileRequest[] {
  const { method, path } = operation;
  const sound = { method, path: filled(path, known.ids), query: '', headers: {} };
  const seeds = seedsOf(operation.name, known.hints);
  const [body] = seeds.map(bodyOf);
  const of = (part: Partial<Parts>): HostileRequest => requestOf({ ...sound, body, ...part });
  const bodies = seeds.slice(0, 1).flatMap((seed) => [...attacksOn(seed), ...largeAttacks(seed)]);
  return [
    ...bodies.map((each) => of({ body: each })),
    ...segmentsOf(path).flatMap((name) =>
      odd_segments.map((segment) => of({ path: filled(path, { ...known.ids, [name]: segment }) })),
    ),
    ...odd_tails.map((tail) => of({ path: sound.path + tail })),
    ...odd_names.map((name) => of({ query: `?${name}=1&${name}=1` })),
    ...Object.entries(odd_headers).flatMap(([name, all]) =>
      all.map((value) => of({ headers: { [name]: value } })),
    ),
    ...methods.map((each) => of({ method: each })),
  ];
}
