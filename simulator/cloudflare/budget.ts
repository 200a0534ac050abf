// The call budget of each user: so many calls in a window, and a blocked window after one too many.

import type { Clock } from '../base/contract.ts';
import { SlidingWindow } from '../base/window.ts';
import { ApiError } from './errors.ts';
import type { Limits } from './options.ts';

/** Counts calls. Counters live as long as the process. */
export interface Budget {
  /** Spends one call of `user` and returns how many are left; 429 when there is none. */
  spend(user: string): number;
  /** What each user has spent so far, by the user's name. */
  spent(): Spent[];
}

/** What one user has spent. */
export interface Spent {
  user: string;
  /** Calls that were let through. */
  calls: number;
  /** The most of them in any window. */
  peak_in_window: number;
  /** Calls that were answered 429. */
  refused: number;
}

/** A budget of `rate_calls` in any `rate_window_ms`. */
export function createBudget(clock: Clock, limits: Limits): Budget {
  const users = new Map<string, User>();
  const userOf = (name: string): User => {
    const known = users.get(name);
    if (known !== undefined) return known;
    const window = new SlidingWindow(limits.rate_window_ms);
    const fresh: User = { window, blockedUntil_ms: 0, calls: 0, refused: 0 };
    users.set(name, fresh);
    return fresh;
  };
  return {
    spend(name) {
      const now_ms = clock.now();
      const user = userOf(name);
      const full = user.window.count(now_ms) >= limits.rate_calls;
      const blocked = now_ms < user.blockedUntil_ms;
      if (blocked || full) {
        user.refused += 1;
        if (!blocked) user.blockedUntil_ms = now_ms + limits.rate_window_ms;
        user.window.clear();
        throw tooMany(limits, user.blockedUntil_ms - now_ms);
      }
      user.window.add(now_ms);
      user.calls += 1;
      return limits.rate_calls - user.window.count(now_ms);
    },
    spent: () =>
      [...users]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([user, { calls, window, refused }]) => {
          return { user, calls, peak_in_window: window.peak, refused };
        }),
  };
}

interface User {
  readonly window: SlidingWindow;
  blockedUntil_ms: number;
  calls: number;
  refused: number;
}

function tooMany(limits: Limits, wait_ms: number): ApiError {
  const seconds = String(Math.ceil(wait_ms / 1000));
  return new ApiError(429, 971, 'Please wait and consider throttling your request speed', {
    headers: {
      'retry-after': seconds,
      'x-ratelimit-limit': String(limits.rate_calls),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': seconds,
    },
  });
}
