// Signing in: out to the issuer and back, the token exchanged and gone from the address, and every
// return that is not ours refused.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { axeFindings } from './support/browser.ts';
import { ready } from './support/fixtures.ts';
import { type MockApi, problem } from './support/mock_api.ts';
import { address, browserForAll, open, pictures } from './support/setting.ts';

const browser = browserForAll();
const out = { signedIn: false, signInUrl: '/issuer/sign-in?return={return}' } as const;
const ada = { signedIn: true, user: 'ada@aurora.example' } as const;

// Nobody is signed in until the token of the mock's issuer is exchanged.
function signedOut(mock: MockApi): void {
  mock.session = out;
  mock.publishing = () => problem(401, 'auth.missing');
  mock.on.set('POST /me/session', ({ headers }) => {
    if (headers.get('authorization') !== 'Bearer header.payload.signature') {
      return problem(401, 'auth.missing');
    }
    mock.session = ada;
    mock.publishing = ready();
    return ada;
  });
  mock.on.set('DELETE /me/session', () => {
    mock.session = out;
    return new Response(null, { status: 204 });
  });
}

describe('signing in', () => {
  test('goes to the issuer and comes back to the page; no trace of the token stays', async () => {
    const { page, context, mock, close } = await open(browser(), undefined, { prepare: signedOut });
    const visited: string[] = [];
    page.on('framenavigated', (frame) => visited.push(frame.url()));
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Publish' }).waitFor();
    assert.equal(page.url(), mock.url + address);
    assert.ok(visited.some((url) => url.includes('/sign-in?to=%2Forgs%2Forg-aurora')));
    await page.goBack();
    await page.waitForTimeout(300);
    assert.doesNotMatch(page.url(), /access_token/, 'the address in the history is clean');
    assert.doesNotMatch(JSON.stringify(await context.storageState()), /payload/);
    assert.equal(await page.evaluate(() => JSON.stringify({ ...sessionStorage })), '{}');
    await close();
  });

  test('a return that this tab did not leave for is refused', async () => {
    const path = `/sign-in?to=${address}&state=forged#access_token=header.payload.signature`;
    const { page, mock, close } = await open(browser(), undefined, { prepare: signedOut, path });
    await page.getByText('This sign-in was not begun here').waitFor();
    assert.deepEqual(mock.writes(), []);
    assert.doesNotMatch(page.url(), /access_token/);
    assert.deepEqual(await axeFindings(page), []);
    await page.screenshot({ path: `${pictures}sign-in-refused.png` });
    await close();
  });

  test('a token that is not accepted is told, with a way to try again', async () => {
    const prepare = (mock: MockApi): void => {
      signedOut(mock);
      mock.on.set('POST /me/session', () => problem(401, 'auth.missing'));
    };
    const { page, close } = await open(browser(), undefined, { prepare });
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('The sign-in was not accepted').waitFor();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await close();
  });

  for (const to of ['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:1']) {
    test(`never leads to ${to}`, async () => {
      const path = `/sign-in?to=${encodeURIComponent(to)}`;
      const { page, close } = await open(browser(), undefined, { prepare: signedOut, path });
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('You are signed in as').waitFor();
      assert.equal(new URL(page.url()).pathname, '/sign-in');
      assert.equal(await page.locator('a[href*=evil]').count(), 0);
      await close();
    });
  }

  test('an instance without sign-in says so', async () => {
    const { page, close } = await open(browser(), undefined, {
      path: '/sign-in',
      prepare: (mock) => {
        mock.session = { signedIn: false, signInUrl: null };
      },
    });
    await page.getByText('Signing in is not set up on this instance').waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await close();
  });

  test('who is signed in goes on or signs out', async () => {
    const prepare = (mock: MockApi): void => {
      signedOut(mock);
      mock.session = ada;
    };
    const path = `/sign-in?to=${encodeURIComponent(address)}`;
    const { page, close } = await open(browser(), undefined, { prepare, path, dark: true });
    assert.equal(await page.getByRole('link', { name: 'Continue' }).getAttribute('href'), address);
    assert.deepEqual(await axeFindings(page), []);
    await page.screenshot({ path: `${pictures}sign-in-dark.png` });
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await close();
  });
});
