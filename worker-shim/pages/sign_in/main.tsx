// /sign-in: comes back from the issuer with a token in the address, exchanges it for the cookie,
// and goes on. Without a token it says who is signed in, or offers to sign in.
import { render } from 'preact';
import type { Session } from '../api_types.ts';
import { type Answer, call } from '../call.ts';
import { isOwnReturn, leaveForSignIn, ownPath } from '../sign_in.ts';
import { SignIn, type Told } from './view.tsx';

const place = document.getElementById('app');
const query = new URLSearchParams(location.search);
const fragment = new URLSearchParams(location.hash.slice(1));
const to = ownPath(query.get('to'));

// The token leaves the address and the history before anything else happens.
if (location.hash !== '') history.replaceState(null, '', location.pathname + location.search);

function show(told: Told): void {
  if (place === null) return;
  render(
    <SignIn
      told={told}
      to={to}
      onSignIn={(address) => leaveForSignIn(address, to)}
      onSignOut={() => void signOut()}
    />,
    place,
  );
}

function showSession(answer: Answer<Session>, refused?: Told['refused']): void {
  const why = refused === undefined ? {} : { refused };
  show('value' in answer ? { session: answer.value, ...why } : { trouble: answer.trouble });
}

async function signOut(): Promise<void> {
  await call('DELETE', '/me/session');
  showSession(await call('GET', '/me/session'));
}

async function start(): Promise<void> {
  const token = fragment.get('access_token');
  const error = fragment.get('error') ?? query.get('error');
  if (token === null) {
    const said = fragment.get('error_description') ?? query.get('error_description') ?? error;
    const refused = said === null ? undefined : { title: 'Signing in did not work', detail: said };
    return showSession(await call('GET', '/me/session'), refused);
  }
  if (!isOwnReturn([query.get('state'), fragment.get('state')])) {
    const refused = {
      title: 'This sign-in was not begun here',
      detail: 'It was begun in another tab, or is an old link. Sign in once more.',
    };
    return showSession(await call('GET', '/me/session'), refused);
  }
  const answer = await call<Session>('POST', '/me/session', { bearer: token });
  if ('value' in answer && to !== '/sign-in') return location.replace(to);
  if ('value' in answer) return showSession(answer);
  const { title, detail, next } = answer.trouble;
  const refused =
    answer.trouble.kind === 'signed_out'
      ? { title: 'The sign-in was not accepted', detail: 'It may be too old. Sign in once more.' }
      : { title, detail: [detail, next].filter((text) => text !== undefined).join(' ') };
  showSession(await call('GET', '/me/session'), refused);
}

void start();
