// The texts that are known to break out of a literal somewhere, each by its name: what is rendered
// holds them as values and nothing of them as code.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPlatform } from './core_rendering.ts';

const texts: Readonly<Record<string, string>> = {
  'a double quote': '"; globalThis.broken = 1; //',
  'a single quote': "'; globalThis.broken = 1; //",
  'a backtick': '`; globalThis.broken = 1; //',
  'a backslash at the end': 'C:\\',
  'a backslash before a quote': '\\"; globalThis.broken = 1; //',
  'a line separator': 'a\u2028globalThis.broken = 1\u2028',
  'a paragraph separator': 'a\u2029globalThis.broken = 1\u2029',
  'a line feed': 'a\nglobalThis.broken = 1;\n',
  'a carriage return': 'a\rglobalThis.broken = 1;\r',
  'a zero byte': 'a\0b',
  'the end of a script': '</script><script>globalThis.broken = 1</script>',
  'the begin of an HTML comment': '<!-- globalThis.broken = 1 -->',
  'a substitution': '\x24{globalThis.broken = 1}',
  'the end of a comment': '*/ globalThis.broken = 1 /*',
  'the name __proto__': '__proto__',
  'an escape sequence': '\\u0022; globalThis.broken = 1; //',
  'a character of two units': '\u{1f600}',
};

/** What may stand in a rendered module only as an escape. */
const never = ['\u2028', '\u2029', '\0', '\r', '<'];

async function imported(source: string): Promise<Record<string, unknown>> {
  return await import(`data:text/javascript,${encodeURIComponent(source)}`);
}

for (const [name, text] of Object.entries(texts)) {
  test(`${name} stays a value`, async () => {
    const quoted = JSON.stringify(text);
    const config =
      `{"features":{"features":{"one":{"enabled":true,"options":{"A":${quoted}}}}},` +
      `"env":{"default":{"A":${quoted}}},"auth":{"default":{"scopes":[${quoted}]}}}`;
    const { status, documents, body } = createPlatform(config);
    assert.equal(status, 202, body);
    const read = async (part: string): Promise<unknown> => {
      const source = documents.get(`${part}.config.ts`) ?? '';
      for (const raw of never)
        assert.ok(!source.includes(raw), `${part} holds ${JSON.stringify(raw)}`);
      return (await imported(source))[`${part}Config`];
    };
    const features = { one: { enabled: true, options: { A: text } } };
    assert.deepEqual(await read('features'), { features, stacks: {} });
    assert.deepEqual(await read('env'), { A: text });
    assert.deepEqual(await read('auth'), { provider: 'none', scopes: [text] });
    assert.ok(!('broken' in globalThis));
  });
}

test('no member is called __proto__: its name is refused wherever names are free', () => {
  const named = '{"__proto__":{"enabled":true}}';
  const places = [
    [`{"features":${named}}`, '{"default":{}}'],
    [`{"features":{},"stacks":${named}}`, '{"default":{}}'],
    ['{"features":{}}', '{"default":{"__proto__":"x"}}'],
    ['{"features":{}}', '{"default":{},"prod":{"__proto__":1}}'],
  ];
  for (const [features, env] of places) {
    const config = `{"features":${features},"env":${env},"auth":{"default":{}}}`;
    const { status, body, documents } = createPlatform(config);
    assert.equal(status, 422, config);
    const [error] = JSON.parse(body).errors;
    assert.match(`${error.pointer} ${error.code}`, /\/__proto__ config\.name$/);
    assert.equal(documents.size, 0);
  }
});
