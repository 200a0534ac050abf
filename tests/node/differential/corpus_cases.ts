// The hand-made part of the corpus, readable: what each file of tests/fuzz/corpus/step holds.
//   node tests/node/differential/corpus_cases.ts     writes those files anew, and no other
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fact, Input, InputControl } from '../../../bindings/js/control.ts';
import { bytesOf, encodeFrame } from '../../../bindings/js/frame.ts';
import { corpus_directory, type NamedFrame } from './frames.ts';

const opening: Omit<InputControl, 'input' | 'facts'> = {
  now_ms: 1_795_279_428_404,
  received_ms: 1_795_279_428_404,
  entropy: '00112233445566778899aabbccddeeff',
  settings: { GITHUB_OWNER: 'neutrino-io', CF_ACCOUNT_NAME: 'main', CF_ACCOUNT_ID: '0123' },
  credentials: ['github', 'cloudflare:main'],
};

type Bytes = string | Uint8Array;

function frame(control: object, segments: readonly Bytes[] = []): Uint8Array {
  const all: Bytes[] = [JSON.stringify(control), ...segments];
  return encodeFrame(all.map((each) => (typeof each === 'string' ? bytesOf(each) : each)));
}

function request(operation: string, more: object = {}): Input {
  const given = { params: {}, query: [], headers: {}, principal: { kind: 'admin' } };
  return { kind: 'request', operation, ...given, body_too_large: false, ...more } as Input;
}

function found(key: string, segment: number): Fact {
  return { key, outcome: 'found', segment };
}

/** A platform to be created from this body; nothing of it exists. */
function create(body: Bytes): Uint8Array {
  const facts: Fact[] = [
    { key: 'row:platform:acme', outcome: 'absent' },
    found('query:accounts[]', 2),
  ];
  return frame({ ...opening, input: request('platform_create', { body: 1 }), facts }, [body, '[]']);
}

const sound = '"platformId":"acme","environments":["dev"]';
const withEnv = (values: string): string =>
  `{${sound},"config":{"features":{"features":{}},"env":{"default":{${values}}},` +
  '"auth":{"default":{"provider":"none"}}}}';
const raw = (...bytes: number[]): Uint8Array => Uint8Array.from(bytes);
const inName = (...bytes: number[]): Uint8Array =>
  Buffer.concat([Buffer.from(`{${sound},"name":"`), raw(...bytes), Buffer.from('"}')]);

const bodies: Readonly<Record<string, Bytes>> = {
  sound: `{${sound}}`,
  spaces_only: '  \n\t ',
  scalar_number: '1',
  scalar_string: '"acme"',
  scalar_broken: 'nul',
  array: '[]',
  byte_order_mark: `\ufeff{${sound}}`,
  trailing_text: `{${sound}} x`,
  trailing_comma: `{${sound},}`,
  comment: `{${sound}/**/}`,
  unclosed_string: `{${sound},"name":"`,
  unclosed_everything: '{"platformId":{"a":[{"b":[',
  deep_arrays: `{${sound},"config":${'['.repeat(1100)}${']'.repeat(1100)}}`,
  deep_objects_open: '{"a":'.repeat(1100),
  duplicate_key: `{${sound},"platformId":"other"}`,
  duplicate_escaped_key: `{${sound},"pl\\u0061tformId":"other"}`,
  duplicate_map_key: withEnv('"A":1,"A":2,"\\u0041":3'),
  proto_key: `{${sound},"__proto__":{"a":1},"constructor":1}`,
  unknown_fields: `{${Array.from({ length: 150 }, (_, n) => `"x~/${n}":${n}`).join()}}`,
  wrong_types: '{"platformId":1,"name":[],"environments":"dev","config":null}',
  numbers_exact: withEnv('"A":1.50,"B":-0,"C":1E+2,"D":9007199254740993,"E":0.1e-7'),
  number_huge: withEnv(`"A":${'9'.repeat(400)}`),
  number_infinite: withEnv('"A":1e400'),
  number_64_bits: withEnv('"A":18446744073709551615,"B":18446744073709551616'),
  number_leading_zero: withEnv('"A":01'),
  utf8_truncated: inName(0xc3),
  utf8_overlong: inName(0xc0, 0xaf),
  utf8_surrogate: inName(0xed, 0xa0, 0x80),
  utf8_beyond: inName(0xf4, 0x90, 0x80, 0x80),
  utf8_four_bytes: inName(0xf0, 0x9f, 0x98, 0x80, 0xc3, 0xa9),
  escape_lone_high: `{${sound},"name":"\\ud800"}`,
  escape_lone_low: `{${sound},"name":"\\udc00\\ud800"}`,
  escape_pair: `{${sound},"name":"\\ud83d\\ude00\\/\\b\\u0001"}`,
  escape_nul: `{${sound},"name":"a\\u0000b"}`,
  control_character: inName(0x01),
  secret_value: withEnv('"API_TOKEN":"x","__proto__":"y"'),
  many_environments: `{"platformId":"acme","environments":[${'"dev",'.repeat(200)}"x"]}`,
};

const siteRow = {
  seq: 3,
  platform_id: 'acme',
  environment: 'dev',
  account: 'main',
  project_name: 'acme-dev-portal',
  state: 'ready',
  adopted: false,
  create_attempts: 1,
  desired: { revision: 1, config_version: 1, shell_sha: '', reasons: [] },
  updated_ms: 1,
};
const due = JSON.stringify([{ key: 'site:acme/dev', seq: 3, due_at_ms: 1, attempts: 0 }]);

function lookAtSite(row: object): Uint8Array {
  const facts = [found('query:effect["site:acme/dev"]', 1), found('row:site:acme/dev', 2)];
  const input = { kind: 'effect', effect_key: 'site:acme/dev' };
  return frame({ ...opening, input, facts }, [due, JSON.stringify(row)]);
}

const outOfRange = request('platform_create', { body: 7 });
const oddQuery = {
  query: [
    ['wait', '30'],
    ['wait', '1'],
    ['', '\u0000'],
    ['limit', '1e3'],
  ],
};

const others: Readonly<Record<string, Uint8Array>> = {
  frame_empty: raw(),
  frame_no_segments: raw(0, 0, 0, 0),
  frame_cut: frame({ ...opening, input: { kind: 'tick' }, facts: [] }).slice(0, -1),
  frame_too_many_segments: encodeFrame(Array.from({ length: 4097 }, () => raw())),
  control_not_json: encodeFrame([bytesOf('{"now_ms":')]),
  control_short_entropy: frame(
    {
      ...opening,
      entropy: '00',
      input: request('platform_create', { body: 1 }),
      facts: [],
    },
    [`{${sound}}`],
  ),
  body_segment_out_of_range: frame({ ...opening, input: outOfRange, facts: [] }),
  query_odd: frame({ ...opening, input: request('platform_list', oddQuery), facts: [] }),
  route_unknown: frame({ ...opening, input: request('route_unknown'), facts: [] }),
  effect_of_nothing: frame({
    ...opening,
    input: { kind: 'effect', effect_key: 'moon:1' },
    facts: [],
  }),
  effect_site: lookAtSite(siteRow),
  effect_site_damaged: lookAtSite({ ...siteRow, state: 'asleep' }),
  tick: frame({ ...opening, input: { kind: 'tick' }, facts: [] }),
  fold: frame({ ...opening, input: { kind: 'fold', aggregate: 'site:acme/dev' }, facts: [] }),
  fold_of_nothing: frame({ ...opening, input: { kind: 'fold', aggregate: 'acme' }, facts: [] }),
};

/** Every hand-made frame. */
export function corpusCases(): NamedFrame[] {
  const creations = Object.entries(bodies).map(([name, body]) => {
    return { name: `body_${name}`, input: create(body) };
  });
  return [...creations, ...Object.entries(others).map(([name, input]) => ({ name, input }))];
}

if (import.meta.main) {
  mkdirSync(corpus_directory, { recursive: true });
  for (const { name, input } of corpusCases()) {
    writeFileSync(join(corpus_directory, `${name}.frame`), input);
  }
}
