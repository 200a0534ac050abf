// The settings page as a whole: what is shown in which phase.
import type { ComponentChildren, JSX } from 'preact';
import { Button, Frame, Notice, TroubleNotice } from '../ui.tsx';
import { isSettingUp, mayChange } from '../words.ts';
import { HistoryCard } from './history.tsx';
import { HookCard, OwnHookCard } from './hook_card.tsx';
import type { Model, State } from './model.ts';
import { SiteCard } from './site_card.tsx';

/** Draws the state of the model. */
export function App({ model, state }: { model: Model; state: State }): JSX.Element {
  const { session, publishing, connected, phase } = state;
  const user = session?.signedIn ? session.user : undefined;
  return (
    <Frame user={user} onSignOut={() => void model.signOut()}>
      <div class="head">
        <h1>Publishing</h1>
        <p class="lead">{phase === 'shown' && publishing ? publishing.name : '\u00a0'}</p>
      </div>
      {state.signedOut && <SignedOut model={model} />}
      <Content model={model} state={state} />
      <div class="hidden" role="status" aria-live="polite">
        {state.said}
      </div>
      <div class="toast-place" role="status">
        {!connected && (
          <p class="toast">
            <span class="dot" aria-hidden="true" />
            No connection. This page goes on by itself when it is back.
          </p>
        )}
      </div>
    </Frame>
  );
}

function SignedOut({ model }: { model: Model }): JSX.Element {
  return (
    <Notice tone="warn" title="Your session has ended" alert>
      <p>Sign in again to go on. Nothing is lost.</p>
      <p>
        <Button onClick={() => void model.signIn()}>Sign in</Button>
      </p>
    </Notice>
  );
}

function Content({ model, state }: { model: Model; state: State }): JSX.Element {
  const { phase, publishing, session } = state;
  if (phase === 'shown' && publishing !== undefined) {
    const can = mayChange(publishing);
    const { hook } = publishing;
    const begun = state.publications.length > 0 || hook !== undefined;
    const working = state.busy === 'provision' || isSettingUp(publishing);
    const shown = { model, state, publishing };
    return (
      <>
        <SiteCard {...shown} />
        {(begun || working) && <HistoryCard {...shown} />}
        {can && (hook !== undefined || working) && <HookCard {...shown} />}
        {can && <OwnHookCard {...shown} />}
      </>
    );
  }
  switch (phase) {
    case 'signed_out':
      return (
        <Gate
          title="Sign in to see this page"
          action="Sign in"
          onAction={() => void model.signIn()}
        >
          <p>Publishing settings are for the members of an organisation.</p>
        </Gate>
      );
    case 'no_access':
      return (
        <Gate
          title="You have no access to this page"
          action="Sign in as somebody else"
          onAction={() => void model.signIn(true)}
        >
          <p>
            {session?.signedIn ? (
              <>
                You are signed in as <b>{session.user}</b>, who is no member of this organisation.
              </>
            ) : (
              'You are no member of this organisation.'
            )}{' '}
            Ask one of its admins to add you, or check the address of this page.
          </p>
        </Gate>
      );
    case 'trouble':
      return (
        <div class="gate">
          {state.trouble && <TroubleNotice trouble={state.trouble} />}
          <Button kind="primary" onClick={() => void model.load()}>
            Try again
          </Button>
        </div>
      );
    default:
      return <Skeleton />;
  }
}

function Gate(props: {
  readonly title: string;
  readonly action: string;
  readonly onAction: () => void;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <section class="card gate-card">
      <h2>{props.title}</h2>
      {props.children}
      <Button kind="primary" onClick={props.onAction}>
        {props.action}
      </Button>
    </section>
  );
}

/** The page before anything is known: as large as what comes. html/publishing.html has it, too. */
function Skeleton(): JSX.Element {
  return (
    <div class="card skeleton" aria-busy="true">
      <p class="hidden">Loading</p>
      <div class="card-body">
        <div class="card-head">
          <i />
        </div>
        <div class="site">
          <i />
          <i />
          <i />
          <i />
        </div>
      </div>
      <div class="card-foot" />
    </div>
  );
}
