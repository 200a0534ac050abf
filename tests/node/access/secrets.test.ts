// The plaintext of a token is in the one reply that hands it out, and nowhere else: no row, no log
// line, no frame to or from the core, no golden file.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Core } from '../../../bindings/js/core.ts';
import { provePrincipal } from '../../../worker-shim/auth/principal.ts';
import { drawSecret, withSecret } from '../../../worker-shim/auth/secret.ts';
import { core, create, minute_ms, onlySite, openFleet, settle } from '../faults/support.ts';
import { golden_directory } from '../golden/golden.ts';
import { memoryPorts } from '../support/memory_ports.ts';
import { openSqliteDb } from '../support/sqlite_db.ts';
import { createToken, everythingStored, json } from './support.ts';

const plaintext = /sl[pb]_[A-Za-z0-9_-]{43}/;

/** A core whose frames are kept, as text. */
function tapped(): Core & { readonly frames: string[] } {
  const frames: string[] = [];
  const keep = (frame: Uint8Array): void => {
    frames.push(Buffer.from(frame).toString('latin1'));
  };
  return {
    frames,
    traps: () => core.traps(),
    step(input) {
      keep(input);
      const output = core.step(input);
      keep(output);
      return output;
    },
  };
}

test('no row, log line or frame holds a token, from its creation to its last use', async () => {
  const tap = tapped();
  const fleet = openFleet({ core: tap });
  await create(fleet);
  const { token, tokenId } = await createToken(fleet, ['platforms:read', 'deploy'], ['acme']);
  await fleet.passTime(() => onlySite(fleet).active?.state === 'running', 10 * minute_ms);
  await settle(fleet);
  const key = { 'idempotency-key': 'claim once' };
  const body = { platformId: 'acme', env: 'dev', runId: '9001', runAttempt: 1 };
  const claimed = await fleet.api('POST', '/api/v1/claims', body, 'internal-key', key);
  const { token: build } = json(claimed);
  for (const bearer of [token, build]) {
    assert.match(bearer, new RegExp(`^${plaintext.source}$`));
    await fleet.api('GET', '/api/v1/platforms/acme', undefined, bearer);
    await fleet.api('GET', '/api/v1/platforms/acme/config', undefined, bearer);
  }
  const lists = [
    await fleet.api('GET', '/api/v1/tokens'),
    await fleet.api('GET', '/api/v1/audit?limit=100'),
    await fleet.api('DELETE', `/api/v1/tokens/${tokenId}`),
    await fleet.api('POST', '/api/v1/claims', body, 'internal-key', key),
  ];
  assert.deepEqual(
    lists.map(({ status }) => status),
    [200, 200, 204, 409],
  );
  const kept = [everythingStored(fleet), JSON.stringify(fleet.logged), ...tap.frames];
  for (const { text } of lists) kept.push(text);
  assert.ok(tap.frames.length > 50);
  assert.deepEqual(
    kept.filter((text) => plaintext.test(text) || text.includes(token.slice(4, 20))),
    [],
  );
});

test('no golden file holds a token', () => {
  const files = readdirSync(golden_directory, { recursive: true }).map(String);
  const golden = files.filter((file) => file.endsWith('.json'));
  assert.ok(golden.length > 100);
  assert.deepEqual(
    golden.filter((file) => plaintext.test(readFileSync(join(golden_directory, file), 'utf8'))),
    [],
  );
});

test('a secret is 256 bits as base64url, proved by its digest, never the same twice', async () => {
  const ports = memoryPorts({ db: openSqliteDb() });
  const drawn = new Set<string>();
  for (let count = 0; count < 200; count += 1) {
    const { plaintext: text, digest } = await drawSecret(ports, count % 2 === 0 ? 'slp_' : 'slb_');
    assert.match(text, new RegExp(`^${plaintext.source}$`));
    const kind = count % 2 === 0 ? 'token' : 'build';
    const principal = await provePrincipal(`Bearer ${text}`, { admin: ['x'], internal: [] });
    assert.deepEqual(principal, { kind, digest });
    const key = await provePrincipal(`Bearer ${text}`, { admin: [], internal: [text] });
    assert.deepEqual(key, { kind: 'internal' });
    drawn.add(text);
  }
  assert.equal(drawn.size, 200);
  for (const form of ['slp_', `slp_${'a'.repeat(42)}`, `slx_${'a'.repeat(43)}`]) {
    const nobody = await provePrincipal(`Bearer ${form}`, { admin: [], internal: [] });
    assert.deepEqual(nobody, { kind: 'none' });
  }
});

test('a secret joins an object as its first member, whatever else the object has', () => {
  const secret = { plaintext: 'slp_x', digest: '' };
  const joined = (body: string): string =>
    Buffer.from(withSecret(Buffer.from(body), 'token', secret)).toString();
  assert.equal(joined('{}'), '{"token":"slp_x"}');
  assert.equal(joined('{"a":"\u00e9"}'), '{"token":"slp_x","a":"\u00e9"}');
});
