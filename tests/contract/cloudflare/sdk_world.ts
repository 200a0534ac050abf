// A simulated Cloudflare behind a socket, its repositories, and the official client before it.

import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import Sdk from 'cloudflare';
import { virtualClock } from '../../../simulator/base/clock.ts';
import { serve } from '../../../simulator/base/serve.ts';
import { memoryStore } from '../../../simulator/base/store.ts';
import type { CloudflareOptions } from '../../../simulator/cloudflare/index.ts';
import { openRepositories, type RepositoryBook } from '../../../simulator/github/repositories.ts';
import { createTestWorld, type TestWorld, TOKEN } from './support.ts';

/** A world whose API is called through the official client. */
export interface SdkWorld extends TestWorld {
  client: Sdk;
  /** The repositories that git-connected projects build. */
  repositories: RepositoryBook;
  /** The official client with another token. */
  clientOf(token: string): Sdk;
}

/** A fresh world; its socket closes with the test. */
export async function sdkWorld(
  test: TestContext,
  options: Partial<CloudflareOptions> = {},
): Promise<SdkWorld> {
  const store = options.store ?? memoryStore();
  const clock = virtualClock();
  const git = openRepositories({}, store, clock);
  const world = createTestWorld({ git, ...options, store, clock });
  const server = await serve(world.cloudflare.fetch);
  test.after(() => server.close());
  const clientOf = (apiToken: string): Sdk =>
    new Sdk({ apiToken, baseURL: `${server.url}/client/v4`, maxRetries: 0 });
  return { ...world, clock, repositories: git, client: clientOf(TOKEN), clientOf };
}

/** Fails unless the client was refused with this status and code. */
export async function refusedWith(
  asked: PromiseLike<unknown>,
  status: number,
  code: number,
): Promise<string> {
  const error = await Promise.resolve(asked).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Sdk.APIError, `refused: ${String(error)}`);
  assert.deepEqual([error.status, error.errors[0]?.code], [status, code]);
  return error.errors[0]?.message ?? '';
}
