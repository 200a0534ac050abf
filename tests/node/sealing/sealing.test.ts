// Sealed values: what the core hands over is stored encrypted, opened for one request or one reply,
// and sealed anew when the key changes. The plaintext is in no row, no log line, no other answer.
import assert from 'node:assert/strict';
import { createCipheriv, createHash } from 'node:crypto';
import { test } from 'node:test';
import { Sealing, sealingKeyOf } from '../../../worker-shim/sealing.ts';
import { sealingKeysOf } from '../../../worker-shim/settings.ts';
import { memoryPorts } from '../support/memory_ports.ts';
import { openSqliteDb } from '../support/sqlite_db.ts';
import { after, before, boxOf, hook_id, value, world } from './support.ts';

test('what is sealed opens under its id; the row says which key it has', async () => {
  const { ports, sealing } = world({ SEALING_KEY: before });
  const row = await sealing.seal(ports, hook_id, Buffer.from(value));
  const id = createHash('sha256').update(Buffer.from(before, 'hex')).digest('hex').slice(0, 16);
  const { key, nonce, box } = boxOf(row);
  assert.equal(key, id);
  assert.equal(Buffer.from(nonce, 'base64').length, 12);
  assert.equal(Buffer.from(box, 'base64').length, value.length + 16);
  assert.equal(await sealing.open(hook_id, row), value);
  // Anybody with the key can do the same.
  const iv = Buffer.from(nonce, 'base64');
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(before, 'hex'), iv);
  cipher.setAAD(Buffer.from(hook_id));
  const own = [cipher.update(value), cipher.final(), cipher.getAuthTag()];
  assert.equal(Buffer.concat(own).toString('base64'), box);
});

test('every sealing has a nonce of its own', async () => {
  const { ports, sealing } = world({ SEALING_KEY: before });
  const nonces = new Set<string>();
  for (let count = 0; count < 200; count += 1) {
    nonces.add(boxOf(await sealing.seal(ports, hook_id, Buffer.from(value))).nonce);
  }
  assert.equal(nonces.size, 200);
});

test('a value opens under no other id, with no other key and in no other form', async () => {
  const { ports, sealing } = world({ SEALING_KEY: before });
  const row = await sealing.seal(ports, hook_id, Buffer.from(value));
  const { key, nonce, box } = boxOf(row);
  const changed = (text: string): string => {
    const bytes = Buffer.from(text, 'base64');
    bytes[0] = (bytes[0] ?? 0) ^ 1;
    return bytes.toString('base64');
  };
  const damaged: Readonly<Record<string, string>> = {
    'another nonce': JSON.stringify({ key, nonce: changed(nonce), box }),
    'another box': JSON.stringify({ key, nonce, box: changed(box) }),
    'half a box': JSON.stringify({ key, nonce, box: box.slice(0, 20) }),
    'no box': JSON.stringify({ key, nonce, box: '' }),
    'no nonce': JSON.stringify({ key, nonce: '', box }),
    'no base64': JSON.stringify({ key, nonce, box: '!' }),
    'a key that nobody has': JSON.stringify({ key: 'f'.repeat(16), nonce, box }),
    'no members': '{}',
    'no object': 'null',
    'no JSON': '{',
  };
  for (const [name, each] of Object.entries(damaged)) {
    assert.equal(await sealing.open(hook_id, each), undefined, name);
  }
  assert.equal(await sealing.open('hook:other/1', row), undefined);
  assert.equal(await world({ SEALING_KEY: after }).sealing.open(hook_id, row), undefined);
  assert.equal(await world({}).sealing.open(hook_id, row), undefined);
});

test('a key is 32 bytes as hex or base64; any other stops the instance and is not quoted', () => {
  const bytes = Buffer.from(before, 'hex');
  for (const text of [before, before.toUpperCase(), bytes.toString('base64')]) {
    assert.deepEqual(Buffer.from(sealingKeyOf(text) ?? []), bytes);
  }
  assert.deepEqual(Buffer.from(sealingKeyOf(bytes.toString('base64url')) ?? []), bytes);
  const short = bytes.subarray(1).toString('base64');
  for (const wrong of [before.slice(2), `${before}00`, short, '???']) {
    assert.throws(
      () => sealingKeysOf({ SEALING_KEY: wrong }),
      ({ name, message }: Error) => name === 'SettingError' && !message.includes(wrong.slice(0, 9)),
    );
  }
  assert.deepEqual(sealingKeysOf({ SEALING_KEY: '' }), {});
});

test('without a key nothing is sealed', async () => {
  const ports = memoryPorts({ db: openSqliteDb() });
  for (const sealing of [new Sealing(), world({ SEALING_KEY_PREVIOUS: before }).sealing]) {
    assert.equal(sealing.configured, false);
    await assert.rejects(sealing.seal(ports, hook_id, Buffer.from(value)), /no key to seal/);
  }
});
