// Fault plans as JSON, read strictly: for configuration files and the control API.

import type { Fault } from './contract.ts';
import type { FaultPlan } from './faults.ts';
import { list, number, object, oneOf, type Reader, Refusal, record, string } from './strict.ts';

const answer: Reader<Fault['answer']> = (value, pointer) => {
  if (value === 'timeout') return value;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 200 && value <= 599) {
    return value;
  }
  throw new Refusal(pointer, 'must be "timeout" or a status from 200 to 599');
};

const fault: Reader<Fault> = object(
  { when: oneOf('before', 'after'), answer },
  { body: string(), headers: record(string()), delay_ms: number(0, 600_000) },
);

const nth: Reader<number | number[]> = (value, pointer) =>
  Array.isArray(value)
    ? list(number(1, 1e9), 1_000)(value, pointer)
    : number(1, 1e9)(value, pointer);

const plan: Reader<FaultPlan> = object(
  { operation: string(/./), fault },
  { nth, rate: number(0, 1, false), times: number(1, 1e9) },
);

/** Accepts a list of fault plans. */
export const faultPlans: Reader<FaultPlan[]> = list(plan, 1_000);
