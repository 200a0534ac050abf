// The committed recordings of wrangler's requests: the pinned wrangler makes the same ones still,
// and the simulator answers to them as it did.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { directory } from './record_wrangler.ts';
import { answerOf, type Place, type Recording, record, requestAgain } from './recording.ts';
import { type Story, stories } from './recording_stories.ts';
import { createProject, createTestWorld } from './support.ts';

const root = join(import.meta.dirname, '../../..');
const again = 'if that is right, run node tests/contract/cloudflare/record_wrangler.ts';

function read(story: Story): Recording {
  return JSON.parse(readFileSync(join(directory, `${story.name}.json`), 'utf8')) as Recording;
}

// Sends what was recorded, with other tokens and ids, to a world of its own.
async function replay(story: Story, recording: Recording): Promise<unknown[]> {
  const world = createTestWorld({ limits: { deploy_ms: 0 } });
  if (story.missing !== true) await createProject(world, 'demo');
  const place: Place = { upload_token: '', deployment: '' };
  const answers: unknown[] = [];
  for (const { request } of recording.exchanges) {
    const response = await world.cloudflare.fetch(requestAgain(request, story, place));
    answers.push(await answerOf(response.clone()));
    const text = await response.text();
    const { result } = (text === '' ? {} : JSON.parse(text)) as { result?: Record<string, string> };
    if (request.call.endsWith('/upload-token')) place.upload_token = result?.jwt ?? '';
    if (/^POST .*\/deployments$/.test(request.call)) place.deployment = result?.id ?? '';
  }
  return answers;
}

test('every story is recorded, with the pinned wrangler, and nothing else is there', () => {
  const names = stories.map(({ name }) => `${name}.json`);
  assert.deepEqual(readdirSync(directory).toSorted(), names.toSorted());
  const text = readFileSync(join(root, 'package.json'), 'utf8');
  const { devDependencies } = JSON.parse(text) as { devDependencies: Record<string, string> };
  const versions = new Set(stories.map((story) => read(story).wrangler));
  assert.deepEqual([...versions], [devDependencies.wrangler], again);
});

for (const story of stories) {
  test(`${story.name}: wrangler sends what is recorded`, async () => {
    assert.deepEqual(await record(story), read(story), again);
  });

  test(`${story.name}: the simulator answers as it is recorded`, async () => {
    const recording = read(story);
    assert.deepEqual(
      await replay(story, recording),
      recording.exchanges.map(({ answer }) => answer),
    );
  });
}

test('the recordings show what there is to show', () => {
  const calls = new Set<string>();
  for (const story of stories) {
    for (const { request } of read(story).exchanges) {
      calls.add(request.call.replace(/\?.*/, '').replace(/\/accounts\/[0-9a-f]{32}/, ''));
    }
  }
  assert.deepEqual([...calls].toSorted(), [
    'DELETE /pages/projects/demo',
    'GET /pages/projects',
    'GET /pages/projects/demo',
    'GET /pages/projects/demo/deployments',
    'GET /pages/projects/demo/deployments/{deployment}',
    'GET /pages/projects/demo/upload-token',
    'POST /pages/assets/check-missing',
    'POST /pages/assets/upload',
    'POST /pages/assets/upsert-hashes',
    'POST /pages/projects',
    'POST /pages/projects/demo/deployments',
  ]);
});

test('a request that differs, and an answer that differs, are told', async () => {
  const [story] = stories as [Story];
  const recording = read(story);
  const text = JSON.stringify(recording);
  const changed = JSON.parse(text.replaceAll('"base64":true', '"base64":false')) as Recording;
  const answers = recording.exchanges.map(({ answer }) => answer);
  assert.notDeepEqual(await replay(story, changed), answers);
  const other = { ...story, files: { 'index.html': 'other' } };
  assert.notDeepEqual(await record(other), recording);
});
