// The HTTP forms that every operation shares: JSON, errors, pages with Link, ETag and 304.

import { createHash } from 'node:crypto';

/** One call after routing and checks. */
export interface Call {
  readonly request: Request;
  readonly url: URL;
  /** Path parameters, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** `X-GitHub-Api-Version`. */
  readonly version: string;
  /** `owner/name`; empty outside a repository. */
  readonly repository: string;
  /** Whose budget the call spends. */
  readonly token: string;
  /** The API's own address, without a slash at the end. */
  readonly api: string;
  /** The address of the web pages, without a slash at the end. */
  readonly web: string;
}

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly link: string | undefined;
}

/** GitHub's error body. */
export function refuse(
  status: number,
  message: string,
  headers: Record<string, string> = {},
): Response {
  const documentation_url = 'https://docs.github.com/rest';
  const body = JSON.stringify({ message, documentation_url, status: String(status) });
  const answer = new Response(body, { status, headers });
  answer.headers.set('content-type', 'application/json; charset=utf-8');
  return answer;
}

/** A JSON answer. */
export function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
  });
}

/** Adds the ETag of a 200 to a GET, or turns it into 304 where the caller has it already. */
export async function conditional(request: Request, answer: Response): Promise<Response> {
  if (request.method !== 'GET' || answer.status !== 200) return answer;
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const tag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
  const asked = (request.headers.get('if-none-match') ?? '').split(',');
  const held = asked.some((each) => each.trim().replace(/^W\//, '') === tag);
  if (held) return new Response(null, { status: 304, headers: { etag: tag } });
  const headers = new Headers(answer.headers);
  headers.set('etag', `W/${tag}`);
  return new Response(bytes, { status: 200, headers });
}

/** The page that `per_page` (1 to 100, default 30) and `page` ask for, with its Link header. */
export function paginate<T>(call: Call, items: readonly T[]): Page<T> {
  const size = Math.min(100, positive(call.url.searchParams.get('per_page'), 30));
  const page = positive(call.url.searchParams.get('page'), 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const to = (number: number, rel: string): string => {
    const query = new URLSearchParams(call.url.searchParams);
    query.set('page', String(number));
    return `<${call.api}${call.url.pathname}?${query}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [to(page - 1, 'prev')] : []),
    ...(page < last ? [to(page + 1, 'next'), to(last, 'last')] : []),
    ...(page > 1 ? [to(1, 'first')] : []),
  ];
  const link = links.length > 0 ? links.join(', ') : undefined;
  return { items: items.slice((page - 1) * size, page * size), link };
}

/** An ISO time without milliseconds, as GitHub writes it. */
export function iso(time_ms: number): string {
  return new Date(time_ms).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function positive(text: string | null, otherwise: number): number {
  const number = Number(text ?? '');
  return Number.isInteger(number) && number > 0 ? number : otherwise;
}
