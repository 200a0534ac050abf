// Which runs a listing shows: the filters of the API and the delay with which new runs appear.

import type { Run } from '../runner/contract.ts';

/** GitHub never finds more than so many when a filter is used. */
const MAX_FOUND = 1_000;

const FILTERS = ['actor', 'branch', 'event', 'status', 'created', 'head_sha'];

/** The runs, newest first, that match the query. Undefined for an unknown filter value. */
export function selectRuns(runs: readonly Run[], query: URLSearchParams): Run[] | undefined {
  const created = createdFilter(query.get('created'));
  if (!created) return undefined;
  const equals = (name: string, value: string): boolean =>
    !query.has(name) || query.get(name) === value;
  const status = query.get('status');
  const found = runs.filter(
    (run) =>
      equals('actor', run.actor) &&
      equals('branch', run.branch) &&
      equals('event', 'workflow_dispatch') &&
      equals('head_sha', run.sha) &&
      (status === null || run.status === status || run.conclusion === status) &&
      created(Math.floor(run.created_ms / 1000)),
  );
  found.sort((a, b) => b.created_ms - a.created_ms || b.id - a.id);
  return FILTERS.some((name) => query.has(name)) ? found.slice(0, MAX_FOUND) : found;
}

/** GitHub's date search: `>=T`, `>T`, `<=T`, `<T`, `T..T` or `T`; whole seconds. */
function createdFilter(text: string | null): ((second: number) => boolean) | undefined {
  if (text === null || text === '') return () => true;
  const [from, to] = text.split('..');
  if (from !== undefined && to !== undefined) {
    const [first, last] = [seconds(from), seconds(to)];
    if (first === undefined || last === undefined) return undefined;
    return (second) => second >= first && second <= last;
  }
  const [, sign = '', time = ''] = /^(>=|<=|>|<|)(.*)$/.exec(text) ?? [];
  const bound = seconds(time);
  if (bound === undefined) return undefined;
  if (sign === '>=') return (second) => second >= bound;
  if (sign === '<=') return (second) => second <= bound;
  if (sign === '>') return (second) => second > bound;
  if (sign === '<') return (second) => second < bound;
  return (second) => second === bound || (time.length === 10 && second < bound + 86_400);
}

function seconds(text: string): number | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}
