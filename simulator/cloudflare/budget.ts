// The call budget of each user: so many calls in a window, and a blocked window after one too many.

import type { Clock } from '../base/contract.ts';
import { ApiError } from './errors.ts';
import type { Limits } from './options.ts';

/** Counts calls. Counters live as long as the process. */
export interface Budget {
  /** Spends one call of `user` and returns how many are left; 429 when there is none. */
  spend(user: string): number;
}

/** A budget of `rate_calls` in any `rate_window_ms`. */
export function createBudget(clock: Clock, limits: Limits): Budget {
  const calls = new Map<string, number[]>();
  const blockedUntil = new Map<string, number>();
  return {
    spend(user) {
      const now_ms = clock.now();
      const recent = (calls.get(user) ?? []).filter((at) => at > now_ms - limits.rate_window_ms);
      const until = blockedUntil.get(user) ?? 0;
      if (now_ms < until) throw tooMany(limits, until - now_ms);
      if (recent.length >= limits.rate_calls) {
        blockedUntil.set(user, now_ms + limits.rate_window_ms);
        calls.delete(user);
        throw tooMany(limits, limits.rate_window_ms);
      }
      recent.push(now_ms);
      calls.set(user, recent);
      return limits.rate_calls - recent.length;
    },
  };
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
