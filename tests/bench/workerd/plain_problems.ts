// The refusals of the Worker that Slipway's own is compared with, in the same words.
import type { Issue } from '../hand/issues.ts';
import { asCoreWrites } from '../hand/text.ts';

type Known = readonly [status: number, title: string, next: string];

const table = {
  'auth.missing': [
    401,
    'No valid credential was sent',
    'Send `Authorization: Bearer <key>` with a key of this instance.',
  ],
  'body.too_large': [
    413,
    'The body is larger than 1 MiB',
    'Send less: one platform a request, settings instead of content.',
  ],
  'json.malformed': [
    400,
    'The body is not well-formed JSON',
    'Mend the JSON; it must be UTF-8 without duplicate keys.',
  ],
  'body.invalid': [
    422,
    'The body does not have the expected form',
    'Mend the fields that `errors` names.',
  ],
  'config.invalid': [
    422,
    'The configuration is not valid',
    'Mend the values that `errors` names; nothing was stored.',
  ],
  'platform.unknown': [
    404,
    'No such platform',
    'Check the id, or create it with POST /api/v1/platforms.',
  ],
  'platform.exists': [
    409,
    'A platform with this id exists and was created from another request',
    'Read it with GET, change it, or choose another id.',
  ],
  'config.version_unknown': [
    404,
    'The platform has no such configuration version',
    'Leave `version` out to get the latest.',
  ],
} satisfies Record<string, Known>;

/** The codes. */
export type ProblemCode = keyof typeof table;

/** A refusal (RFC 9457). */
export function problem(code: ProblemCode, detail?: string, errors?: readonly Issue[]): Response {
  const [status, title, next] = table[code];
  const type = `urn:slipway:${code}`;
  const body = { type, title, status, code, detail, errors, retryable: false, next };
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' };
  if (code === 'auth.missing') headers['www-authenticate'] = 'Bearer';
  return new Response(asCoreWrites(JSON.stringify(body)), { status, headers });
}

/** The refusal of a document with faults. */
export function refused(code: ProblemCode, issues: readonly Issue[]): Response {
  const count = `${issues.length} ${issues.length === 1 ? 'field is' : 'fields are'} wrong`;
  return problem(code, code === 'body.invalid' ? count : undefined, issues);
}
