// The part of a configuration file that is about Workers Builds.

import { list, number, object, type Reader, record, string } from '../base/strict.ts';

const text = string(/./);

const hook = object({
  /** The secret end of its address. */
  id: string(/^[\w-]+$/),
  /** The Cloudflare account's id. */
  account: text,
  worker: text,
  branch: text,
  /** What its builds claim: the next batch of this account in Slipway. */
  claims: object({ account: text }, { env: text }),
  /** The variables of its builds, as of a GitHub environment. */
  variables: record(string()),
});

/** Accepts the `workersBuilds` part of a configuration file. */
export const workersBuildsSettings = object(
  { hooks: list(hook, 100) },
  { concurrent: number(1, 100), timeout_ms: number(1, 86_400_000) },
);

/** The settings as they are read. */
export type WorkersBuildsSettings =
  typeof workersBuildsSettings extends Reader<infer T> ? T : never;
