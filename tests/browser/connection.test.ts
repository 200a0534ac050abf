// The network goes and comes back; streams break or do not come through; the session ends.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { axeFindings } from './support/browser.ts';
import { building, publication, ready, settingUp } from './support/fixtures.ts';
import { problem } from './support/mock_api.ts';
import { browserForAll, open, pictures } from './support/setting.ts';

const browser = browserForAll();
const underWay = () => ready({ publication: building(1) });
const gone = 'No connection. This page goes on by itself when it is back.';

describe('following', () => {
  test('goes on after the stream broke', async () => {
    const { page, mock, close } = await open(browser(), underWay());
    await page.getByText('Preparing the builder').first().waitFor();
    mock.cut();
    mock.set({ publication: building(3) });
    await page.locator('.stage-words').getByText('Building').waitFor();
    mock.set({ publication: publication() });
    await page.getByText('Built, and online').waitFor();
    await close();
  });

  test('goes on after the stream ended because it was old', async () => {
    const { page, mock, close } = await open(browser(), underWay());
    await page.getByText('Preparing the builder').first().waitFor();
    mock.expire();
    await page.waitForTimeout(200);
    mock.set({ publication: building(3) });
    await page.locator('.stage-words').getByText('Building').waitFor();
    assert.equal(await page.getByText(gone).count(), 0, 'that is no broken connection');
    await close();
  });

  test('waits in long polls where streams do not come through', async () => {
    const { page, mock, close } = await open(browser(), underWay(), {
      prepare: (mock) => {
        mock.streamless = true;
      },
    });
    await page.waitForTimeout(500);
    mock.set({ publication: building(3) });
    await page.locator('.stage-words').getByText('Building').waitFor();
    mock.set({ publication: publication() });
    await page.getByText('Built, and online').waitFor();
    const polls = mock.seen.filter(({ path }) => path.endsWith('?wait=30')).length;
    assert.ok(polls >= 1 && polls <= 3, `${polls} polls`);
    const before = mock.seen.length;
    await page.waitForTimeout(700);
    assert.equal(mock.seen.length, before, 'nothing is asked while nothing goes on');
    await close();
  });

  test('says that it is offline, and goes on by itself', async () => {
    const { page, mock, context, close } = await open(browser(), underWay());
    await context.setOffline(true);
    await page.getByText(gone).waitFor();
    assert.deepEqual(await axeFindings(page), []);
    await page.screenshot({ path: `${pictures}offline.png` });
    mock.cut();
    mock.set({ publication: publication() });
    await page.waitForTimeout(300);
    await context.setOffline(false);
    await page.getByText('Built, and online').waitFor();
    await page.getByText(gone).waitFor({ state: 'detached' });
    await close();
  });

  test('goes on when the service was away', async () => {
    const { page, mock, close } = await open(browser(), settingUp(1));
    mock.down = true;
    mock.cut();
    await page.getByText(gone).waitFor();
    mock.down = false;
    mock.set(ready({ seq: 30 }));
    await page.getByText('Built, and online').waitFor();
    await page.getByText(gone).waitFor({ state: 'detached' });
    await close();
  });

  test('a state that is older than the one shown is not shown', async () => {
    const { page, mock, close } = await open(browser(), underWay());
    mock.set({ publication: publication() });
    await page.getByText('Built, and online').waitFor();
    mock.on.set('POST /publish', () => building(0));
    mock.publishing = ready({ publication: building(2), seq: 1 });
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await page.waitForTimeout(300);
    assert.ok(await page.getByText('Built, and online').isVisible());
    await close();
  });
});

describe('the session', () => {
  test('that ended is told, with a way back; what was typed stays', async () => {
    const { page, mock, close } = await open(browser(), ready());
    mock.on.set('PUT ', () => problem(401, 'auth.missing'));
    await page.getByLabel('Deploy hook URL').fill('https://api.cloudflare.com/x');
    mock.publishing = () => problem(401, 'auth.missing');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Your session has ended').waitFor();
    assert.equal(
      await page.getByLabel('Deploy hook URL').inputValue(),
      'https://api.cloudflare.com/x',
    );
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    await page.screenshot({ path: `${pictures}session-ended.png`, fullPage: true });
    await close();
  });

  test('of somebody who was put out of the org ends in no access', async () => {
    const { page, mock, close } = await open(browser(), ready());
    mock.publishing = () => problem(404, 'org.unknown');
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await page.getByText('You have no access to this page').waitFor();
    await close();
  });
});
