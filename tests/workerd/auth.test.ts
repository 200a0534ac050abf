// Signatures and keys by the Workers' own WebCrypto: the same proofs as under Node.
import { beforeEach, describe, expect, it } from 'vitest';
import { bytesOf, textOf } from '../../bindings/js/frame.ts';
import { createApp } from '../../worker-shim/app.ts';
import { signAppJwt } from '../../worker-shim/auth/app_jwt.ts';
import { fromBase64url, toBase64url } from '../../worker-shim/auth/base64url.ts';
import { proveRun } from '../../worker-shim/auth/oidc.ts';
import { importSigningKey, KeyError } from '../../worker-shim/auth/private_key.ts';
import { proveSender } from '../../worker-shim/auth/signature.ts';
import { openKeys } from '../../worker-shim/github_settings.ts';
import { Isolate } from '../../worker-shim/isolate.ts';
import { hostPorts, type Ports } from '../../worker-shim/ports.ts';
import { scriptedCore } from '../node/support/scripted_core.ts';
import { freshState, testWorld } from './support.ts';

// GitHub's own example of a signature.
const secret = "It's a Secret to Everybody";
const body = bytesOf('Hello, World!');
const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

async function makeKey(): Promise<CryptoKeyPair> {
  const algorithm = { ...rsa, modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) };
  return (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair;
}

// The PEM of a private key; PKCS#1 is PKCS#8 without the 26 bytes of its envelope.
async function pemOf(key: CryptoKey, form: 'PKCS#1' | 'PKCS#8'): Promise<string> {
  const der = new Uint8Array((await crypto.subtle.exportKey('pkcs8', key)) as ArrayBuffer);
  const bytes = form === 'PKCS#8' ? der : der.subarray(26);
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  const label = form === 'PKCS#8' ? 'PRIVATE KEY' : 'RSA PRIVATE KEY';
  return `-----BEGIN ${label}-----\n${text}\n-----END ${label}-----\n`;
}

function partOf(value: object): string {
  return toBase64url(bytesOf(JSON.stringify(value)));
}

describe('signatures of webhooks', () => {
  it.each([
    [signature, [secret], 'webhook'],
    [signature, ['another', secret], 'webhook'],
    [signature, ['another'], 'none'],
    [signature, [], 'none'],
    [signature.replace('7571', '7572'), [secret], 'none'],
    [undefined, [secret], 'none'],
  ])('%s by %j is %s', async (given, secrets, kind) => {
    expect(await proveSender(given, body, secrets)).toEqual({ kind });
  });
});

describe('the webhook', () => {
  beforeEach(freshState);

  it('hands the core the body as it came, from a sender that is proved', async () => {
    const core = scriptedCore(() => ({ done: { reply: { status: 204 } } }));
    const world = testWorld(core, {}, { GITHUB_WEBHOOK_SECRET: secret });
    const headers = { 'x-hub-signature-256': signature, authorization: 'Bearer admin-key' };
    const request = new Request('http://slipway.test/webhooks/github', {
      method: 'POST',
      headers,
      body,
    });
    const response = await createApp().fetch(request, world);
    expect([response.status, await response.text()]).toEqual([204, '']);
    const [seen] = core.seen;
    expect(seen?.input).toMatchObject({
      operation: 'github_webhook',
      principal: { kind: 'webhook' },
      headers: {},
    });
    expect(seen?.text(1)).toBe('Hello, World!');
    expect(JSON.stringify(world.logged)).not.toContain(secret);
  });
});

describe('the key of an App', () => {
  it.each(['PKCS#1', 'PKCS#8'] as const)('signs as %s', async (form) => {
    const { privateKey, publicKey } = await makeKey();
    const jwt = await signAppJwt(await importSigningKey(await pemOf(privateKey, form)), 'Iv', 5e3);
    const dot = jwt.lastIndexOf('.');
    const signed = fromBase64url(jwt.slice(dot + 1)) ?? new Uint8Array();
    const text = bytesOf(jwt.slice(0, dot)).slice();
    expect(await crypto.subtle.verify(rsa, publicKey, signed, text)).toBe(true);
    const claims = fromBase64url(jwt.split('.')[1] ?? '') ?? new Uint8Array();
    expect(JSON.parse(textOf(claims))).toEqual({ iat: -55, exp: 545, iss: 'Iv' });
  });

  it('is refused where it is none', async () => {
    const pem = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----';
    await expect(importSigningKey(pem)).rejects.toThrow(KeyError);
  });
});

describe("GitHub's token for a job", () => {
  it('proves its run by a key of the set', async () => {
    const { privateKey, publicKey } = await makeKey();
    const jwk = { ...((await crypto.subtle.exportKey('jwk', publicKey)) as JsonWebKey), kid: 'k' };
    const fetch = async () => new Response(JSON.stringify({ keys: [jwk] }));
    const ports: Ports = { ...testWorld(scriptedCore(() => ({ done: {} }))).ports, fetch };
    const now_s = Math.floor(hostPorts.now() / 1000);
    const place = 'neutrino-io/b/.github/workflows/build.yml@refs/heads/main';
    const claims = {
      iss: 'https://token.actions.githubusercontent.com',
      aud: 'https://slipway.test',
      ...{ iat: now_s, nbf: now_s, exp: now_s + 300 },
      ...{ repository: 'neutrino-io/b', repository_id: '1', repository_owner_id: '2' },
      ...{ workflow_ref: place, job_workflow_ref: place, ref: 'refs/heads/main' },
      ...{ ref_type: 'branch', event_name: 'workflow_dispatch' },
      ...{ runner_environment: 'github-hosted', environment: 'main-dev' },
      ...{ run_id: '29803635501', run_attempt: '1' },
    };
    const { oidc } = openKeys(
      {
        ...{ GITHUB_OWNER: 'neutrino-io', GITHUB_BUILDER_REPOSITORY: 'b' },
        ...{ GITHUB_BUILDER_WORKFLOW: 'build.yml', GITHUB_BUILDER_REF: 'main' },
        ...{ GITHUB_OWNER_ID: '2', GITHUB_BUILDER_REPOSITORY_ID: '1' },
        GITHUB_OIDC_AUDIENCE: 'https://slipway.test',
      },
      new Isolate(),
    );
    const head = partOf({ alg: 'RS256', kid: 'k', typ: 'JWT' });
    const signedBy = async (text: string): Promise<string> => {
      const bytes = await crypto.subtle.sign(rsa, privateKey, bytesOf(text).slice());
      return `${text}.${toBase64url(new Uint8Array(bytes))}`;
    };
    const token = await signedBy(`${head}.${partOf(claims)}`);
    if (oidc === undefined) {
      throw new Error('the instance believes nobody');
    }
    expect(await proveRun(ports, oidc, token)).toEqual({
      repository: 'neutrino-io/b',
      run_id: '29803635501',
      run_attempt: '1',
      environment: 'main-dev',
    });
    const [, , sound = ''] = token.split('.');
    const forged = `${head}.${partOf({ ...claims, run_id: '6' })}.${sound}`;
    expect(await proveRun(ports, oidc, forged)).toBeUndefined();
  });
});
