// The sign-in page: what is on it, where it leads back to, and where it never does.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeJwt } from 'jose';
import { virtualClock } from '../../../simulator/base/clock.ts';
import { memoryStore } from '../../../simulator/base/store.ts';
import { createIssuer, type DemoUser } from '../../../simulator/issuer/index.ts';

const ORIGIN = 'http://127.0.0.1:8788';
const PAGE = `${ORIGIN}/issuer/sign-in`;
const BACK = 'http://127.0.0.1:8787/sign-in?to=%2Forgs%2Fa%2Fsettings&state=abc%26d';

const open = (users?: DemoUser[]) =>
  createIssuer({
    clock: virtualClock(),
    store: memoryStore(),
    ...(users === undefined ? {} : { users }),
  });

const pageFor = (target: string, users?: DemoUser[]): Promise<Response> =>
  open(users)(new Request(`${PAGE}?return=${encodeURIComponent(target)}`));

const choose = (user: string, target = BACK): Promise<Response> =>
  open()(
    new Request(PAGE, {
      method: 'POST',
      headers: { origin: ORIGIN },
      body: new URLSearchParams({ user, return: target }),
    }),
  );

test('the page offers each person as a button, and keeps the way back', async () => {
  const response = await pageFor(BACK);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('referrer-policy'), 'same-origin');
  assert.match(response.headers.get('content-security-policy') ?? '', /^default-src 'none'/);
  const html = await response.text();
  const users = [...html.matchAll(/<button name="user" value="(\w+)">/g)].map(([, user]) => user);
  assert.deepEqual(users, ['ada', 'ben', 'cleo']);
  assert.match(html, /<html lang="en">/);
  assert.match(html, /color-scheme: light dark/);
  assert.ok(html.includes(`value="${BACK.replaceAll('&', '&amp;')}"`));
});

test('what stands in settings and addresses is text on the page', async () => {
  const users = [{ user: '"><b>', name: '<i>', about: '&' }];
  const html = await (await pageFor('http://localhost/?"><script>', users)).text();
  assert.doesNotMatch(html, /<b>|<i>|<script>/);
});

test('a choice leads back with a token in the fragment, and the state beside it', async () => {
  const response = await choose('ada', `${BACK}#left=over`);
  assert.equal(response.status, 303);
  const location = new URL(response.headers.get('location') ?? '');
  assert.equal(location.href.split('#')[0], BACK);
  const answer = new URLSearchParams(location.hash.slice(1));
  assert.deepEqual([...answer.keys()], ['access_token', 'state']);
  assert.equal(answer.get('state'), 'abc&d');
  const { sub, iss, aud } = decodeJwt(answer.get('access_token') ?? '');
  assert.deepEqual([sub, iss, aud], ['ada', `${ORIGIN}/issuer`, 'slipway']);
  assert.equal((await choose('mallory')).status, 400);
});

test('it leads back to addresses of this machine only', async () => {
  const loopback = [
    'http://localhost:8787/x',
    'https://slipway.localhost/',
    'http://127.9.8.7/',
    'http://[::1]:8787/',
  ];
  for (const target of loopback) {
    assert.equal((await pageFor(target)).status, 200, target);
    assert.equal((await choose('ada', target)).status, 303, target);
  }
  const others = [
    'http://evil.example/',
    'http://127.0.0.1.evil.example/',
    'http://localhost.evil.example/',
    'http://localhost@evil.example/',
    'http://user@localhost/',
    'http://evil.example\\@localhost/',
    '//localhost/',
    '/sign-in',
    'javascript:alert(1)//localhost',
    'file://localhost/',
    'ftp://localhost/',
    'other-app://localhost/',
    'http://10.0.0.1/',
    '',
  ];
  for (const target of others) {
    assert.equal((await pageFor(target)).status, 400, target);
    const refused = await choose('ada', target);
    assert.deepEqual([refused.status, refused.headers.get('location')], [400, null], target);
  }
});
