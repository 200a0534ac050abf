// Whatever GitHub's own description allows an answer or an event to be, the core reads it: every
// member that may be null is null once, every one that may be missing is missing once, and
// everywhere stands one that nobody knows.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { requestToken } from '../../../worker-shim/upstream/github_app.ts';
import { json, known, portsTo } from '../../node/auth/support.ts';
import { type Reader, readers, replay } from './inbound.ts';
import { api, referred, schemaFaults } from './openapi.ts';
import { at, type Tree } from './openapi_tree.ts';
import { overlaid, sampleOf, type Variant, variantsOf } from './samples.ts';

const source = join(import.meta.dirname, '../../../src');
const garbled = '{"message":"cut o';

function schemaOf({ answer, schema }: Pick<Reader, 'answer' | 'schema'>): readonly string[] {
  const first = answer[0] === 'paths' ? referredSteps(answer) : answer;
  return schema ?? [...first, 'schema'];
}

// A response may be a reference to a shared one.
function referredSteps(answer: readonly string[]): readonly string[] {
  const response = answer.slice(0, 5);
  const reference = at(api, [...response, '$ref']);
  const shared = typeof reference === 'string' ? reference.split('/').slice(1) : response;
  return [...shared, ...answer.slice(5)];
}

function examplesOf({ answer }: Reader): [string, unknown][] {
  const examples = (at(api, [...referredSteps(answer), 'examples']) ?? {}) as Tree;
  return Object.entries(examples).map(([name, example]) => [name, referred(example).value]);
}

// The golden answer with everything that the schema knows besides, and what the schema allows.
function allowed(reader: Reader): Variant[] {
  const steps = schemaOf(reader);
  const schema = at(api, steps);
  const golden: unknown = reader.status === undefined ? JSON.parse(replay(reader).body) : {};
  const full = overlaid(sampleOf(schema), golden);
  const variants = [{ change: 'nothing', value: full }, ...variantsOf(schema, full)];
  for (const { change, value } of variants) {
    assert.deepEqual(schemaFaults(steps, value), [], `${reader.type} ${change}`);
  }
  return variants;
}

// Whether the core understood it: it does what it did, and where what it reads was changed, at
// least not what it does with something that it cannot read.
function isRead(reader: Reader, { change, value }: Variant): boolean {
  const got = replay(reader, JSON.stringify(value));
  const was = replay(reader);
  if (reader.refusal === true) return got.name === was.name;
  if (got.output === was.output) return true;
  return reader.reads.test(change) && got.output !== replay(reader, garbled).output;
}

for (const reader of readers) {
  const { type, golden } = reader;
  test(`${type} as the description allows it: ${golden}`, (context) => {
    if (reader.refusal !== true) {
      assert.notEqual(replay(reader, garbled).output, replay(reader).output, 'it is read');
    }
    const variants = allowed(reader);
    const unread = variants.filter((variant) => !isRead(reader, variant));
    assert.deepEqual(
      unread.map(({ change }) => change),
      [],
    );
    assert.ok(variants.length >= 2, `${variants.length} variants`);
    context.diagnostic(`${variants.length} variants`);
  });

  test(`${type} as the examples show it: ${golden}`, (context) => {
    const examples = examplesOf(reader);
    for (const [name, example] of examples) {
      const got = replay(reader, JSON.stringify(example));
      if (reader.refusal === true) assert.equal(got.name, replay(reader).name, name);
      // No example of a folder has a configuration: it is as good as one that cannot be read.
      else if (type === 'vector<Entry>') assert.match(got.name, /need-folder/, name);
      else assert.notEqual(got.output, replay(reader, garbled).output, name);
    }
    context.diagnostic(`${examples.length} examples`);
  });
}

test('every place of the core that reads an answer of GitHub is in the table', () => {
  const files = readdirSync(join(source, 'app')).filter((name) => name.endsWith('.cpp'));
  const found = files.flatMap((name) => {
    const text = readFileSync(join(source, 'app', name), 'utf8');
    const reads = text.matchAll(/read_answer<(?:std::)?((?:vector<)?)github::(\w+)/g);
    const types = [...reads].map(([, list, type]) => `${list}${type}${list === '' ? '' : '>'}`);
    return [...new Set(types)].map((type) => `${name} ${type}`);
  });
  const listed = readers.flatMap(({ type, sources }) => sources.map((name) => `${name} ${type}`));
  assert.deepEqual(found.toSorted(), listed.toSorted());
});

/** Members that are read but that the description does not promise; `Type.member`, and why not. */
const unpromised: Readonly<Record<string, string>> = {
  'Run.status': 'null: the run is known, its state is not; it has not ended',
  'Repository.default_branch': 'missing in lists, where only the name counts',
  'Repository.archived': 'missing in lists, where only the name counts',
  'Refusal.message': 'missing: the status says enough',
};

const kinds: Readonly<Record<string, string>> = {
  int64_t: 'integer',
  'std::string': 'string',
  bool: 'boolean',
};

test('every member that is read is promised, or can be missing, and has the type', () => {
  const headers = ['github.hpp', 'github_contents.hpp'].map((name) =>
    readFileSync(join(source, 'upstream', name), 'utf8'),
  );
  const text = headers.join('\n');
  const gaps = new Set<string>();
  let members = 0;
  for (const reader of readers) {
    const type = reader.type.replace(/vector<(\w+)>/, '$1');
    const [, body = ''] = new RegExp(`struct ${type} \\{([^}]*)\\}`).exec(text) ?? [];
    const schema = referred(at(api, schemaOf(reader)));
    const whole = referred(reader.type.startsWith('vector') ? schema.items : schema);
    for (const [, held = '', name = ''] of body.matchAll(/^ {2}([\w:<>]+) (\w+)[^;]*;/gm)) {
      const member = at(whole, ['properties', name]) as Tree | undefined;
      assert.ok(member !== undefined, `${type}.${name} is unknown to GitHub`);
      members += 1;
      const optional = /optional<(.*)>/.exec(held)?.[1];
      const { type: kind = 'array', nullable } = referred(member);
      if (!held.startsWith('std::vector')) assert.equal(kinds[optional ?? held], kind, name);
      const required = ((whole.required ?? []) as string[]).includes(name);
      if (optional === undefined && (nullable === true || !required)) gaps.add(`${type}.${name}`);
    }
  }
  assert.ok(members >= 15, `${members} members`);
  assert.deepEqual([...gaps].toSorted(), Object.keys(unpromised).toSorted());
});

test('the token and the installation of an App as the description allows them', async (context) => {
  const place = (method: string, path: string, status: string): Reader['answer'] => [
    'paths',
    path,
    method,
    'responses',
    status,
    'content',
    'application/json',
  ];
  const issued = place('post', '/app/installations/{installation_id}/access_tokens', '201');
  const installed = place('get', '/repos/{owner}/{repo}/installation', '200');
  const samples = [issued, installed].map((answer) => {
    const schema = at(api, schemaOf({ answer }));
    const examples = (at(api, [...answer, 'examples']) ?? {}) as Tree;
    const shown = Object.values(examples).map((example) => referred(example).value);
    const full = overlaid(sampleOf(schema), { ...(shown[0] as Tree) });
    return [full, ...shown, ...variantsOf(schema, full).map(({ value }) => value)];
  });
  const [[token] = [], [installation] = []] = samples;
  const ask = async (one: unknown, other: unknown): Promise<string> => {
    const ports = portsTo((request) => json(request.method === 'GET' ? one : other));
    const app = { url: 'http://github.test', issuer: '1', owner: 'a', repository: 'b' };
    const { outcome } = await requestToken(
      ports,
      { ...app, private_keys: [known.pem] },
      {
        permissions: {},
      },
    );
    return outcome;
  };
  const outcomes = new Set<string>();
  for (const each of samples[0] ?? []) outcomes.add(await ask(installation, each));
  for (const each of samples[1] ?? []) outcomes.add(await ask(each, token));
  assert.deepEqual([...outcomes], ['issued']);
  assert.equal(await ask({}, token), 'unavailable');
  context.diagnostic(`${samples.flat().length} answers`);
});
