// How secrets are compared: to the last byte of the last one, whatever was found before. That
// nobody else compares any is a rule of tests/tidy.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { provePrincipal } from '../../../worker-shim/auth/principal.ts';
import { digestOf, isEqual, isOneOf } from '../../../worker-shim/auth/secret.ts';
import { proveSender } from '../../../worker-shim/auth/signature.ts';

/** Bytes that count how many of them are looked at. */
class Watched extends Uint8Array {
  looked = 0;
  override *entries(): ArrayIterator<[number, number]> {
    for (const entry of super.entries()) {
      this.looked += 1;
      yield entry;
    }
  }
}

test('bytes are equal when every one is, and all are looked at', () => {
  const right = Uint8Array.from({ length: 32 }, (_, index) => index * 7);
  for (const at of [-1, 0, 1, 15, 30, 31]) {
    const left = Watched.from(right) as Watched;
    const byte = left[at];
    if (byte !== undefined) left[at] = byte ^ 0x80;
    assert.equal(isEqual(left, right), at === -1, `differs at ${at}`);
    assert.equal(left.looked, 32, `differs at ${at}`);
  }
  assert.equal(isEqual(right, right.subarray(0, 31)), false);
  assert.equal(isEqual(right.subarray(0, 31), right), false);
  assert.equal(isEqual(new Uint8Array(2), new Uint8Array(3)), false, 'zeros are no filling');
  assert.equal(isEqual(new Uint8Array(3), new Uint8Array(2)), false);
});

/** How many digests are made while `act` runs. */
async function digests(act: () => Promise<unknown>): Promise<number> {
  const made = mock.method(crypto.subtle, 'digest');
  try {
    await act();
    return made.mock.callCount();
  } finally {
    made.mock.restore();
  }
}

test('every secret is compared, wherever the right one stands', async () => {
  const secrets = ['one', 'two', 'three'];
  for (const text of [...secrets, 'four', '']) {
    const given = Watched.from(await digestOf(text)) as Watched;
    assert.equal(await isOneOf(given, secrets), secrets.includes(text));
    assert.equal(given.looked, 3 * 32, `${text}: every byte, against each secret`);
    assert.equal(await digests(() => isOneOf(given, secrets)), 3, text);
  }
  assert.equal(await isOneOf(await digestOf(''), []), false, 'no secret is no secret');
});

test('a caller costs the same digests, whichever key it has, or none', async () => {
  const keys = { admin: ['a1', 'a2'], internal: ['i1', 'i2'] };
  const wanted = { a1: 'admin', a2: 'admin', i1: 'internal', i2: 'internal', x: 'none' };
  for (const [token, kind] of Object.entries(wanted)) {
    assert.equal((await provePrincipal(`Bearer ${token}`, keys)).kind, kind);
    assert.equal(await digests(() => provePrincipal(`Bearer ${token}`, keys)), 5, token);
  }
});

test('every secret of a webhook is tried, by the comparison of WebCrypto', async () => {
  const body = Buffer.from('{}');
  const signature = `sha256=${'0'.repeat(64)}`;
  const tried = mock.method(crypto.subtle, 'verify');
  try {
    assert.deepEqual(await proveSender(signature, body, ['s1', 's2']), { kind: 'none' });
    assert.equal(tried.mock.callCount(), 2);
  } finally {
    tried.mock.restore();
  }
});
