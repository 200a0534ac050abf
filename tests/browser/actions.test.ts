// What people do on the settings page when the site is there, and what is told when it is refused.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { axeFindings, readText } from './support/browser.ts';
import { building, history, hook_url, publication, ready, unset } from './support/fixtures.ts';
import { problem } from './support/mock_api.ts';
import { browserForAll, open, pictures } from './support/setting.ts';

const browser = browserForAll();
const own_hook = 'https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/own';

describe('publish', () => {
  test('once for a double click; while one is under way, one more follows', async () => {
    const { page, mock, close } = await open(browser(), ready());
    const first = building(0, { publicationId: 'pub_2' });
    mock.on.set('POST /publish', async () => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      mock.set({ publication: first });
      return first;
    });
    await page.getByRole('button', { name: 'Publish' }).dblclick();
    await page.getByText('one more publication follows').waitFor();
    assert.deepEqual(mock.writes(), ['POST /publish']);
    mock.on.set('POST /publish', () => ({ ...first, again: true }));
    await page.getByRole('button', { name: 'Publish again' }).click();
    await page.getByText('One more publication follows when this one has ended').waitFor();
    assert.equal(await page.locator('.history > li').count(), 2);
    await close();
  });

  test('why one failed, with the end of its log, is opened by keyboard', async () => {
    const { page, close } = await open(browser(), ready(), {
      prepare: (mock) => {
        mock.publications = history;
      },
    });
    await page.getByText('Why it failed').focus();
    await page.keyboard.press('Enter');
    await page.getByText('The build command ended with exit code 1.').waitFor();
    await page.getByText('Show the end of the build log').click();
    await page.getByText('PUBLIC_SHOP_URL is not a URL').waitFor();
    assert.deepEqual(await axeFindings(page), []);
    const time = page.locator('.history time').first();
    assert.match((await time.getAttribute('title')) ?? '', /20\d\d.*:\d\d/, 'the exact time');
    await page.screenshot({ path: `${pictures}log-open.png`, fullPage: true });
    await close();
  });

  const refusals = [
    [
      problem(403, 'org.role', { title: 'Only an admin may do this', next: 'Ask one.' }),
      'Ask one.',
    ],
    [
      problem(500, 'internal.trap', { title: 'A fault', next: 'Look in the log.' }),
      '5c1e77ab90d24f36',
    ],
    [
      problem(418, 'never.heard', { title: 'New', detail: 'Odd', next: 'Tea.' }),
      'New\n\nOdd\n\nTea.',
    ],
  ] as const;
  for (const [answer, words] of refusals) {
    test(`${answer.status}: what is wrong and the next step`, async () => {
      const { page, mock, close } = await open(browser(), ready());
      mock.on.set('POST /publish', () => answer);
      await page.getByRole('button', { name: 'Publish' }).click();
      const alert = page.getByRole('alert');
      await alert.waitFor();
      assert.ok((await readText(alert)).includes(words), await readText(alert));
      assert.deepEqual(await axeFindings(page), []);
      await close();
    });
  }

  test('a name that is taken, told by the answer itself, leads to both ways out', async () => {
    const { page, mock, close } = await open(browser());
    mock.on.set('POST /auto-provision', () =>
      problem(409, 'publishing.name_taken', { title: 'The name is taken', next: 'Delete it.' }),
    );
    await page.getByRole('button', { name: 'Auto-provision now' }).click();
    await page.getByText('exists already').waitFor();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    await page.getByRole('link', { name: 'paste its deploy hook URL below' }).click();
    const focused = await page.evaluate(() => document.activeElement?.id);
    assert.equal(focused, 'own-hook-url');
    await close();
  });
});

describe('the deploy hook', () => {
  test('is revealed, hidden, and hidden when the tab is left', async () => {
    const { page, mock, context, close } = await open(browser(), ready());
    mock.on.set('POST /reveal', () => ({ deployHookUrl: hook_url }));
    const reveal = page.getByRole('button', { name: 'Reveal' });
    await reveal.click();
    await page.getByText(hook_url).waitFor();
    await page.screenshot({ path: `${pictures}revealed.png`, fullPage: true });
    await page.getByRole('button', { name: 'Hide' }).click();
    assert.equal(await page.getByText(hook_url).count(), 0);
    await reveal.click();
    await page.getByText(hook_url).waitFor();
    await page.evaluate(() => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => true });
      document.dispatchEvent(new Event('visibilitychange'));
    });
    assert.equal(await page.getByText(hook_url).count(), 0, 'hidden with the tab');
    assert.doesNotMatch(JSON.stringify(await context.storageState()), /marker/);
    await close();
  });

  test('is copied without being shown', async () => {
    const { page, mock, close } = await open(browser(), ready());
    mock.on.set('POST /reveal', () => ({ deployHookUrl: hook_url }));
    await page.getByRole('button', { name: 'Copy the deploy hook' }).click();
    await page.getByText('Copied', { exact: true }).locator('visible=true').waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), hook_url);
    assert.doesNotMatch(await page.content(), /marker/);
    await close();
  });

  test('that cannot be read is not copied, and why is told', async () => {
    const { page, mock, faults, close } = await open(browser(), ready());
    mock.on.set('POST /reveal', () => problem(404, 'publishing.no_hook', { title: 'No hook' }));
    await page.getByRole('button', { name: 'Copy the deploy hook' }).click();
    await page.getByRole('alert').getByText('No hook').waitFor();
    await page.getByText('Failed', { exact: true }).locator('visible=true').waitFor();
    assert.deepEqual(
      faults.filter((fault) => !/Failed to load resource/.test(fault)),
      [],
    );
    await close();
  });

  test('is replaced after one question, which Escape answers with no', async () => {
    const { page, mock, close } = await open(browser(), ready());
    const fresh = `${hook_url}-fresh`;
    mock.on.set('POST /rotate', () => {
      mock.set({ orphanedHooks: 1 });
      return { deployHookUrl: fresh, publishing: mock.publishing };
    });
    const rotate = page.getByRole('button', { name: 'Rotate' });
    await rotate.click();
    const dialog = page.getByRole('dialog', { name: 'Make a new deploy hook?' });
    await dialog.waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.screenshot({ path: `${pictures}rotate.png` });
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    assert.deepEqual(mock.writes(), []);
    assert.match(await page.evaluate(() => document.activeElement?.textContent ?? ''), /Rotate/);
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Make a new hook' }).click();
    await page.getByText(fresh).waitFor();
    await page.getByText('One older hook of this project may still work').waitFor();
    assert.deepEqual(mock.writes(), ['POST /rotate']);
    await close();
  });
});

describe('the own deploy hook', () => {
  test('a fault stands beside its field, which gets the focus', async () => {
    const { page, mock, close } = await open(browser());
    const pointer = '/deployHookUrl';
    const detail = 'This is not the address of a Cloudflare Pages deploy hook.';
    mock.on.set('PUT ', () => problem(422, 'body.invalid', { errors: [{ pointer, detail }] }));
    await page.getByLabel('Deploy hook URL').fill('https://evil.example/hook');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(detail).waitFor();
    const field = page.getByLabel('Deploy hook URL');
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    assert.equal(await field.inputValue(), 'https://evil.example/hook', 'what was typed stays');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'own-hook-url');
    assert.deepEqual(await axeFindings(page), []);
    await page.screenshot({ path: `${pictures}own-hook-fault.png`, fullPage: true });
    await close();
  });

  test('is set, counts first, and is removed after one question', async () => {
    const { page, mock, close } = await open(browser());
    const manual = { source: 'manual', masked: '\u2026own', projectName: 'by-hand' } as const;
    mock.on.set('PUT ', () => {
      mock.set({ hook: manual });
      return mock.publishing;
    });
    mock.on.set('DELETE ', () => {
      mock.publishing = unset({ seq: 20 });
      return mock.publishing;
    });
    await page.getByLabel('Deploy hook URL').fill(` ${own_hook} `);
    await page.getByLabel('Project name').fill('by-hand');
    await page.keyboard.press('Enter');
    await page.getByText('In use: it counts first').waitFor();
    const sent = mock.seen.find(({ method }) => method === 'PUT')?.body ?? '';
    assert.deepEqual(JSON.parse(sent), { deployHookUrl: own_hook, projectName: 'by-hand' });
    assert.equal(await page.getByLabel('Deploy hook URL').inputValue(), '', 'it is forgotten');
    assert.equal(await page.getByRole('button', { name: 'Auto-provision now' }).count(), 0);
    await page.getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('button', { name: 'Auto-provision now' }).waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'own-hook-url');
    await close();
  });
});

test('older deployments are fetched on request', async () => {
  const { page, close } = await open(browser(), ready(), {
    prepare: (mock) => {
      mock.publications = [publication()];
      mock.nextCursor = 'next';
    },
  });
  await page.getByRole('button', { name: 'Show older ones' }).click();
  await page.getByRole('button', { name: 'Show older ones' }).waitFor({ state: 'detached' });
  await close();
});

test('nothing moves for people who asked for no motion', async () => {
  const { page, close } = await open(browser(), ready({ publication: building(3) }));
  assert.notEqual(await page.evaluate(() => document.getAnimations().length), 0);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
  await close();
});
