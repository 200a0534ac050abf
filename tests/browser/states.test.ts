// The settings page in every state, light and dark, on a desk and on a phone: what is read there,
// accessibility, width, errors. The pictures go to build/screenshots.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import type { Browser } from 'playwright-core';
import {
  axeFindings,
  layoutShift,
  openPage,
  overflow,
  readText,
  startBrowser,
} from './support/browser.ts';
import { unset } from './support/fixtures.ts';
import { MockApi } from './support/mock_api.ts';
import { enter, type PageState, page_states } from './support/states.ts';

const pictures = new URL('../../build/screenshots/', import.meta.url).pathname;
const address = '/orgs/org-aurora/settings/publishing';
const looks = [
  { name: 'light', width: 1280 },
  { name: 'dark', width: 1280, dark: true },
  { name: 'phone-light', width: 375, height: 780 },
  { name: 'phone-dark', width: 375, height: 780, dark: true },
] as const;

let browser: Browser;
const mock = new MockApi(unset());

before(async () => {
  mkdirSync(pictures, { recursive: true });
  browser = await startBrowser();
  await mock.start();
});

after(async () => {
  await browser.close();
  await mock.stop();
});

// One state in one look.
async function check(name: string, state: PageState, look: (typeof looks)[number]): Promise<void> {
  const { page, faults, close } = await openPage(browser, mock.url + address, look);
  await page.locator('main [aria-busy]').waitFor({ state: 'detached' });
  const { shift, shifted } = await layoutShift(page);
  assert.ok(shift < 0.02, `${shift} when it appears: ${shifted.join(', ')}`);
  await page.screenshot({ path: `${pictures}${name}-${look.name}.png`, fullPage: true });
  const text = await readText(page.locator('body'));
  for (const words of state.shows) assert.ok(text.includes(words), `shows "${words}": ${text}`);
  for (const words of state.hides ?? []) assert.ok(!text.includes(words), `hides "${words}"`);
  assert.equal(await page.locator('main').count(), 1, 'what was there before the script is gone');
  assert.deepEqual(await axeFindings(page), [], look.name);
  assert.ok((await overflow(page)) <= 0, `${look.name} is too wide`);
  // What the API refuses is told by the console, too; that is no fault of the page.
  const own = faults.filter((fault) => !/Failed to load resource/.test(fault));
  assert.deepEqual(own, []);
  if (look.width === 375) {
    await page.setViewportSize({ width: 320, height: 640 });
    assert.ok((await overflow(page)) <= 0, '320 pixels are too narrow');
  }
  await close();
}

describe('the settings page', () => {
  for (const [name, state] of Object.entries(page_states)) {
    test(`${name}`, async () => {
      enter(mock, state);
      await Promise.all(looks.map((look) => check(name, state, look)));
    });
  }
});
