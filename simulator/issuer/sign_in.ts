// Signing in by hand: choosing a person on the page leads back with a token.

import { refusalPage, signInPage } from './page.ts';
import type { DemoUser } from './settings.ts';

/** Signs a token for a person. */
export type SignFor = (user: string) => Promise<string>;

const NOT_OURS = 'Sign-in leads back to addresses of this machine only.';

/** Answers `/issuer/sign-in`: the page, and what is chosen on it. */
export async function signIn(
  request: Request,
  users: readonly DemoUser[],
  signFor: SignFor,
): Promise<Response> {
  if (request.method === 'GET' || request.method === 'HEAD') {
    const target = returnAddress(new URL(request.url).searchParams.get('return'));
    return target === undefined ? refused(400, NOT_OURS) : html(200, signInPage(users, target));
  }
  if (request.method !== 'POST') return refused(405, 'There is a page, and a choice on it.');
  const form = await request.formData().catch(() => new FormData());
  const target = returnAddress(form.get('return'));
  if (target === undefined) return refused(400, NOT_OURS);
  const chosen = users.find(({ user }) => user === form.get('user'));
  if (chosen === undefined) return refused(400, 'There is no such person.');
  const answer = new URLSearchParams({ access_token: await signFor(chosen.user) });
  const state = target.searchParams.get('state');
  if (state !== null) answer.set('state', state);
  target.hash = answer.toString();
  const headers = { location: target.href, 'cache-control': 'no-store' };
  return new Response(null, { status: 303, headers });
}

// A token must not leave the machine, whoever wrote the link to this page.
function returnAddress(text: unknown): URL | undefined {
  if (typeof text !== 'string' || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const { protocol, hostname, username, password } = url;
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  if (username !== '' || password !== '') return undefined;
  const local = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  return local ? url : undefined;
}

function refused(status: number, why: string): Response {
  return html(status, refusalPage(why));
}

function html(status: number, body: string): Response {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    // The choice is posted with the page's own origin, so its referrer must not be hidden from it.
    'referrer-policy': 'same-origin',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; " +
      "frame-ancestors 'none'",
  };
  return new Response(body, { status, headers });
}
