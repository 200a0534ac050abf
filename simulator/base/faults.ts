// Planned faults: which call of which operation goes wrong, and how. Plans may change while the
// services run; the same seed and the same calls give the same faults.

import { sleepOn } from './clock.ts';
import { type Clock, ConnectionLost, type Fault, type Faults } from './contract.ts';
import { derivedSeed, type Random, seededRandom } from './random.ts';

/** One planned fault. With neither `nth` nor `rate` it happens on every call. */
export interface FaultPlan {
  /** An operation's name, or the beginning of several followed by `*`. */
  operation: string;
  /** The calls it happens on, counted from 1 since the plan was set. */
  nth?: number | number[];
  /** The chance of it on each call, from 0 to 1. */
  rate?: number;
  /** It happens at most so often. */
  times?: number;
  fault: Fault;
}

/** Faults that can be planned at run time. */
export interface PlannedFaults extends Faults {
  /** Replaces all plans; counting begins anew. */
  set(plans: FaultPlan[]): void;
  /** Adds one plan to those that stand. */
  add(plan: FaultPlan): void;
  plans(): FaultPlan[];
  /** How many faults have happened since the start. */
  taken(): number;
}

/** Statuses whose answers never have a body. */
const BODYLESS = [204, 205, 304];

interface Standing {
  plan: FaultPlan;
  calls: number;
  hits: number;
  random: Map<string, Random>;
}

/**
 * Faults from `plans`. A rate draws from a sequence of its own for each operation and plan, so
 * that one more call of one operation never moves the faults of another.
 */
export function plannedFaults(seed: number, plans: FaultPlan[] = []): PlannedFaults {
  let standing: Standing[] = plans.map(stand);
  let taken = 0;
  const hits = (entry: Standing, index: number, operation: string): boolean => {
    if (!matches(entry.plan.operation, operation)) return false;
    entry.calls += 1;
    if (entry.plan.times !== undefined && entry.hits >= entry.plan.times) return false;
    if (entry.plan.nth !== undefined) return [entry.plan.nth].flat().includes(entry.calls);
    if (entry.plan.rate === undefined) return true;
    const name = `${index}:${operation}`;
    const random = entry.random.get(name) ?? seededRandom(derivedSeed(seed, name));
    entry.random.set(name, random);
    return random() < entry.plan.rate;
  };
  return {
    take(operation) {
      let fault: Fault | undefined;
      for (const [index, entry] of standing.entries()) {
        if (!hits(entry, index, operation) || fault !== undefined) continue;
        entry.hits += 1;
        fault = entry.plan.fault;
      }
      if (fault !== undefined) taken += 1;
      return fault;
    },
    set(next) {
      standing = next.map(stand);
    },
    add(plan) {
      standing.push(stand(plan));
    },
    plans: () => standing.map((entry) => structuredClone(entry.plan)),
    taken: () => taken,
  };
}

/** What surrounds one call that may go wrong. */
export interface FaultySurroundings {
  clock: Clock;
  fault: Fault | undefined;
  /** The service's own error answer for a status, used when the fault carries no body. */
  refuse(status: number): Response;
}

/**
 * Runs `call` under a fault: the delay first, then either the fault alone or the call followed by
 * the fault. Throws ConnectionLost where the connection would be cut.
 */
export async function underFault(
  surroundings: FaultySurroundings,
  call: () => Promise<Response>,
): Promise<Response> {
  const { clock, fault, refuse } = surroundings;
  if (fault === undefined) return call();
  await sleepOn(clock, fault.delay_ms ?? 0);
  if (fault.when === 'after') await call();
  if (fault.answer === 'timeout') throw new ConnectionLost('the connection was cut');
  const answer = answerOf(fault.answer, fault.body, refuse);
  for (const [name, value] of Object.entries(fault.headers ?? {})) answer.headers.set(name, value);
  return answer;
}

function answerOf(
  status: number,
  body: string | undefined,
  refuse: (status: number) => Response,
): Response {
  if (BODYLESS.includes(status)) return new Response(null, { status });
  return body === undefined ? refuse(status) : new Response(body, { status });
}

function stand(plan: FaultPlan): Standing {
  return { plan: structuredClone(plan), calls: 0, hits: 0, random: new Map() };
}

function matches(pattern: string, operation: string): boolean {
  if (!pattern.endsWith('*')) return pattern === operation;
  return operation.startsWith(pattern.slice(0, -1));
}
