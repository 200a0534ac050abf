// The combinations of a job's `strategy.matrix`.

import type { Json } from './expressions.ts';
import { WorkflowError } from './workflow.ts';

/** One combination: the `matrix` context of one job. */
export type Combination = { [key: string]: Json };

const MAX_JOBS = 256;

/** The combinations of an evaluated matrix; no matrix is one empty one. Throws WorkflowError. */
export function combinations(matrix: Json): Combination[] {
  if (matrix === null) return [{}];
  if (!isMapping(matrix)) throw new WorkflowError('the matrix is not a mapping');
  const { include, exclude, ...axes } = matrix;
  let found: Combination[] = Object.keys(axes).length > 0 ? [{}] : [];
  for (const [axis, values] of Object.entries(axes)) {
    if (!Array.isArray(values)) throw new WorkflowError(`Matrix vector '${axis}' is not a list`);
    if (values.length === 0) {
      throw new WorkflowError(`Matrix vector '${axis}' does not contain any values`);
    }
    found = found.flatMap((each) => values.map((value) => ({ ...each, [axis]: value })));
  }
  const excluded = mappings(exclude);
  found = found.filter((each) => !excluded.some((pattern) => matches(each, pattern)));
  for (const extra of mappings(include)) {
    const own = Object.fromEntries(Object.entries(extra).filter(([key]) => key in axes));
    const hosts = Object.keys(axes).length > 0 ? found.filter((each) => matches(each, own)) : [];
    for (const host of hosts) Object.assign(host, extra);
    if (hosts.length === 0) found.push({ ...extra });
  }
  if (found.length === 0) throw new WorkflowError('the matrix has no combinations');
  if (found.length > MAX_JOBS) throw new WorkflowError(`the matrix has over ${MAX_JOBS} jobs`);
  return found;
}

function mappings(value: Json | undefined): Combination[] {
  return (Array.isArray(value) ? value : []).filter(isMapping);
}

function matches(combination: Combination, pattern: Combination): boolean {
  return Object.entries(pattern).every(
    ([key, value]) => JSON.stringify(combination[key]) === JSON.stringify(value),
  );
}

function isMapping(value: Json): value is Combination {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
