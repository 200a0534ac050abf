// The real settings page of a whole product in Chromium: who looks at it, what it looks like, and
// everything that went over its network.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Locator, Page, Response } from 'playwright-core';
import { axeFindings, openPage, overflow, type Watched } from '../browser/support/browser.ts';
import type { Product } from './support.ts';

const pictures = join(import.meta.dirname, '../../build/screenshots/e2e');

/** An answer that the page was given. */
export interface Heard {
  /** Method and path, as `POST /me/session`. */
  readonly call: string;
  readonly status: number;
  /** Request and response, headers and bodies. */
  readonly text: string;
  /** The body of the answer alone. */
  readonly body: string;
}

/** A person with a browser window of their own. */
export class Visitor {
  readonly product: Product;
  readonly page: Page;
  readonly context: BrowserContext;
  readonly faults: string[];
  readonly #heard: Promise<Heard>[];
  readonly #events: string[];

  private constructor(
    product: Product,
    { page, context, faults }: Watched,
    log: { heard: Promise<Heard>[]; events: string[] },
  ) {
    this.product = product;
    this.page = page;
    this.context = context;
    this.faults = faults;
    this.#heard = log.heard;
    this.#events = log.events;
  }

  /** Opens a window on an org's settings page. */
  static async open(product: Product, browser: Browser, orgId: string): Promise<Visitor> {
    const heard: Promise<Heard>[] = [];
    const events: string[] = [];
    const origin = originOf(product);
    const watch = async (context: BrowserContext, page: Page): Promise<void> => {
      context.on('response', (response) => {
        if (response.url().startsWith(origin)) heard.push(heardOf(response));
      });
      const session = await context.newCDPSession(page);
      await session.send('Network.enable');
      session.on('Network.eventSourceMessageReceived', ({ data }) => events.push(data));
    };
    const watched = await openPage(browser, origin + addressOf(orgId), { watch });
    return new Visitor(product, watched, { heard, events });
  }

  /** Goes to the settings page of another org. */
  async visit(orgId: string): Promise<void> {
    await this.page.goto(originOf(this.product) + addressOf(orgId));
    await this.settled();
  }

  /** Waits until the page has something to show. */
  async settled(): Promise<void> {
    await this.page.locator('main [aria-busy]').waitFor({ state: 'detached' });
  }

  /** Signs in at the issuer of development, and comes back. */
  async signIn(person: 'Ada' | 'Ben' | 'Cleo'): Promise<void> {
    await this.button('Sign in').click();
    await this.button(person).click();
    await this.page.waitForURL(/\/settings\/publishing$/);
    await this.page.locator('.user').getByText(person.toLowerCase()).waitFor();
    await this.settled();
  }

  /** A button by what it says. */
  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  /** Waits until this is read on the page. */
  async reads(words: string | RegExp): Promise<void> {
    await this.page.getByText(words).filter({ visible: true }).first().waitFor();
  }

  /** The address of the deploy hook as it is shown. */
  async shownHook(): Promise<string> {
    return (await this.page.locator('#hook-url').textContent()) ?? '';
  }

  /**
   * A picture in light and dark, of the whole page or of what the window shows; nothing serious is
   * found by axe, and nothing is too wide.
   */
  async pictures(state: string, fullPage = true): Promise<void> {
    mkdirSync(pictures, { recursive: true });
    for (const colorScheme of ['dark', 'light'] as const) {
      await this.page.emulateMedia({ colorScheme });
      const path = join(pictures, `${state}-${colorScheme}.png`);
      await this.page.screenshot({ path, fullPage, animations: 'disabled' });
      assert.deepEqual(await axeFindings(this.page), [], `${state}, ${colorScheme}`);
    }
    assert.ok((await overflow(this.page)) <= 0, `${state} is too wide`);
  }

  /** Notes from now on what a listener is told; the function gives it. */
  async listen(): Promise<() => Promise<string[]>> {
    await this.page.evaluate(() => {
      const said: string[] = [];
      Object.assign(window, { said });
      const live = document.querySelector('[aria-live=polite]');
      if (live === null) throw new Error('nothing is told');
      new MutationObserver(() => said.push(live.textContent)).observe(live, {
        childList: true,
        characterData: true,
        subtree: true,
      });
    });
    return () => this.page.evaluate(() => (window as unknown as { said: string[] }).said);
  }

  /** One call of the API by a script of the page; status and code of the answer. */
  async calls(method: string, path: string): Promise<{ status: number; code: unknown }> {
    const sent = { method, path };
    return await this.page.evaluate(async (call) => {
      const response = await fetch(call.path, { method: call.method });
      const { code } = JSON.parse(await response.text());
      return { status: response.status, code };
    }, sent);
  }

  /** What went wrong on the page, but for refusals with one of these statuses; and forgets it. */
  takeFaults(...statuses: number[]): string[] {
    const refusal = new RegExp(`Failed to load resource: .* status of (${statuses.join('|')})`);
    return this.faults.splice(0).filter((fault) => statuses.length === 0 || !refusal.test(fault));
  }

  /** Everything that the page was given, and all that is kept in this browser. */
  async everything(): Promise<{ heard: Heard[]; events: string[]; kept: string }> {
    const kept = await this.page.evaluate(async () =>
      JSON.stringify([
        document.documentElement.outerHTML,
        { ...localStorage },
        { ...sessionStorage },
        await indexedDB.databases(),
        await caches.keys(),
        location.href,
        history.state,
        document.cookie,
      ]),
    );
    return { heard: await Promise.all(this.#heard), events: this.#events, kept };
  }
}

const originOf = ({ place }: Product): string => `http://127.0.0.1:${place.port}`;
const addressOf = (orgId: string): string => `/orgs/${orgId}/settings/publishing`;

async function heardOf(response: Response): Promise<Heard> {
  const request = response.request();
  const { pathname } = new URL(response.url());
  const headers = await response.allHeaders().catch(() => response.headers());
  // A stream's events are noted as they come, and its end may be never.
  const isStream = headers['content-type']?.startsWith('text/event-stream') === true;
  const body = isStream ? '' : await response.text().catch(() => '');
  const asked = [response.url(), request.headers(), request.postData() ?? ''];
  return {
    call: `${request.method()} ${pathname}`,
    status: response.status(),
    text: JSON.stringify([...asked, headers, body]),
    body,
  };
}
