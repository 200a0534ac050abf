// What the builder's scripts prove themselves with, and what they never print.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCredential } from '../../../builder/scripts/lib/credential.js';
import { redact } from '../../../builder/scripts/lib/text.js';
import { serve } from '../../../simulator/base/serve.ts';

const jwt = `eyJhbGciOiJSUzI1NiJ9.${'eyJpc3MiOiJ4In0'.repeat(4)}.${'c2ln'.repeat(20)}`;

async function asked(answer: () => Response): Promise<string[]> {
  const seen: string[] = [];
  const served = await serve(async (request) => {
    seen.push(`${new URL(request.url).search} ${request.headers.get('authorization')}`);
    return answer();
  });
  const env = {
    ACTIONS_ID_TOKEN_REQUEST_URL: `${served.url}/token?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token',
  };
  try {
    seen.push(await createCredential(env, 'https://slipway.example.com')());
  } catch (error) {
    seen.push(String(error));
  } finally {
    await served.close();
  }
  return seen;
}

test('the key goes before a token; without either nothing begins', async () => {
  const env = {
    NNO_INTERNAL_API_KEY: 'key',
    ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:9/',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x',
  };
  assert.equal(await createCredential(env, 'https://a.test')(), 'key');
  const half = { ACTIONS_ID_TOKEN_REQUEST_URL: 'http://127.0.0.1:9/' };
  for (const none of [{}, half, { ...half, NNO_INTERNAL_API_KEY: '' }]) {
    assert.throws(() => createCredential(none, 'https://a.test'), /has no permission id-token/);
  }
});

test('GitHub is asked for a token for the address of the API', async () => {
  const seen = await asked(() => new Response(JSON.stringify({ value: jwt, count: 7 })));
  const query = '?api-version=2.0&audience=https%3A%2F%2Fslipway.example.com';
  assert.deepEqual(seen, [`${query} Bearer request-token`, jwt]);
});

test('anything that is no token is refused, and never quoted', async () => {
  const bodies = ['{}', '[]', 'null', '{"value":7}', '{"value":"a.b"}', `{"value":"${jwt}\\n"}`];
  for (const body of [...bodies, `{"value":"${'x'.repeat(20_000)}.b.c"}`, 'no JSON']) {
    const [, said = ''] = await asked(() => new Response(body));
    assert.match(said, /Error/, body.slice(0, 40));
    assert.ok(!said.includes('eyJ'));
  }
  const [, refused] = await asked(() => new Response('', { status: 403 }));
  assert.match(refused ?? '', /answered 403/);
});

test('tokens of every length and form are taken out of what is printed', () => {
  const long = `ghs_1234_${'aB-3'.repeat(40)}.${'x_9'.repeat(40)}.${'zZ'.repeat(60)}`;
  for (const secret of [jwt, long, `ghs_${'a'.repeat(36)}`, `github_pat_${'b'.repeat(80)}`]) {
    const clean = redact(`before ${secret}, after`, {});
    assert.equal(clean, 'before ***, after');
  }
  const env = { ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request-token' };
  assert.equal(redact('it is request-token', env), 'it is ***');
  assert.equal(redact('v1.2.3 of a.b.c', {}), 'v1.2.3 of a.b.c');
});
