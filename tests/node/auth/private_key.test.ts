// The private key of an App: both forms of PEM, however they came into a variable.
import assert from 'node:assert/strict';
import { generateKeyPairSync, verify } from 'node:crypto';
import { test } from 'node:test';
import { signAppJwt } from '../../../worker-shim/auth/app_jwt.ts';
import { importSigningKey, KeyError, pkcs8Of } from '../../../worker-shim/auth/private_key.ts';
import { known } from './support.ts';

for (const modulusLength of [512, 1024, 2048, 4096]) {
  test(`a PKCS#1 key of ${modulusLength} bits is wrapped as OpenSSL wraps it`, () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength });
    const pem = (type: 'pkcs1' | 'pkcs8'): string =>
      privateKey.export({ type, format: 'pem' }).toString();
    const wanted = privateKey.export({ type: 'pkcs8', format: 'der' }).toString('hex');
    assert.equal(Buffer.from(pkcs8Of(pem('pkcs1'))).toString('hex'), wanted);
    assert.equal(Buffer.from(pkcs8Of(pem('pkcs8'))).toString('hex'), wanted);
  });
}

const pkcs8 = known.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const forms: Readonly<Record<string, string>> = {
  'PKCS#1': known.pem,
  'PKCS#8': pkcs8,
  'with \\n for line ends': known.pem.replaceAll('\n', '\\n'),
  'with \\r\\n for line ends': pkcs8.replaceAll('\n', '\\r\\n'),
  'with CRLF': known.pem.replaceAll('\n', '\r\n'),
  'between blanks': `\n  ${known.pem}  \n`,
};

for (const [name, pem] of Object.entries(forms)) {
  test(`${name}: the key signs`, async () => {
    const jwt = await signAppJwt(await importSigningKey(pem), 'Iv23', 1_795_279_428_404);
    const [head = '', body = '', signature = ''] = jwt.split('.');
    const data = Buffer.from(`${head}.${body}`);
    assert.ok(verify('sha256', data, known.publicPem, Buffer.from(signature, 'base64url')));
    const read = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
    assert.deepEqual(read(head), { alg: 'RS256', typ: 'JWT' });
    const now_s = 1_795_279_428;
    assert.deepEqual(read(body), { iat: now_s - 60, exp: now_s + 540, iss: 'Iv23' });
  });
}

const { privateKey: ec, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const encrypted = { type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const;
const cut = known.pem.replace(/\n(?=-----END)/, '').replace(/.{40}(?=-----END)/, '');
const useless: Readonly<Record<string, string>> = {
  nothing: '',
  text: 'correct horse battery staple',
  'a public key': publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  'an encrypted key': known.privateKey.export(encrypted).toString(),
  'a key of another algorithm': ec.export({ type: 'pkcs8', format: 'pem' }).toString(),
  'two labels': known.pem.replace('END RSA PRIVATE', 'END PRIVATE'),
  'no content': '-----BEGIN PRIVATE KEY-----\n=\n-----END PRIVATE KEY-----',
  'a key that was cut': cut,
};

for (const [name, pem] of Object.entries(useless)) {
  test(`${name} is refused without a word of it`, async () => {
    await assert.rejects(importSigningKey(pem), (error: unknown) => {
      assert.ok(error instanceof KeyError);
      const words = pem.split(/\s+/).filter((word) => word.length > 12);
      return words.every((word) => !error.message.includes(word));
    });
  });
}
