// Debian's Chromium, and what every test of a page looks at: errors, the content security policy,
// shifts of the layout, accessibility, width.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import {
  type Browser,
  type BrowserContext,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';

const axe_source = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

/** How long something on a page is waited for: other suites run beside this one. */
const patience_ms = 120_000;

/** Starts the browser; it calls nobody by itself. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}

/** How a page is looked at. */
export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly dark?: boolean;
  /** Is called before the first request goes out. */
  readonly watch?: (context: BrowserContext, page: Page) => Promise<void>;
}

/** A page with what went wrong on it. */
export interface Watched {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors of the console and of scripts, and violations of the content security policy. */
  readonly faults: string[];
  close(): Promise<void>;
}

/** Opens a page of its own; every fault is kept from its first byte on. */
export async function openPage(browser: Browser, url: string, look: Look = {}): Promise<Watched> {
  const context = await browser.newContext({
    viewport: { width: look.width ?? 1280, height: look.height ?? 900 },
    colorScheme: look.dark ? 'dark' : 'light',
    locale: 'en-GB',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(patience_ms);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text());
  });
  await page.addInitScript(watchPage);
  await look.watch?.(context, page);
  await page.goto(url);
  return { page, context, faults, close: () => context.close() };
}

/** What the page notes about itself. */
interface Noted {
  shift: number;
  shifted: string[];
}

function watchPage(): void {
  const noted: Noted = { shift: 0, shifted: [] };
  Object.assign(window, { noted });
  document.addEventListener('securitypolicyviolation', (event) => {
    console.error(`violates ${event.violatedDirective}: ${event.blockedURI}`);
  });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const shift = entry as PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
        sources: { node: Element | null }[];
      };
      if (shift.hadRecentInput) continue;
      noted.shift += shift.value;
      for (const { node } of shift.sources) {
        noted.shifted.push(`${node?.nodeName ?? '?'}.${node?.className ?? ''}`);
      }
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

/** How far the layout has shifted by itself since the page was opened. */
export async function layoutShift(page: Page): Promise<Noted> {
  await page.waitForTimeout(100);
  return await page.evaluate(() => (window as unknown as { noted: Noted }).noted);
}

/** Serious and critical findings of axe, one line each. */
export async function axeFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe_source);
  return await page.evaluate(async () => {
    interface Found {
      violations: {
        impact: string;
        id: string;
        nodes: { html: string; failureSummary: string }[];
      }[];
    }
    const { axe } = window as unknown as { axe: { run: () => Promise<Found> } };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`),
      );
  });
}

/** What is read there: no text of what is not drawn. */
export const readText = (place: Locator): Promise<string> =>
  // biome-ignore lint/performance/useDomNodeTextContent: hidden text is not read
  place.innerText();

/** How many pixels the page is wider than its window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
