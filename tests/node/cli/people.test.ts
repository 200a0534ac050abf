// Terminals and pipes: who is asked, what is coloured, what goes to which stream.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { commands } from '../../../cli/run.ts';
import { cli, hook_secret, hook_url, serve } from './support.ts';

const esc = '\u001b';
const items = [
  {
    platformId: 'acme',
    name: 'Acme',
    state: 'active',
    environments: ['dev'],
    configVersion: 1,
    createdAt: '2026-11-26T00:00:00Z',
  },
];

describe('asking', () => {
  const destructive = [
    ['platform', 'delete', 'acme'],
    ['org', 'delete', 'aurora'],
    ['org', 'remove-hook', 'aurora'],
    ['org', 'rotate', 'aurora'],
    ['org', 'member', 'remove', 'aurora', 'ben'],
  ];
  const unset = { slug: 'aurora', name: 'Aurora', state: 'unset', steps: [], canProvision: true };
  const answer = { body: { ...unset, sites: [], members: [], publishing: unset } };
  for (const args of destructive) {
    const name = args.join(' ');
    test(`${name}: without a terminal nobody is asked: exit 2, nothing sent`, async (t) => {
      const { env, got } = await serve(t, () => answer);
      const ran = await cli(args, { env });
      assert.equal(ran.code, 2);
      assert.match(ran.err, /Add --yes/);
      assert.equal(ran.asked.length + got.length, 0);
    });

    test(`${name}: on a terminal it asks, and only a yes does it`, async (t) => {
      const { env, got } = await serve(t, () => answer);
      for (const no of ['', 'n', 'no', 'maybe', 'yesterday']) {
        const ran = await cli(args, { env, answers: [no] });
        assert.equal(ran.code, 2);
        assert.equal(ran.asked.length, 1);
      }
      assert.deepEqual(got, []);
      const ran = await cli(args, { env, answers: ['Yes'] });
      assert.equal(ran.code, 0, ran.err);
      assert.equal(got.length, 1);
      const sure = await cli([...args, '--yes'], { env, answers: [] });
      assert.deepEqual([sure.code, sure.asked], [0, []]);
    });
  }

  test('set-hook asks for the URL on a terminal; without one it wants a file', async (t) => {
    const { env, got } = await serve(t, () => answer);
    assert.equal((await cli(['org', 'set-hook', 'aurora'], { env })).code, 2);
    assert.equal(got.length, 0);
    const ran = await cli(['org', 'set-hook', 'aurora'], { env, answers: [` ${hook_url} `] });
    assert.equal(ran.code, 0, ran.err);
    assert.deepEqual(JSON.parse(got[0]?.body ?? ''), { deployHookUrl: hook_url });
    assert.doesNotMatch(ran.out + ran.err, new RegExp(hook_secret));
  });
});

describe('colour', () => {
  const list = ['platform', 'list'];
  const table: [string, string[], Record<string, string>, boolean, boolean][] = [
    ['on a terminal', list, {}, true, true],
    ['into a pipe', list, {}, false, false],
    ['with NO_COLOR', list, { NO_COLOR: '1' }, true, false],
    ['with an empty NO_COLOR', list, { NO_COLOR: '' }, true, true],
    ['with --no-color', [...list, '--no-color'], {}, true, false],
    ['on a dumb terminal', list, { TERM: 'dumb' }, true, false],
    ['as JSON', [...list, '--json'], {}, true, false],
  ];
  for (const [name, args, more, terminal, colored] of table) {
    test(`${name}: ${colored ? 'yes' : 'no'}`, async (t) => {
      const { env } = await serve(t, () => ({ body: { items } }));
      const machine = terminal ? { answers: [] } : {};
      const ran = await cli(args, { env: { ...env, ...more }, ...machine });
      assert.equal(ran.out.includes(esc), colored, ran.out);
    });
  }
});

test('a foreign text cannot speak to the terminal', async (t) => {
  const name = `${esc}]0;owned\u0007${esc}[2Jevil\u202e`;
  const { env } = await serve(t, () => ({ body: { items: [{ ...items[0], name }] } }));
  const ran = await cli(['platform', 'list', '--no-color'], { env, answers: [] });
  assert.match(ran.out, /evil/);
  assert.ok(!ran.out.includes(esc) && !ran.out.includes('\u0007'), JSON.stringify(ran.out));
  const refused = await serve(t, () => ({
    status: 404,
    body: { code: 'a.b', title: name, detail: name, next: name, retryable: false },
  }));
  const bad = await cli(['platform', 'get', 'acme', '--no-color'], { env: refused.env });
  assert.ok(!bad.err.includes(esc), JSON.stringify(bad.err));
});

describe('streams', () => {
  test('lists: one object, or one line for each entry; all pages', async (t) => {
    const { env } = await serve(t, ({ path }) =>
      path.includes('cursor=')
        ? { body: { items: [{ ...items[0], platformId: 'b' }] } }
        : { body: { items, nextCursor: 'next' } },
    );
    const page = await cli(['platform', 'list', '--json'], { env });
    assert.deepEqual(JSON.parse(page.out), { items, nextCursor: 'next' });
    assert.match(page.err, /--cursor next/);
    const all = await cli(['platform', 'list', '--all', '--json=stream'], { env });
    const ids = all.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).platformId);
    assert.deepEqual(ids, ['acme', 'b']);
  });

  test('--quiet: no talk, and the data all the same; errors are told', async (t) => {
    const { env } = await serve(t, () => ({ body: { items, nextCursor: 'next' } }));
    const ran = await cli(['platform', 'list', '-q'], { env });
    assert.equal(ran.err, '');
    assert.match(ran.out, /acme/);
    const wrong = await cli(['platform', 'list', '-q', '--limit', '0'], { env });
    assert.match(wrong.err, /query\.invalid/);
  });
});

describe('help', () => {
  test('every command has one, with examples, and needs no instance', async () => {
    const fetch = () => assert.fail('nothing is sent');
    for (const { name, examples } of commands) {
      assert.ok(examples.length > 0, name);
      for (const args of [
        [...name.split(' '), '--help'],
        ['help', ...name.split(' ')],
      ]) {
        const ran = await cli(args, { fetch });
        assert.equal(ran.code, 0, `${args.join(' ')}: ${ran.err}`);
        assert.ok(ran.out.includes(`slipway ${examples[0]}`), args.join(' '));
      }
    }
  });

  test('a group lists its verbs; nothing at all is a usage error with the help', async () => {
    const group = await cli(['config', '--help']);
    assert.equal(group.code, 0);
    assert.match(group.out, /config restore/);
    assert.doesNotMatch(group.out, /platform list/);
    const nothing = await cli([]);
    assert.equal(nothing.code, 2);
    assert.match(nothing.out, /org provision/);
  });

  test('every example is a command line that is understood', async (t) => {
    const { env } = await serve(t, () => ({ status: 404, body: { code: 'x.unknown' } }));
    const file =
      '{"features":{"features":{}},"env":{"default":{}},"auth":{"default":{}},"etag":"e"}';
    const files = { 'acme.json': file };
    for (const { examples } of commands) {
      for (const example of examples) {
        const words = example.replace(/ [<>] \S+/g, '').match(/"[^"]*"|\S+/g) ?? [];
        const args = words.map((each) =>
          each
            .replaceAll('"', '')
            .replace('https://slipway.example.workers.dev', env.SLIPWAY_URL ?? ''),
        );
        const answers = [example.startsWith('org set-hook') ? hook_url : 'y'];
        const ran = await cli(args, { env, files, stdin: hook_url, answers });
        assert.notEqual(ran.code, 2, `${example}: ${ran.err}`);
      }
    }
  });
});

test('version', async () => {
  const ran = await cli(['version', '--json']);
  assert.equal(JSON.parse(ran.out).slipway, '0.1.0');
  assert.equal((await cli(['--version'])).code, 0);
});
