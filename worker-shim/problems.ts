// The answers that the shim gives by itself: when the core could not be asked, or could not be
// obeyed. Everything else is the core's reply.
import { CoreTrap } from '../bindings/js/core.ts';
import { KeysUnavailable } from './auth/key_set.ts';
import { StorageFailure } from './ports.ts';
import { Contended } from './run.ts';
import { SettingError } from './settings.ts';
import { Unsealed } from './storage/sealed.ts';

/** A request's body did not come in whole in its time. */
export class BodyLate extends Error {
  override readonly name = 'BodyLate';
}

/** What the shim refuses by itself. */
export type Refusal = 'auth.missing' | 'auth.cross_site';

/** The problem document of a refusal. */
export function refusalResponse(code: Refusal): Response {
  const { status, title, next } = refusals[code];
  const type = `urn:slipway:${code}`;
  const body = JSON.stringify({ type, title, status, code, retryable: false, next });
  const headers = { 'content-type': 'application/problem+json' };
  const asked = status === 401 ? { 'www-authenticate': 'Bearer' } : {};
  return new Response(body, { status, headers: { ...headers, ...asked } });
}

const refusals = {
  'auth.missing': {
    status: 401,
    title: 'No valid credential was sent',
    next: 'Sign in, and send the token at once: it may be expired, or made for somebody else.',
  },
  'auth.cross_site': {
    status: 403,
    title: 'The request comes from another site',
    next: "Send it from a page of this instance's own address.",
  },
} as const;

interface Problem {
  readonly status: 408 | 500 | 503;
  readonly code: string;
  readonly title: string;
  readonly retryable: boolean;
  readonly next: string;
}

/** The problem document for an error. It names no detail of the error: that is in the log. */
export function problemResponse(error: unknown): Response {
  const { status, ...rest } = problemOf(error);
  const body = JSON.stringify({ type: 'about:blank', status, ...rest });
  return new Response(body, {
    status,
    headers: {
      'content-type': 'application/problem+json',
      ...(rest.retryable ? { 'retry-after': '1' } : {}),
    },
  });
}

function problemOf(error: unknown): Problem {
  if (error instanceof BodyLate) {
    return { ...passing('body.late', 'The body did not come in whole in time.'), status: 408 };
  }
  if (error instanceof CoreTrap) {
    return unexpected('internal.trap', 'The request met a fault in this service.');
  }
  if (error instanceof Contended) {
    return passing('storage.contended', 'Other requests changed the same thing at the same time.');
  }
  if (error instanceof StorageFailure) {
    return passing('storage.unavailable', 'The storage did not answer.');
  }
  if (error instanceof KeysUnavailable) {
    return passing('auth.unavailable', 'Who is calling could not be found out now.');
  }
  if (error instanceof Unsealed) {
    return unexpected('internal.unsealed', 'A stored secret could not be opened.');
  }
  if (error instanceof SettingError) {
    return unexpected(
      'internal.misconfigured',
      `This instance is misconfigured: ${error.message}.`,
    );
  }
  return unexpected('internal.error', 'The request could not be finished.');
}

function passing(code: string, title: string): Problem {
  return { status: 503, code, title, retryable: true, next: 'Send the same request again.' };
}

function unexpected(code: string, title: string): Problem {
  const next = 'Look for the x-request-id of this answer in the log.';
  return { status: 500, code, title, retryable: false, next };
}
