// The operations on repositories themselves: one, and those of an organisation.

import { type Call, json, paginate, refuse } from './answers.ts';
import type { RepositoryBook } from './repositories.ts';
import { fullRepository, repositoryDetails } from './shapes.ts';
import type { RepositoryInfo } from './stored_repositories.ts';

interface Row {
  name: string;
  info: RepositoryInfo;
}

const orders: Record<string, (a: Row, b: Row) => number> = {
  created: (a, b) => a.info.created_ms - b.info.created_ms,
  updated: (a, b) => a.info.pushed_ms - b.info.pushed_ms,
  pushed: (a, b) => a.info.pushed_ms - b.info.pushed_ms,
  full_name: (a, b) => compare(a.name, b.name),
};

const types: Record<string, (row: Row) => boolean> = {
  all: () => true,
  public: ({ info }) => !info.private,
  private: ({ info }) => info.private,
  sources: () => true,
  forks: () => false,
  member: () => true,
};

/** GET one repository. */
export function getRepository(call: Call, repositories: RepositoryBook): Response {
  const info = repositories.info(call.repository);
  return json(fullRepository(call, call.repository, info));
}

/** GET an organisation's repositories, paged; `type`, `sort` and `direction` as documented. */
export function listRepositories(call: Call, repositories: RepositoryBook): Response {
  const prefix = `${call.params.org}/`.toLowerCase();
  const owned = repositories.names().filter((name) => name.toLowerCase().startsWith(prefix));
  if (owned.length === 0) return refuse(404, 'Not Found');
  const query = call.url.searchParams;
  const sort = query.get('sort') ?? 'created';
  const wanted = types[query.get('type') ?? 'all'];
  const order = orders[sort];
  const direction = query.get('direction') ?? (sort === 'full_name' ? 'asc' : 'desc');
  if (!wanted || !order || !['asc', 'desc'].includes(direction)) {
    return refuse(422, 'Validation Failed');
  }
  const rows = owned.map((name): Row => ({ name, info: repositories.info(name) })).filter(wanted);
  rows.sort((a, b) => order(a, b) || compare(a.name, b.name));
  const page = paginate(call, direction === 'asc' ? rows : rows.reverse());
  const answer = json(page.items.map(({ name, info }) => repositoryDetails(call, name, info)));
  if (page.link !== undefined) answer.headers.set('link', page.link);
  return answer;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
