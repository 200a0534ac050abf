// One API call on its way to an operation, and what operations need to read from it.

import { type Reader, readJson } from '../base/strict.ts';
import { ApiError, invalidBody, ok, refusal } from './errors.ts';
import { findProject, type Project, type World } from './model.ts';
import type { AccountOptions } from './options.ts';
import type { UploadClaims } from './upload_token.ts';

/** An authenticated call. */
export interface Call {
  world: World;
  request: Request;
  query: URLSearchParams;
  /** The variable parts of the path, as they stand in it. */
  params: Record<string, string>;
  account: AccountOptions;
  /** The accounts that the token may see; empty with an upload token. */
  visibleAccounts: AccountOptions[];
  /** What the upload token allows; set on the routes that take one. */
  claims?: UploadClaims;
}

/**
 * The JSON body, read by `reader`. wrangler sends some bodies without saying that they are JSON,
 * so plain text is taken too; any other content type is refused.
 */
export async function jsonBody<T>(call: Call, reader: Reader<T>): Promise<T> {
  const type = call.request.headers.get('content-type') ?? 'text/plain';
  if (!/^(application\/json|text\/plain)\s*(;|$)/i.test(type)) {
    throw new ApiError(415, 10001, 'The content type must be application/json');
  }
  return readJson(await call.request.text(), reader);
}

/** The project that the path names, or 8000007. */
export function projectOf(call: Call): Project {
  const name = call.params.project ?? '';
  const project = findProject(call.world, call.account.id, name);
  if (project === undefined) throw refusal('projectNotFound');
  return project;
}

/** Refuses a write on a blocked account with 8000036. */
export function requireUnblocked(call: Call): void {
  if (call.account.blocked === true) throw refusal('accountBlocked');
}

/** The wanted page of `items`, shown by `view`. At most `most` items fit; more is 8000024. */
export function pageAnswer<T>(
  call: Call,
  items: T[],
  most: number,
  view: (item: T) => object,
): Response {
  const page = positive(call.query.get('page') ?? '1');
  const perPage = positive(call.query.get('per_page') ?? String(most));
  if (page === undefined || perPage === undefined || perPage > most) throw refusal('listOptions');
  const shown = items.slice((page - 1) * perPage, page * perPage);
  return ok(shown.map(view), {
    page,
    per_page: perPage,
    count: shown.length,
    total_count: items.length,
    total_pages: Math.ceil(items.length / perPage),
  });
}

/** The value of a yes-or-no query parameter; false when absent. */
export function flag(call: Call, name: string): boolean {
  const value = call.query.get(name) ?? 'false';
  if (value !== 'true' && value !== 'false') throw invalidBody('', `${name} must be true or false`);
  return value === 'true';
}

function positive(value: string): number | undefined {
  return /^[1-9]\d{0,8}$/.test(value) ? Number(value) : undefined;
}
