// What most tests of the settings page begin with: a mock in a state, and the page open on it.
import { after, before } from 'node:test';
import type { Browser } from 'playwright-core';
import type { Publishing } from '../../../worker-shim/pages/api_types.ts';
import { type Look, openPage, startBrowser, type Watched } from './browser.ts';
import { unset } from './fixtures.ts';
import { MockApi } from './mock_api.ts';

/** The address of the page. */
export const address = '/orgs/org-aurora/settings/publishing';

/** Where pictures go. */
export const pictures = new URL('../../../build/screenshots/', import.meta.url).pathname;

/** A page with its own API behind it. */
export interface Opened extends Watched {
  readonly mock: MockApi;
}

// What a failed test left open.
const opened = new Set<() => Promise<void>>();

/** A browser for all tests of a file. */
export function browserForAll(): () => Browser {
  let browser: Browser | undefined;
  before(async () => {
    browser = await startBrowser();
  });
  after(async () => {
    await Promise.all([...opened].map((close) => close()));
    await browser?.close();
  });
  return () => {
    if (browser === undefined) throw new Error('the browser has not started');
    return browser;
  };
}

/** Opens the settings page, or another, over an API that says this. */
export async function open(
  browser: Browser,
  publishing: Publishing = unset(),
  look: Look & { path?: string; prepare?: (mock: MockApi) => void } = {},
): Promise<Opened> {
  const mock = new MockApi(publishing);
  look.prepare?.(mock);
  await mock.start();
  const watched = await openPage(browser, mock.url + (look.path ?? address), look);
  const close = async (): Promise<void> => {
    opened.delete(close);
    await watched.close();
    await mock.stop();
  };
  opened.add(close);
  await watched.page.locator('main [aria-busy]').waitFor({ state: 'detached' });
  return { ...watched, mock, close };
}
