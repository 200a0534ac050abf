// The rate limits: calls per hour of a token, and how often workflows may be dispatched.

import type { Clock } from '../base/contract.ts';
import { refuse } from './answers.ts';

/** Ceilings; what is left out has GitHub's own value. */
export interface Limits {
  /** Calls of one token in an hour: 5,000. */
  readonly primary_per_hour?: number;
  /** Points of one token in a minute on one operation, 1 a GET and 5 any other call: 900. */
  readonly points_per_minute?: number;
  /** Dispatches of one token in a minute: 80. */
  readonly dispatch_per_minute?: number;
  /** Dispatches of one token in an hour: 500. */
  readonly dispatch_per_hour?: number;
}

/** The budget of one token's current hour. `reset` is in seconds since the epoch. */
export interface Budget {
  readonly limit: number;
  readonly remaining: number;
  readonly used: number;
  readonly reset: number;
}

/** Counts calls. Nothing is kept over a restart. */
export interface RateLimits {
  budget(token: string): Budget;
  /** Spends one call of the named operation, or answers the refusal. */
  spend(token: string, operation: string, method: string): Response | undefined;
  /** Gives one call back: 304 is free. */
  refund(token: string): void;
  /** Spends one dispatch, or answers the secondary limit's refusal. */
  dispatch(token: string): Response | undefined;
}

const MINUTE_ms = 60_000;
const HOUR_ms = 3_600_000;

/** Limits on the given clock. */
export function rateLimits(clock: Clock, limits: Limits): RateLimits {
  const limit = limits.primary_per_hour ?? 5_000;
  const windows = new Map<string, { started_ms: number; used: number }>();
  const dispatches = new Map<string, number[]>();
  const points = new Map<string, { since_ms: number; spent: number }>();

  const window = (token: string): { started_ms: number; used: number } => {
    const now = clock.now();
    const known = windows.get(token);
    if (known && now < known.started_ms + HOUR_ms) return known;
    const fresh = { started_ms: now, used: 0 };
    windows.set(token, fresh);
    return fresh;
  };
  const budget = (token: string): Budget => {
    const { started_ms, used } = window(token);
    const reset = Math.ceil((started_ms + HOUR_ms) / 1000);
    return { limit, remaining: limit - used, used, reset };
  };

  return {
    budget,
    spend(token, operation, method) {
      const current = window(token);
      if (current.used >= limit) return refuse(403, 'API rate limit exceeded for this token.');
      const now = clock.now();
      const key = `${token} ${operation}`;
      const known = points.get(key);
      const minute =
        known && now < known.since_ms + MINUTE_ms ? known : { since_ms: now, spent: 0 };
      points.set(key, minute);
      const cost = method === 'GET' ? 1 : 5;
      if (minute.spent + cost > (limits.points_per_minute ?? 900)) {
        return secondary(minute.since_ms + MINUTE_ms - now);
      }
      minute.spent += cost;
      current.used += 1;
      return undefined;
    },
    refund(token) {
      window(token).used -= 1;
    },
    dispatch(token) {
      const now = clock.now();
      const recent = (dispatches.get(token) ?? []).filter((time) => time > now - HOUR_ms);
      dispatches.set(token, recent);
      const free_ms = Math.max(
        freeAt(recent, MINUTE_ms, limits.dispatch_per_minute ?? 80, now),
        freeAt(recent, HOUR_ms, limits.dispatch_per_hour ?? 500, now),
      );
      if (free_ms > now) return secondary(free_ms - now);
      recent.push(now);
      return undefined;
    },
  };
}

/** The refusal of a secondary limit that ends after `wait_ms`. */
function secondary(wait_ms: number): Response {
  const seconds = String(Math.ceil(wait_ms / 1000));
  const text = 'You have exceeded a secondary rate limit. Please wait a few minutes';
  return refuse(403, `${text} before you try again.`, { 'retry-after': seconds });
}

/** When one more call fits into a sliding window of `max` calls; `now` if it fits already. */
function freeAt(times: readonly number[], window_ms: number, max: number, now: number): number {
  const inside = times.filter((time) => time > now - window_ms);
  if (inside.length < max) return now;
  return (inside[inside.length - max] ?? now) + window_ms;
}
