// Marker secrets, one of every kind that an instance, its callers and its upstreams have. After a
// life of the fleet with every fault they are found in no row, object, log line, frame of the core
// or answer, but in the one answer that hands each out.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from '../../../bindings/generated/operations.ts';
import type { Core } from '../../../bindings/js/core.ts';
import type { Ports } from '../../../worker-shim/ports.ts';
import { json } from '../access/support.ts';
import { app, by_app, known, unknown } from '../auth/support.ts';
import { core, type FaultyFleet, hour_ms, minute_ms, openFleet } from '../faults/support.ts';
import { modelled } from '../orgs/pages.ts';
import { hook_address, mine, orgs, publishing, theirs, tokenOf } from '../orgs/support.ts';
import { everything } from '../sealing/support.ts';
import { signed } from '../webhooks/support.ts';

/** Secrets of the instance by the variables that hold them. */
const settings = {
  SLIPWAY_ADMIN_KEY: 'marker-admin-key-1a7e',
  SLIPWAY_ADMIN_KEY_PREVIOUS: 'marker-admin-previous-2b8f',
  NNO_INTERNAL_API_KEY: 'internal-key',
  NNO_INTERNAL_API_KEY_PREVIOUS: 'marker-internal-previous-3c90',
  GITHUB_WEBHOOK_SECRET: 'marker-webhook-secret-4da1',
  GITHUB_WEBHOOK_SECRET_PREVIOUS: 'marker-webhook-previous-5eb2',
  CF_API_TOKEN: 'marker-cloudflare-token-6fc3',
  CF_API_TOKEN_PREVIOUS: 'marker-cloudflare-previous-70d4',
  CF_API_TOKEN_OTHER: 'marker-other-token-81e5',
  CF_API_TOKEN_OTHER_PREVIOUS: 'marker-other-previous-92f6',
  SEALING_KEY: '5ea1ed00'.repeat(8),
  SEALING_KEY_PREVIOUS: '0dd5ea1e'.repeat(8),
  BUILDER_DEPLOY_HOOK: 'marker-builder-hook-b307',
};

/** A secret in the forms in which it could be written down. */
function forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const raw = /^[0-9a-f]{64}$/.test(secret) ? [Buffer.from(secret, 'hex').toString('base64')] : [];
  const written = [bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')];
  return [secret, encodeURIComponent(secret), ...written, ...raw];
}

/** The lines of a key, without those that every key has. */
function linesOf(pem: string): string[] {
  return pem.split('\n').filter((line) => line.length > 40 && !line.startsWith('-'));
}

interface Tapped {
  readonly core: Core;
  readonly frames: string[];
}

function tapped(): Tapped {
  const frames: string[] = [];
  const keep = (frame: Uint8Array): void => {
    frames.push(Buffer.from(frame).toString('latin1'));
  };
  const step: Core['step'] = (input) => {
    keep(input);
    const output = core.step(input);
    keep(output);
    return output;
  };
  return { core: { traps: () => core.traps(), step }, frames };
}

/** The world that the secrets live in. */
class Life {
  readonly tap = tapped();
  readonly fleet: FaultyFleet;
  /** Secrets that came into being, by what they are. */
  readonly made = new Map<string, string>();
  /** Answers without the secret that each hands out. */
  readonly answers: string[] = [];
  /** An upstream says whatever it was sent. */
  echo = false;

  constructor(variables: Readonly<Record<string, string>> = {}) {
    const { CF_API_TOKEN, CF_API_TOKEN_PREVIOUS } = settings;
    const tokens = ['cloudflare-token', CF_API_TOKEN, CF_API_TOKEN_PREVIOUS];
    const all = { ...publishing, ...modelled, ...by_app, ...settings, ...variables };
    const keys = {
      GITHUB_APP_PRIVATE_KEY: unknown.pem,
      GITHUB_APP_PRIVATE_KEY_PREVIOUS: known.pem,
    };
    this.fleet = openFleet({
      core: this.tap.core,
      apps: [app],
      account: { tokens },
      variables: { ...all, ...keys },
      wrapPorts: this.#wrap,
    });
  }

  readonly #wrap = (ports: Ports): Ports => ({
    ...ports,
    fetch: async (request) => {
      const { hostname, pathname } = new URL(request.url);
      const sent = request.headers.get('authorization') ?? '';
      const token = sent.replace('Bearer ', '');
      if (hostname === 'github.test' && token !== '') this.made.set(`sent ${token}`, token);
      const answer = await ports.fetch(request);
      if (!this.echo || hostname === 'issuer.test') return answer;
      const message = `refused: authorization=${sent} path=${pathname}`;
      const errors = [{ code: 1000, message }];
      const body = JSON.stringify({ success: false, errors, message, result: null });
      const headers = { 'content-type': 'application/json', etag: `"${token}"`, location: sent };
      return new Response(body, { status: 400, headers });
    },
  });

  async ask(
    method: string,
    path: string,
    body?: unknown,
    key: string = settings.SLIPWAY_ADMIN_KEY,
    headers: Readonly<Record<string, string>> = {},
  ) {
    const answer = await this.fleet.api(method, path, body, key, headers);
    this.answers.push(JSON.stringify([...answer.headers]) + answer.text);
    return answer;
  }

  /** The same for an answer that hands a secret out in this member. */
  async given(
    member: string,
    method: string,
    path: string,
    body?: unknown,
    key?: string,
    repeat = {},
  ) {
    const answer = await this.ask(method, path, body, key, repeat);
    const text = this.answers.pop() ?? '';
    assert.ok(answer.status < 300, answer.text);
    const secret = String(json(answer)[member]).replace(hook_address, '');
    this.made.set(`${member} of ${path} ${this.made.size}`, secret);
    const [once = '', twice = '', ...more] = text.split(secret);
    assert.deepEqual(more, [], 'it is given once');
    this.answers.push(once + twice);
    return secret;
  }

  settle(): Promise<boolean> {
    return this.fleet.passTime(() => false, 30 * minute_ms);
  }

  assertNowhere(): void {
    const { fleet, answers, tap } = this;
    const bucket = [...fleet.bucket].map(([id, bytes]) => id + Buffer.from(bytes).toString());
    const places: Readonly<Record<string, string>> = {
      'a row': everything(fleet.db),
      'an object': bucket.join('\n'),
      'the log': JSON.stringify(fleet.logged),
      'an answer': answers.join('\n'),
      'a frame': tap.frames.join('\n'),
    };
    const pem = [...linesOf(known.pem), ...linesOf(unknown.pem)];
    const secrets = [...Object.entries(settings), ...this.made].flatMap(([name, secret]) =>
      forms(secret).map((form) => [name, form] as const),
    );
    for (const [place, text] of Object.entries(places)) {
      for (const [name, form] of [...secrets, ...pem.map((line) => ['the key', line] as const)]) {
        // A hook passes the core once, in a segment of its own that is sealed.
        if (place === 'a frame' && name.startsWith('deployHookUrl')) continue;
        const at = text.indexOf(form);
        assert.ok(at < 0, `${name} is in ${place}: ${text.slice(Math.max(0, at - 200), at + 20)}`);
      }
      // What nobody has written down: tokens of GitHub, of people and of jobs, by their form.
      const formed = /\bghs_\w{10,}|\beyJ[\w-]{10,}\.eyJ|\bsl[pb]_[\w-]{43}|BEGIN \w* ?PRIVATE/;
      assert.doesNotMatch(text, formed, place);
    }
  }
}

async function lookAround(life: Life): Promise<void> {
  for (const { method, path } of operations) {
    if (method !== 'GET' || path.includes('{')) continue;
    await life.ask('GET', path);
  }
  const paths = ['platforms/acme', 'platforms/acme/environments/dev/deployments', 'orgs/aurora'];
  for (const path of paths) await life.ask('GET', `/api/v1/${path}`);
  await life.ask('GET', theirs);
  await life.ask('GET', `${theirs}/publications`);
  await life.ask('GET', '/api/v1/audit?limit=100');
}

async function live(life: Life): Promise<void> {
  await life.ask('POST', '/api/v1/platforms', { platformId: 'acme', environments: ['dev'] });
  await life.ask('PUT', '/api/v1/orgs/aurora', orgs.aurora);
  await life.settle();
}

test('the life of a fleet leaves no secret behind, whoever asks with whichever', async () => {
  const life = new Life();
  const { fleet } = life;
  await live(life);
  const ada = await tokenOf(fleet, 'ada');
  life.made.set('a JWT', ada);
  const token = { name: 'one', scopes: ['platforms:read', 'deploy'], platforms: ['acme'] };
  const once = { 'idempotency-key': 'once' };
  const slp = await life.given('token', 'POST', '/api/v1/tokens', token, undefined, once);
  assert.equal((await life.ask('POST', '/api/v1/tokens', token, undefined, once)).status, 409);
  const claim = { platformId: 'acme', env: 'dev', runId: '9001', runAttempt: 1 };
  const slb = await life.given('token', 'POST', '/api/v1/claims', claim, 'internal-key', once);
  await life.given('deployHookUrl', 'POST', `${mine}/auto-provision`, undefined, ada, once);
  await life.ask('POST', `${mine}/auto-provision`, undefined, ada, once);
  await life.settle();
  await life.given('deployHookUrl', 'POST', `${mine}/rotate`, undefined, ada, once);
  await life.settle();
  await life.ask('POST', `${mine}/publish`, undefined, ada);
  await life.settle();
  const delivery = JSON.stringify({ action: 'completed' });
  for (const by of ['GITHUB_WEBHOOK_SECRET', 'GITHUB_WEBHOOK_SECRET_PREVIOUS'] as const) {
    await life.ask('POST', '/webhooks/github', delivery, '', signed(delivery, settings[by]));
  }
  const bearers = [...Object.values(settings), slp, slb, ada];
  for (const bearer of bearers) {
    for (const path of ['/api/v1/platforms/acme', '/api/v1/platforms/acme/config', mine]) {
      await life.ask('GET', path, undefined, bearer);
    }
    await life.ask('POST', '/api/v1/platforms/acme/environments/dev/deployments', {}, bearer, once);
  }
  await life.settle();
  await lookAround(life);
  assert.ok(life.tap.frames.length > 200 && life.made.size > 4);
  life.assertNowhere();
});

test('a secret that somebody writes in a wrong place is neither stored nor logged', async () => {
  const life = new Life();
  await live(life);
  const before = everything(life.fleet.db);
  for (const secret of Object.values(settings)) {
    const part = encodeURIComponent(secret);
    await life.fleet.api('GET', `/api/v1/platforms/${part}`);
    await life.fleet.api('GET', `/${part}?access_token=${part}`);
    await life.fleet.api('POST', `/api/v1/platforms?key=${part}`, { [secret]: secret }, secret);
    await life.fleet.api('GET', '/healthz', undefined, secret, {
      'x-api-key': secret,
      cookie: `__Host-slipway=${secret}`,
      'if-none-match': `"${secret}"`,
    });
  }
  assert.equal(everything(life.fleet.db), before);
  const log = JSON.stringify(life.fleet.logged);
  for (const secret of Object.values(settings)) assert.ok(!log.includes(secret), secret);
});

test('an upstream that says what it was sent is not quoted', async () => {
  const life = new Life();
  await live(life);
  const ada = await tokenOf(life.fleet, 'ada');
  await life.given('deployHookUrl', 'POST', `${mine}/auto-provision`, undefined, ada);
  await life.settle();
  life.echo = true;
  await life.ask('POST', '/api/v1/platforms', { platformId: 'globex', environments: ['dev'] });
  await life.ask('POST', '/api/v1/platforms/acme/environments/dev/deployments', {});
  await life.ask('POST', `${mine}/publish`, undefined, ada);
  await life.ask('POST', `${mine}/rotate`, undefined, ada);
  await life.settle();
  await lookAround(life);
  await life.ask('GET', '/api/v1/platforms/globex');
  life.assertNowhere();
  await life.fleet.passTime(() => false, 2 * hour_ms);
  life.assertNowhere();
});
