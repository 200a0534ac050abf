// One click to a live site, as people see it: every step, nothing that jumps, by mouse and by
// keyboard alone.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { layoutShift } from './support/browser.ts';
import { building, hook_url, publication, ready, settingUp, unset } from './support/fixtures.ts';
import type { MockApi } from './support/mock_api.ts';
import { browserForAll, open, pictures } from './support/setting.ts';

const browser = browserForAll();
const shift_max = 0.02;
const { hook } = ready();

// The API on the way from nothing to a live site; `seen` is called at every state.
async function goLive(mock: MockApi, page: Page, seen: (words: string) => Promise<void>) {
  if (hook === undefined) throw new Error('the fixture has a hook');
  await seen('Create the Cloudflare Pages project');
  for (let done = 0; done < 5; done += 1) {
    const now = building(done);
    mock.set({ ...settingUp(2, { publication: now }), hook });
    await page.locator('.bar .active').nth(0).waitFor();
    await page.waitForTimeout(60);
  }
  const checked = publication({ state: 'verifying', label: 'checking the served bytes' });
  mock.set({ ...settingUp(3, { publication: checked }) });
  await seen('Check that the site is online');
  mock.set({ ...ready({ publication: publication() }) });
  await seen('Built, and online');
}

// Answers as the Worker does: the steps are seen while the answer is on its way.
function provisioning(mock: MockApi): void {
  mock.on.set('POST /auto-provision', async () => {
    mock.set(settingUp(0));
    await new Promise((resolve) => setTimeout(resolve, 1_700));
    mock.set({ ...settingUp(1) });
    await new Promise((resolve) => setTimeout(resolve, 300));
    mock.set({ ...settingUp(2, { publication: building(0) }) });
    const { publishing } = mock;
    return { projectName: 'aurora-ark', deployHookUrl: hook_url, publishing };
  });
}

describe('auto-provision', () => {
  for (const width of [1280, 375]) {
    test(`goes live without a jump, ${width} pixels wide`, async () => {
      const { page, mock, faults, close } = await open(browser(), unset(), { width });
      provisioning(mock);
      const button = page.getByRole('button', { name: 'Auto-provision now' });
      await button.dblclick();
      await page.getByText('In progress').waitFor();
      await page.screenshot({ path: `${pictures}provision-1-${width}.png` });
      await page.getByText(hook_url).waitFor();
      await page.screenshot({ path: `${pictures}provision-2-${width}.png`, fullPage: true });
      await goLive(mock, page, (words) => page.getByText(words).first().waitFor());
      await page.getByRole('link', { name: 'aurora-ark.pages.dev' }).waitFor();
      const { shift, shifted } = await layoutShift(page);
      assert.ok(shift < shift_max, `${shift}: ${shifted.join(', ')}`);
      assert.deepEqual(mock.writes(), ['POST /auto-provision'], 'a double click does it once');
      assert.deepEqual(faults, []);
      await close();
    });
  }

  test('works by keyboard alone, and a listener hears how far it is', async () => {
    const { page, mock, close } = await open(browser());
    provisioning(mock);
    const focused = (): Promise<string> =>
      page.evaluate(() => document.activeElement?.textContent ?? '');
    const tabTo = async (words: string): Promise<void> => {
      for (let presses = 0; presses < 30; presses += 1) {
        await page.keyboard.press('Tab');
        if ((await focused()).includes(words)) return;
      }
      assert.fail(`the keyboard does not reach "${words}"`);
    };
    await tabTo('Auto-provision now');
    await page.keyboard.press('Enter');
    assert.equal(await focused(), 'Your site', 'the focus goes to what comes');
    const live = page.locator('[aria-live=polite]');
    await live.getByText('Step 1 of 4: Create the Cloudflare Pages project.').waitFor();
    await live.getByText('Step 3 of 4: Build the site for the first time.').waitFor();
    await page.locator('li[aria-current=step]').getByText('Build the site').waitFor();
    await goLive(mock, page, (words) => page.getByText(words).first().waitFor());
    await live.getByText('The site is live.').waitFor();
    mock.on.set('POST /publish', () => {
      const next = building(0, { publicationId: 'pub_2' });
      mock.set({ publication: next });
      return next;
    });
    await tabTo('Publish');
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Publish again' }).waitFor();
    assert.match(await focused(), /Publish again/, 'the button keeps the focus');
    await close();
  });

  test('the hook is shown once, for a minute, and is kept nowhere', async () => {
    const { page, mock, close } = await open(browser());
    await page.clock.install();
    mock.on.set('POST /auto-provision', () => {
      mock.set(ready());
      const { publishing } = mock;
      return { projectName: 'aurora-ark', deployHookUrl: hook_url, publishing };
    });
    await page.getByRole('button', { name: 'Auto-provision now' }).click();
    await page.getByText(hook_url).waitFor();
    const kept = await page.evaluate(async () =>
      JSON.stringify([
        { ...localStorage },
        { ...sessionStorage },
        location.href,
        history.state,
        document.cookie,
        await caches.keys(),
      ]),
    );
    assert.doesNotMatch(kept, /marker/);
    await page.clock.fastForward(61_000);
    await page.getByText('\u20261a2b').waitFor();
    assert.doesNotMatch(await page.content(), /marker/);
    await close();
  });

  test('a key for each attempt; the same one after an answer was lost', async () => {
    const { page, mock, close } = await open(browser());
    let calls = 0;
    await page.route('**/auto-provision', async (route) => {
      calls += 1;
      if (calls > 1) return await route.continue();
      await route.fetch();
      await route.abort('connectionreset');
    });
    mock.on.set('POST /auto-provision', () => {
      return calls < 3
        ? new Response('{"code":"upstream.unclear","title":"Cloudflare did not answer"}', {
            status: 503,
          })
        : { publishing: ready() };
    });
    const button = page.getByRole('button', { name: /Auto-provision now|Try again/ });
    await button.click();
    await page.getByText('No answer came').waitFor();
    await button.click();
    await page.getByText('Cloudflare did not answer').waitFor();
    await button.click();
    await page.getByText('Built, and online').waitFor();
    const keys = mock.seen
      .filter(({ method }) => method === 'POST')
      .map(({ headers }) => headers.get('idempotency-key'));
    assert.equal(keys.length, 3);
    assert.match(keys[0] ?? '', /^[0-9a-f]{32}$/);
    assert.equal(keys[1], keys[0], 'the answer was lost: the same key');
    assert.notEqual(keys[2], keys[1], 'an answer came: another key');
    await close();
  });
});
