// The rate limits: calls per hour of a token, and how often workflows may be dispatched.

import type { Clock } from '../base/contract.ts';
import { SlidingWindow } from '../base/window.ts';
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

/** What one token, or an App's installation, has spent since the start. */
export interface Spent {
  readonly account: string;
  /** Calls that counted: without those that were answered 304, and those that were refused. */
  readonly calls: number;
  readonly not_modified: number;
  readonly dispatches: number;
  /** The most dispatches in any minute, and in any hour. */
  readonly peak_dispatches_in_minute: number;
  readonly peak_dispatches_in_hour: number;
  /** Calls that a limit kept out. */
  readonly refused: number;
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
  /** What everyone who has called so far has spent. */
  spent(): Spent[];
}

const MINUTE_ms = 60_000;
const HOUR_ms = 3_600_000;

interface Account {
  hour: { started_ms: number; used: number };
  /** By operation. */
  readonly points: Map<string, { since_ms: number; spent: number }>;
  readonly minuteOfDispatches: SlidingWindow;
  readonly hourOfDispatches: SlidingWindow;
  calls: number;
  not_modified: number;
  dispatches: number;
  refused: number;
}

/** Limits on the given clock. */
export function rateLimits(clock: Clock, limits: Limits): RateLimits {
  const limit = limits.primary_per_hour ?? 5_000;
  const accounts = new Map<string, Account>();
  const accountOf = (token: string): Account => {
    const known = accounts.get(token) ?? newAccount(clock.now());
    accounts.set(token, known);
    const now = clock.now();
    if (now >= known.hour.started_ms + HOUR_ms) known.hour = { started_ms: now, used: 0 };
    return known;
  };
  const refused = (account: Account, answer: Response): Response => {
    account.refused += 1;
    return answer;
  };

  return {
    budget(token) {
      const { started_ms, used } = accountOf(token).hour;
      const reset = Math.ceil((started_ms + HOUR_ms) / 1000);
      return { limit, remaining: limit - used, used, reset };
    },
    spend(token, operation, method) {
      const account = accountOf(token);
      const { hour, points } = account;
      if (hour.used >= limit) {
        return refused(account, refuse(403, 'API rate limit exceeded for this token.'));
      }
      const now = clock.now();
      const known = points.get(operation);
      const minute =
        known && now < known.since_ms + MINUTE_ms ? known : { since_ms: now, spent: 0 };
      points.set(operation, minute);
      const cost = method === 'GET' ? 1 : 5;
      if (minute.spent + cost > (limits.points_per_minute ?? 900)) {
        return refused(account, secondary(minute.since_ms + MINUTE_ms - now));
      }
      minute.spent += cost;
      hour.used += 1;
      account.calls += 1;
      return undefined;
    },
    refund(token) {
      const account = accountOf(token);
      account.hour.used -= 1;
      account.calls -= 1;
      account.not_modified += 1;
    },
    dispatch(token) {
      const account = accountOf(token);
      const { minuteOfDispatches: minute, hourOfDispatches: hour } = account;
      const now = clock.now();
      const free_ms = Math.max(
        minute.freeAt(limits.dispatch_per_minute ?? 80, now),
        hour.freeAt(limits.dispatch_per_hour ?? 500, now),
      );
      if (free_ms > now) return refused(account, secondary(free_ms - now));
      minute.add(now);
      hour.add(now);
      account.dispatches += 1;
      return undefined;
    },
    spent: () =>
      [...accounts]
        .map(([token, account]) => spentOf(token, account))
        .filter(({ calls, not_modified, refused }) => calls + not_modified + refused > 0),
  };
}

function newAccount(now_ms: number): Account {
  return {
    hour: { started_ms: now_ms, used: 0 },
    points: new Map(),
    minuteOfDispatches: new SlidingWindow(MINUTE_ms),
    hourOfDispatches: new SlidingWindow(HOUR_ms),
    calls: 0,
    not_modified: 0,
    dispatches: 0,
    refused: 0,
  };
}

function spentOf(name: string, account: Account): Spent {
  const { calls, not_modified, dispatches, refused } = account;
  return {
    account: name,
    calls,
    not_modified,
    dispatches,
    peak_dispatches_in_minute: account.minuteOfDispatches.peak,
    peak_dispatches_in_hour: account.hourOfDispatches.peak,
    refused,
  };
}

/** The refusal of a secondary limit that ends after `wait_ms`. */
function secondary(wait_ms: number): Response {
  const seconds = String(Math.ceil(wait_ms / 1000));
  const text = 'You have exceeded a secondary rate limit. Please wait a few minutes';
  return refuse(403, `${text} before you try again.`, { 'retry-after': seconds });
}
