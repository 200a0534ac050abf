// The time that a shard has. A third of it is kept for the uploads: what was built goes live.

const MINUTE_MS = 60_000;
const DEFAULT_MIN = 50;
const FORM = /^[0-9]{1,3}(\.[0-9]{1,6})?$/;

/**
 * When building and when everything must end, from JOB_DEADLINE_MIN: the minutes from now, some
 * less than what the job has, so that the rest can be reported. @throws Error
 */
export function deadlines(env, nowMs) {
  const text = env.JOB_DEADLINE_MIN || String(DEFAULT_MIN);
  if (!FORM.test(text) || Number(text) === 0) throw new Error('JOB_DEADLINE_MIN is no time');
  const whole = Number(text) * MINUTE_MS;
  return { buildUntilMs: nowMs + (whole * 2) / 3, untilMs: nowMs + whole };
}

/** Whether this time has come. */
export function isOver(untilMs) {
  return Date.now() >= untilMs;
}

/** What is left until then, for a program that may take `mostMs`; at least a second. */
export function timeLeft(untilMs, mostMs) {
  return Math.max(1000, Math.min(mostMs, untilMs - Date.now()));
}

/** What is said of a deployment whose time ran out. */
export const OUT_OF_TIME = 'The time of this job ran out before this deployment was done.';
