// What the pages weigh, the headers that they come with, and the page of help.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { htmlOfMarkdown } from '../../scripts/lib/markdown.mjs';
import { addPages } from '../../worker-shim/routes/pages.ts';
import { axeFindings, overflow, readText } from './support/browser.ts';
import { pageFiles } from './support/mock_api.ts';
import { browserForAll, open, pictures } from './support/setting.ts';

const browser = browserForAll();
const weight_max = 24_000;

const app = new Hono();
addPages(app, await pageFiles(), () => undefined);
const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  Promise.resolve(app.fetch(new Request(`http://slipway.test${path}`, { headers })));
const assetsOf = (html: string): string[] =>
  [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '');

describe('the pages', () => {
  for (const path of ['/orgs/x/settings/publishing', '/sign-in', '/help/connect-github']) {
    test(`${path}: a strict policy, nothing inline, light`, async () => {
      const response = await get(path);
      const html = await response.text();
      const policy = response.headers.get('content-security-policy') ?? '';
      assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/);
      for (const part of ["frame-ancestors 'none'", "form-action 'none'", "base-uri 'none'"]) {
        assert.ok(policy.includes(part), part);
      }
      assert.doesNotMatch(policy, /unsafe|\*/);
      assert.equal(response.headers.get('cache-control'), 'no-store');
      assert.equal(response.headers.get('referrer-policy'), 'no-referrer');
      assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
      assert.equal(response.headers.get('cross-origin-opener-policy'), 'same-origin');
      assert.doesNotMatch(html, /<style|<script(?! type="module" src=)|\sstyle=|\son\w+=|\{\{/);
      const bodies = await Promise.all(assetsOf(html).map(async (one) => (await get(one)).text()));
      const weight = bodies.reduce((sum, text) => sum + gzipSync(text).length, 0);
      console.log(`${path}: script and style weigh ${weight} bytes compressed`);
      assert.ok(weight > 0 && weight < weight_max, `${weight} bytes`);
      const etag = response.headers.get('etag') ?? '';
      assert.equal((await get(path, { 'if-none-match': etag })).status, 304);
    });
  }

  test('an asset is kept for ever under its digest, and is found under no other', async () => {
    const [style = ''] = assetsOf(await (await get('/sign-in')).text());
    const response = await get(style);
    assert.match(response.headers.get('cache-control') ?? '', /immutable/);
    assert.match(response.headers.get('content-type') ?? '', /^text\/css/);
    assert.equal((await get(style.replace(/\.[0-9a-f]{16}\./, '.0000000000000000.'))).status, 404);
  });
});

test('Markdown that the pages do not know is an error, and markup in it is text', () => {
  for (const text of ['| a | b |', '> said', '```\ncode\n```', '<b>bold</b>', '#### deep']) {
    assert.throws(() => htmlOfMarkdown(text), /not known/, text);
  }
  const { title, html } = htmlOfMarkdown('# T\n\na <b> & `c<d` [x](javascript:1) **e**');
  assert.equal(title, 'T');
  const line = 'a &lt;b> &amp; <code>c&lt;d</code> [x](javascript:1) <b>e</b>';
  assert.equal(html, `<h1>T</h1>\n<p>${line}</p>`);
});

test('the page of help says what the document says', async () => {
  for (const dark of [false, true]) {
    const path = '/help/connect-github';
    const { page, faults, close } = await open(browser(), undefined, { path, dark });
    const words = (text: string): string => text.replace(/[^A-Za-z0-9]+/g, ' ').trim();
    const document = readFileSync(new URL('../../docs/connect-github.md', import.meta.url), 'utf8');
    const plain = document.replace(/\]\([^)]*\)/g, '').replace(/^\d+\. /gm, '');
    assert.equal(words(await readText(page.locator('article'))), words(plain));
    assert.deepEqual(await axeFindings(page), []);
    assert.deepEqual(faults, []);
    await page.screenshot({
      path: `${pictures}help-${dark ? 'dark' : 'light'}.png`,
      fullPage: true,
    });
    await page.setViewportSize({ width: 320, height: 640 });
    assert.ok((await overflow(page)) <= 0);
    await close();
  }
});
