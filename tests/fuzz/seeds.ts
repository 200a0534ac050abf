// Where fuzzing begins: inputs made of the golden files, and a dictionary made of the sources. Both
// are written below build/fuzz and never committed.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { operations } from '../../bindings/generated/operations.ts';
import type { Fact, InputControl } from '../../bindings/js/control.ts';
import { bytesOf, decodeFrame, segmentAt, textOf } from '../../bindings/js/frame.ts';
import { goldenFrames } from '../node/golden/golden.ts';
import { folder } from './fuzzer.ts';

const source_directory = join(import.meta.dirname, '../../src');

/** Inputs that were made, by target. */
type Seeds = Readonly<Record<'step' | 'json' | 'typescript' | 'upstream', Set<string>>>;

/** Letters by which the json target chooses a table (json_target.cpp). */
const bodies: Readonly<Record<string, string>> = {
  platform_create: 'a',
  config_write: 'b',
  batch_report: 'c',
  batch_claim: 'd',
  org_put: 'e',
};
const rows: readonly (readonly [RegExp, string])[] = [
  [/^row:site:/, 'g'],
  [/^row:batch:/, 'h'],
  [/^row:org:/, 'i'],
];

/** Letters by which the upstream target chooses a shape (upstream_target.cpp), by what is there. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/deployment_configs/, 'ab'],
  [/deployment_trigger/, 'ck'],
  [/"stages"/, 'd'],
  [/"errors"/, 'e'],
  [/workflow_runs/, 'f'],
  [/"message"/, 'g'],
  [/"line"/, 'h'],
  [/default_branch/, 'i'],
  [/"type":"(file|dir)"/, 'j'],
  [/verification_data/, 'l'],
  [/hook_id/, 'm'],
  [/result_info/, 'n'],
];

const limit_headers = ['retry-after', 'x-ratelimit-remaining', 'x-ratelimit-reset', 'link'];

function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function segment(segments: readonly Uint8Array[], number: number | undefined): string {
  return number === undefined ? '' : latin(segments[number] ?? new Uint8Array());
}

function addAnswer(seeds: Seeds, fact: Extract<Fact, { outcome: 'answered' }>, body: string): void {
  const headers: Readonly<Record<string, string>> = fact.headers ?? {};
  const lines = [fact.status, ...limit_headers.map((name) => headers[name] ?? '')];
  for (const [pattern, letters] of shapes) {
    if (!pattern.test(body)) continue;
    for (const letter of letters) seeds.upstream.add(`${letter}${lines.join('\n')}\n${body}`);
  }
}

function addFrame(seeds: Seeds, input: Uint8Array, output: Uint8Array): void {
  const segments = decodeFrame(input);
  const control = JSON.parse(textOf(segmentAt(segments, 0))) as InputControl;
  seeds.step.add(latin(input));
  seeds.json.add(`m${segment(segments, 0)}`).add(`n${segment(decodeFrame(output), 0)}`);
  if (control.input.kind === 'request') {
    const letter = bodies[control.input.operation];
    if (letter !== undefined) seeds.json.add(letter + segment(segments, control.input.body));
  }
  for (const fact of control.facts) {
    if (fact.outcome === 'answered') addAnswer(seeds, fact, segment(segments, fact.segment));
    const letter = rows.find(([pattern]) => pattern.test(fact.key))?.[1];
    if (letter !== undefined && fact.outcome === 'found') {
      seeds.json.add(letter + segment(segments, fact.segment));
    }
  }
  for (const bytes of [...segments, ...decodeFrame(output)]) {
    const text = latin(bytes);
    if (/^(\/\/|import|export)/.test(text)) seeds.typescript.add(text);
  }
}

/** Writes the golden files as inputs below build/fuzz/seeds, a folder a target. */
export function writeSeeds(): void {
  const seeds: Seeds = {
    step: new Set(),
    json: new Set(),
    typescript: new Set(),
    upstream: new Set(),
  };
  for (const { input, output } of goldenFrames()) addFrame(seeds, input, output);
  for (const [name, inputs] of Object.entries(seeds)) {
    const to = folder('seeds', name);
    const wanted = new Map<string, string>();
    for (const text of inputs) {
      wanted.set(createHash('sha1').update(text, 'latin1').digest('hex'), text);
    }
    const there = new Set(readdirSync(to));
    for (const old of there) if (!wanted.has(old)) rmSync(join(to, old));
    for (const [digest, text] of wanted) {
      if (!there.has(digest)) writeFileSync(join(to, digest), text, 'latin1');
    }
  }
}

/** Words that no field table holds. */
const words = [
  ...['export', 'const', 'default', 'import', 'type', 'interface', 'as const', 'satisfies', 'enum'],
  ...['undefined', 'null', 'true', 'false', '__proto__', 'function', '=>', '...', '/*', '*/', '//'],
  ...['\\u0000', '\\ud800', '\\u{1f600}', '\\x41', '`', '${', '0x', '1e400', '9007199254740992'],
  ...['https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/', '-0', '.5', '1_000'],
  ...['acme', 'acme/dev', 'dev', 'stg', 'prod', 'unsent', 'budget', 'timeout', 'rel="next"'],
  ...['{"', '":', '",', '[]', '{}', '":{', '":[', '":"', '":null', '":true', '":0', '}}', '},{'],
];

/** Writes the dictionary: every name of a field, a value, an error and an operation. */
export function writeDictionary(): string {
  const all = new Set([...words, ...operations.map(({ name }) => name)]);
  for (const file of readdirSync(source_directory, { recursive: true }).map(String)) {
    if (!file.endsWith('.hpp')) continue;
    const text = readFileSync(join(source_directory, file), 'utf8');
    for (const [, name = ''] of text.matchAll(/>\(\s*"(\w+)"/g)) all.add(name);
    for (const [, list = ''] of text.matchAll(/names\s*=\s*\{([^}]*)\}/g)) {
      for (const [, name = ''] of list.matchAll(/"([^"]+)"/g)) all.add(name);
    }
    for (const [, code = ''] of text.matchAll(/ErrorCode::\w+, "([a-z_.]+)"/g)) all.add(code);
  }
  const lines = [...all].map((word) => {
    const escaped = [...bytesOf(word)].map((byte) => {
      const plain = /[\w./: -]/.test(String.fromCharCode(byte));
      return plain ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
    });
    return `"${escaped.join('')}"`;
  });
  const path = join(folder(), 'words.dict');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}
