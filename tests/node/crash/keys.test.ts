// Killed before and after every outside call while keys change: the sealing key, a pair of
// Cloudflare tokens, a token of the API. (Deploy hooks: tests/node/orgs/crash.test.ts.)
import assert from 'node:assert/strict';
import { test } from '../support/own_thread.ts';
import { killEverywhere, once, twice } from './kill.ts';
import { sealing, tokenPair, tokens } from './stories.ts';

for (const phase of ['before', 'after'] as const) {
  test(`a new sealing key, killed ${phase} each outside call`, async (context) => {
    const kills = await killEverywhere(sealing, once(phase));
    context.diagnostic(`${kills} kills`);
    assert.ok(kills > 20, `${kills} kills`);
  });
  test(`a token of two is revoked, killed ${phase} each outside call`, async (context) => {
    const kills = await killEverywhere(tokenPair, once(phase));
    context.diagnostic(`${kills} kills`);
    assert.ok(kills > 60, `${kills} kills`);
  });
  test(`a token of the API, killed ${phase} each outside call`, async (context) => {
    const kills = await killEverywhere(tokens(), once(phase));
    context.diagnostic(`${kills} kills`);
    assert.ok(kills > 6, `${kills} kills`);
  });
}

test('a token of the API, killed twice', async (context) => {
  const kills = await killEverywhere(tokens(), twice(1, 2, 3, 4));
  context.diagnostic(`${kills} kills`);
  assert.ok(kills > 50, `${kills} kills`);
});

test('a new sealing key, killed twice', async (context) => {
  const kills = await killEverywhere(sealing, twice(1, 3), 2);
  context.diagnostic(`${kills} kills`);
  assert.ok(kills > 40, `${kills} kills`);
});
