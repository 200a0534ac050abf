// Deploy hooks of Workers Builds: addresses that start a build of a Worker for whoever knows them.
// What the build does is not Cloudflare's: it is handed to whoever executes builds.

import type { Clock } from '../base/contract.ts';
import { SlidingWindow } from '../base/window.ts';
import type { Call } from './call.ts';
import { ApiError, ok, refusal } from './errors.ts';
import type { BuildHook, BuildHookOptions } from './options.ts';

/** The hooks, and how often their builds may begin. */
export interface BuildHooks {
  /** The hook with this id, or undefined. */
  find(id: string): BuildHook | undefined;
  /** Counts a build; 429 where the Worker or the account has begun too many in this minute. */
  admit(hook: BuildHook): void;
  /** Hands a build over. */
  start(hook: BuildHook, build_uuid: string): void;
}

const MINUTE_ms = 60_000;
const BUILDS_OF_A_WORKER = 10;
const BUILDS_OF_AN_ACCOUNT = 100;

/** The hooks of the options. The counters end with the process. */
export function createBuildHooks(clock: Clock, options: BuildHookOptions | undefined): BuildHooks {
  const hooks = new Map(options?.hooks.map((hook) => [hook.id, hook]));
  const windows = new Map<string, SlidingWindow>();
  const windowOf = (name: string): SlidingWindow => {
    const window = windows.get(name) ?? new SlidingWindow(MINUTE_ms);
    windows.set(name, window);
    return window;
  };
  return {
    find: (id) => hooks.get(id),
    admit({ account, worker }) {
      const now_ms = clock.now();
      const limits = [
        [windowOf(`account ${account}`), BUILDS_OF_AN_ACCOUNT],
        [windowOf(`worker ${account} ${worker}`), BUILDS_OF_A_WORKER],
      ] as const;
      const free_ms = Math.max(...limits.map(([window, most]) => window.freeAt(most, now_ms)));
      if (free_ms > now_ms) throw tooMany(free_ms - now_ms);
      for (const [window] of limits) window.add(now_ms);
    },
    start: (hook, build_uuid) => options?.start(hook, build_uuid),
  };
}

/** POST workers/builds/deploy_hooks: begins a build and tells which. */
export function triggerBuildHook(call: Call): Response {
  const { buildHooks, ids } = call.world;
  const hook = buildHooks.find(call.params.hook ?? '');
  if (hook === undefined) throw refusal('hookNotFound');
  buildHooks.admit(hook);
  const build_uuid = ids.uuid();
  buildHooks.start(hook, build_uuid);
  return ok({ build_uuid, branch: hook.branch, worker: hook.worker });
}

function tooMany(wait_ms: number): ApiError {
  const headers = { 'retry-after': String(Math.ceil(wait_ms / 1000)) };
  const text = 'Please wait and consider throttling your request speed';
  return new ApiError(429, 971, text, { headers });
}
