// What is wrong with a request is found by the core on this machine: nothing is sent.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { operations } from '../../../bindings/generated/operations.ts';
import { loadCore } from '../../../bindings/js/load_node.ts';
import { operationOf } from '../../../cli/api.ts';
import { refusalOf } from '../../../cli/check.ts';
import { cli, hook_secret, hook_url, problem, serve } from './support.ts';

const bad_config = {
  features: { features: { chat: { enabled: true, requires: ['absent'] } } },
  env: { default: {} },
  auth: { default: {} },
};
const files = {
  'bad.json': JSON.stringify(bad_config),
  'shapeless.json': '{"features":[]}',
  'good.json': '{"features":{"features":{}},"env":{"default":{}},"auth":{"default":{}}}',
  'list.json': '[]',
  'broken.json': '{"secret":',
};

describe('found offline', () => {
  const table: [string, string[], RegExp][] = [
    ['a bad id', ['platform', 'create', 'BAD_id'], /\/platformId: must be 3 to 46/],
    ['a bad id of a platform that is read', ['status', 'BAD_id'], /\/platformId: must be 3/],
    [
      'a bad id of a platform that is deployed',
      ['deploy', 'a', '--env', 'dev'],
      /\/platformId: must be 3/,
    ],
    ['a bad environment', ['platform', 'create', 'acme', '--env', 'test'], /\/environments\/0/],
    ['a bad limit', ['platform', 'list', '--limit', '9000'], /limit: must be/],
    ['a bad state', ['platform', 'list', '--state', 'odd'], /state/],
    [
      'a bad configuration',
      ['config', 'set', 'acme', '--file', 'bad.json', '--if-match', '*'],
      /config\.invalid[\s\S]*\/features\/features\/chat/,
    ],
    [
      'its faults before its missing version',
      ['config', 'set', 'acme', '--file', 'bad.json'],
      /config\.invalid/,
    ],
    [
      'a configuration of another form',
      ['config', 'set', 'acme', '--file', 'shapeless.json', '--if-match', '*'],
      /body\.invalid/,
    ],
    [
      'a new platform with a bad configuration',
      ['platform', 'create', 'acme', '--file', 'bad.json'],
      /\/config\/features/,
    ],
    [
      'a bad configuration that is compared',
      ['config', 'diff', 'acme', '--file', 'bad.json'],
      /config\.invalid/,
    ],
  ];
  for (const [name, args, words] of table) {
    test(`${name}: exit 2, nothing sent`, async (t) => {
      const { env, got } = await serve(t, () => ({ body: {} }));
      const ran = await cli(args, { env, files });
      assert.equal(ran.code, 2, ran.err);
      assert.match(ran.err, words);
      assert.match(ran.err, /checked offline: nothing was sent/);
      assert.deepEqual(got, []);
    });
  }

  test('no address is needed for it', async () => {
    const fetch = () => assert.fail('nothing is sent');
    assert.equal((await cli(['platform', 'create', 'BAD_id'], { fetch })).code, 2);
  });
});

describe('wrong on the command line', () => {
  const table: [string, string[], RegExp][] = [
    ['no verb', ['config'], /needs one of: get, set/],
    ['an unknown command', ['platfrom', 'list'], /Did you mean slipway platform list/],
    ['an unknown option', ['platform', 'list', '--limti', '1'], /Did you mean --limit/],
    ["another command's option", ['platform', 'list', '--reason', 'x'], /has no option --reason/],
    ['a missing argument', ['platform', 'get'], /needs <platformId>/],
    ['an argument too many', ['platform', 'get', 'a', 'b'], /takes no b/],
    ['an empty argument', ['platform', 'get', ''], /empty/],
    ['no environment', ['deploy', 'acme'], /--env/],
    ['two environments', ['rollback', 'acme', '--env', 'dev,prod'], /One environment/],
    ['a bad time', ['deploy', 'acme', '--env', 'dev', '--wait', '--timeout', 'soon'], /no time/],
    ['a bad form of --json', ['platform', 'list', '--json=xml'], /--json=stream/],
    ['no version to start from', ['config', 'set', 'acme', '--file', 'good.json'], /--if-match/],
    ['no JSON object', ['config', 'set', 'acme', '--file', 'list.json'], /JSON object/],
    ['no JSON', ['config', 'set', 'acme', '--file', 'broken.json'], /JSON object/],
    ['no file', ['config', 'set', 'acme', '--file', 'absent.json'], /cannot be read/],
    ['no id', ['org', 'create', 'aurora', '--name', 'A'], /--id is needed/],
    ['no organisation', ['logs', 'pub_1'], /--org is needed/],
    ['a token', ['platform', 'list', '--token', 'slp_x'], /never given on the command line/],
    ['a token with =', ['platform', 'list', '--token=slp_x'], /SLIPWAY_TOKEN/],
  ];
  for (const [name, args, words] of table) {
    test(`${name}: exit 2`, async (t) => {
      const { env, got } = await serve(t, () => ({
        status: 202,
        body: { state: 'running', sites: [], operationId: 'o', platformId: 'acme' },
      }));
      const ran = await cli(args, { env, files });
      assert.equal(ran.code, 2, ran.err);
      assert.match(ran.err, words);
      assert.doesNotMatch(ran.err, /slp_x/);
      if (name !== 'a bad time') assert.deepEqual(got, []);
    });
  }
});

describe('the check', () => {
  const core = loadCore(new URL('../../../build/core.wasm', import.meta.url));

  test('lets a request pass that the core has to look something up for', () => {
    const operation = operations.find(({ name }) => name === 'config_write');
    assert.ok(operation);
    const question = { operation, params: { platformId: 'acme' }, query: [] };
    const headers = { 'if-match': '*' };
    assert.equal(refusalOf(core, { ...question, headers, body: files['good.json'] }), undefined);
    const refusal = refusalOf(core, { ...question, headers, body: files['bad.json'] });
    assert.equal(refusal?.status, 422);
  });

  test('sees a body that is too large', () => {
    const operation = operations.find(({ name }) => name === 'platform_create');
    assert.ok(operation);
    const body = JSON.stringify({ platformId: 'acme', name: 'x'.repeat(2_000_000) });
    const refusal = refusalOf(core, { operation, params: {}, query: [], headers: {}, body });
    assert.equal(refusal?.status, 413);
  });

  test('an Idempotency-Key hides no fault', () => {
    const operation = operations.find(({ name }) => name === 'platform_create');
    assert.ok(operation);
    const question = { operation, params: {}, query: [], headers: { 'idempotency-key': 'k' } };
    assert.equal(refusalOf(core, { ...question, body: '{}' })?.status, 422);
  });

  test('finds the operation whatever its parameters are called', () => {
    const found = operationOf({ method: 'GET', path: '/api/v1/platforms/{id}' });
    assert.equal(found?.name, 'platform_read');
    assert.equal(operationOf({ method: 'GET', path: '/api/v9/{id}' }), undefined);
  });
});

test('without a built core it says so and goes on: the instance finds the fault', async (t) => {
  const bare = mkdtempSync(join(tmpdir(), 'slipway-cli-'));
  t.after(() => rmSync(bare, { recursive: true }));
  writeFileSync(join(bare, 'package.json'), '{"version":"0.0.0"}');
  const { env, got } = await serve(t, () => problem(422, 'body.invalid'));
  const ran = await cli(['platform', 'create', 'BAD_id'], { env, root: bare });
  assert.equal(ran.code, 2);
  assert.match(ran.err, /not checked offline: npm run setup/);
  assert.equal(got.length, 1);
});

test('a dry run sends nothing where the API has none, and prints no secret', async (t) => {
  const { env, got } = await serve(t, () => ({ body: {} }));
  const args = ['org', 'set-hook', 'aurora', '--hook-file', '-', '--dry-run', '--json'];
  const ran = await cli(args, { env, stdin: `${hook_url}\n` });
  assert.equal(ran.code, 0, ran.err);
  assert.deepEqual(got, []);
  const { method, path, body } = JSON.parse(ran.out);
  assert.deepEqual(
    [method, path, body],
    ['PUT', '/api/v1/orgs/aurora/publishing', { deployHookUrl: '(secret)' }],
  );
  assert.doesNotMatch(ran.out + ran.err, new RegExp(hook_secret));
});

test('a dry run of the API is one where it has one', async (t) => {
  const { env, got } = await serve(t, () => ({ body: { dryRun: true, sites: [] } }));
  const ran = await cli(['platform', 'delete', 'acme', '--dry-run'], { env });
  assert.equal(ran.code, 0, ran.err);
  assert.deepEqual(
    got.map(({ method, path }) => `${method} ${path}`),
    ['DELETE /api/v1/platforms/acme?dryRun=true'],
  );
  assert.match(ran.out, /Nothing was done/);
});

test('a bad slug: exit 2; by the core of this checkout where it knows organisations', async (t) => {
  const known = operationOf({ method: 'PUT', path: '/api/v1/orgs/{slug}' }) !== undefined;
  const { env, got } = await serve(t, () => problem(422, 'body.invalid'));
  const each = [
    ['org', 'create', 'Bad_Slug', '--id', 'org-bad', '--name', 'Bad'],
    ['org', 'provision', 'Bad_Slug'],
    ['org', 'member', 'add', 'Bad_Slug', 'ada'],
  ];
  for (const args of each) assert.equal((await cli(args, { env })).code, 2);
  assert.equal(got.length, known ? 0 : each.length);
});
