// What /sign-in shows.
import type { JSX } from 'preact';
import type { Session } from '../api_types.ts';
import type { Trouble } from '../call.ts';
import { Button, Frame, Notice, TroubleNotice } from '../ui.tsx';

/** What is known: a session or why there is none, and why a sign-in was refused. */
export interface Told {
  readonly session?: Session;
  readonly trouble?: Trouble;
  readonly refused?: { readonly title: string; readonly detail: string };
}

/** The page. */
export function SignIn(props: {
  readonly told: Told;
  readonly to: string;
  readonly onSignIn: (address: string) => void;
  readonly onSignOut: () => void;
}): JSX.Element {
  const { session, trouble, refused } = props.told;
  return (
    <Frame>
      <section class="card gate-card alone">
        <h1>Sign in</h1>
        {refused !== undefined && (
          <Notice tone="bad" title={refused.title} alert>
            <p>{refused.detail}</p>
          </Notice>
        )}
        {trouble !== undefined && <TroubleNotice trouble={trouble} />}
        {trouble !== undefined && <Button onClick={() => location.reload()}>Try again</Button>}
        {session?.signedIn === true && <SignedIn user={session.user} {...props} />}
        {session?.signedIn === false && <SignedOut address={session.signInUrl} {...props} />}
      </section>
    </Frame>
  );
}

function SignedIn(props: { user: string; to: string; onSignOut: () => void }): JSX.Element {
  return (
    <>
      <p>
        You are signed in as <b>{props.user}</b>.
      </p>
      <div class="actions">
        {props.to !== '/sign-in' && (
          <a class="button primary" href={props.to}>
            <span class="label">Continue</span>
          </a>
        )}
        <Button onClick={props.onSignOut}>Sign out</Button>
      </div>
    </>
  );
}

function SignedOut(props: {
  address: string | null;
  onSignIn: (address: string) => void;
}): JSX.Element {
  const { address } = props;
  if (address === null) {
    return (
      <>
        <p>Signing in is not set up on this instance.</p>
        <p class="quiet">
          The people who run this service set it up once: they tell it whose sign-ins to accept.
        </p>
      </>
    );
  }
  return (
    <>
      <p>You go to your sign-in service and come back here by yourself.</p>
      <div class="actions">
        <Button kind="primary" onClick={() => props.onSignIn(address)}>
          Sign in
        </Button>
      </div>
    </>
  );
}
