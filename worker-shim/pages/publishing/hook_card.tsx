// The deploy hook in use: masked, shown on request, replaced; and beneath it the recovery path, a
// hook that somebody made by hand.
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Hook, Publishing } from '../api_types.ts';
import type { Trouble } from '../call.ts';
import { Ago, Button, Card, Confirm, CopyButton, Out, TroubleNotice } from '../ui.tsx';
import { person, sentence } from '../words.ts';
import type { Model, State } from './model.ts';
import { own_hook_field } from './ways_out.tsx';

interface Shown {
  readonly model: Model;
  readonly state: State;
  readonly publishing: Publishing;
}

/** The hook in use; while there is none, the place where it will be. */
export function HookCard({ model, state, publishing }: Shown): JSX.Element {
  const [asking, setAsking] = useState(false);
  const { revealed, busy } = state;
  const { hook } = publishing;
  const off = busy !== undefined || hook === undefined;
  return (
    <Card
      id="hook"
      title="Deploy hook"
      aside={
        hook && <span class="tag">{hook.source === 'auto' ? 'Auto-provisioned' : 'Your own'}</span>
      }
      hint={hintOf(revealed, hook)}
      actions={
        <>
          <Button
            busy={busy === 'reveal'}
            off={off}
            onClick={() => (revealed === undefined ? void model.reveal() : model.hide())}
          >
            <span class="swap">
              <span class={revealed === undefined ? '' : 'gone'}>Reveal</span>
              <span class={revealed === undefined ? 'gone' : ''}>Hide</span>
            </span>
          </Button>
          <CopyButton
            what="the deploy hook"
            text={() => model.copyHook()}
            say={(text) => model.say(text)}
            off={off}
          />
          {hook?.source !== 'manual' && (
            <Button busy={busy === 'rotate'} off={off} onClick={() => setAsking(true)}>
              Rotate
            </Button>
          )}
        </>
      }
    >
      <p class="about">
        Calling this address starts a build. It works like a password, so share it with nobody who
        should not publish.
      </p>
      <code class="secret" id="hook-url">
        {revealed ?? hook?.masked ?? 'It is made in the second step.'}
      </code>
      {state.troubles.hook && <TroubleNotice trouble={state.troubles.hook} />}
      <Orphans publishing={publishing} />
      {asking && (
        <Confirm
          title="Make a new deploy hook?"
          yes="Make a new hook"
          onAnswer={(yes) => {
            setAsking(false);
            if (yes) void model.rotate();
          }}
        >
          <p>
            A new hook takes the place of this one, and publishing here uses it from then on.
            Anything else that calls the old address needs the new one.
          </p>
        </Confirm>
      )}
    </Card>
  );
}

function hintOf(revealed: string | undefined, hook: Hook | undefined): JSX.Element {
  if (hook === undefined) return <>You never have to copy it anywhere.</>;
  if (revealed !== undefined) return <>Hidden again after a minute, or when you leave this tab.</>;
  return (
    <>
      {hook.setAt !== undefined && (
        <>
          Set <Ago at={hook.setAt} />
          {hook.setBy === undefined ? '. ' : ` by ${person(hook.setBy)}. `}
        </>
      )}
      Showing it is noted in the audit trail.
    </>
  );
}

function Orphans({ publishing }: { publishing: Publishing }): JSX.Element | null {
  const { orphanedHooks = 0, dashboardUrl } = publishing;
  if (orphanedHooks === 0) return null;
  const some = orphanedHooks === 1 ? 'One older hook' : `${orphanedHooks} older hooks`;
  return (
    <p class="small">
      {some} of this project may still work. Delete what is not used in{' '}
      {dashboardUrl === undefined ? (
        'the Cloudflare dashboard'
      ) : (
        <Out href={dashboardUrl}>the Cloudflare dashboard</Out>
      )}
      .
    </p>
  );
}

/** The recovery path: always there. */
export function OwnHookCard({ model, state, publishing }: Shown): JSX.Element {
  const [asking, setAsking] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const isSet = publishing.hook?.source === 'manual';
  const off = state.busy !== undefined;
  const save = async (): Promise<void> => {
    const fields = new FormData(form.current ?? undefined);
    const text = (name: string): string => String(fields.get(name) ?? '').trim();
    if (await model.save(text('deployHookUrl'), text('projectName'))) form.current?.reset();
    else form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  };
  return (
    <form
      ref={form}
      noValidate
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        if (!off) void save();
      }}
    >
      <Card
        id="own-hook"
        title="Use your own deploy hook"
        aside={isSet && <span class="tag strong">In use: it counts first</span>}
        hint={
          isSet
            ? 'While it is set, every publication uses it. Remove it to go back.'
            : 'While it is set, it counts first: every publication uses it.'
        }
        actions={
          <>
            {isSet && (
              <Button busy={state.busy === 'remove'} off={off} onClick={() => setAsking(true)}>
                Remove
              </Button>
            )}
            <Button type="submit" busy={state.busy === 'save'} off={off}>
              {isSet ? 'Replace' : 'Save'}
            </Button>
          </>
        }
      >
        <OwnHookFields trouble={state.troubles.manual} />
      </Card>
      {asking && (
        <AskRemoval
          provisioned={publishing.state === 'ready'}
          onAnswer={(yes) => {
            setAsking(false);
            if (yes) void remove(model);
          }}
        />
      )}
    </form>
  );
}

function OwnHookFields({ trouble }: { trouble: Trouble | undefined }): JSX.Element {
  return (
    <>
      <p class="about">
        If auto-provisioning does not work for you, make a Pages project in the Cloudflare dashboard
        yourself and paste its deploy hook here.
      </p>
      <Field
        id={own_hook_field}
        name="deployHookUrl"
        label="Deploy hook URL"
        help="In the dashboard: your project, Settings, Builds, Deploy hooks."
        placeholder="https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/..."
        fault={trouble?.errors?.['/deployHookUrl']}
      />
      <Field
        id="own-hook-project"
        name="projectName"
        label="Project name"
        optional
        help="With it, builds can be followed where this service may read the project."
        fault={trouble?.errors?.['/projectName']}
      />
      {trouble !== undefined && !named(trouble.errors) && <TroubleNotice trouble={trouble} />}
    </>
  );
}

function AskRemoval(props: {
  readonly provisioned: boolean;
  readonly onAnswer: (yes: boolean) => void;
}): JSX.Element {
  return (
    <Confirm title="Remove your own deploy hook?" yes="Remove" danger onAnswer={props.onAnswer}>
      <p>
        Its address is forgotten here. The site and the project stay as they are
        {props.provisioned ? ', and the auto-provisioned hook is used again' : ''}.
      </p>
    </Confirm>
  );
}

// The button that was pressed goes away: the field takes the focus.
async function remove(model: Model): Promise<void> {
  if (await model.remove()) document.getElementById(own_hook_field)?.focus();
}

// Whether every fault stands beside its field already.
function named(errors: Readonly<Record<string, string>> | undefined): boolean {
  const pointers = Object.keys(errors ?? {});
  const fields = ['/deployHookUrl', '/projectName'];
  return pointers.length > 0 && pointers.every((pointer) => fields.includes(pointer));
}

function Field(props: {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly placeholder?: string;
  readonly optional?: boolean;
  readonly help?: string;
  readonly fault?: string | undefined;
}): JSX.Element {
  const { id, fault, help } = props;
  return (
    <div class="field">
      <label for={id}>
        {props.label}
        {props.optional && <span class="quiet"> (optional)</span>}
      </label>
      <input
        id={id}
        name={props.name}
        type="text"
        placeholder={props.placeholder}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        aria-invalid={fault !== undefined}
        aria-describedby={`${id}-more`}
      />
      <p id={`${id}-more`} class={fault === undefined ? 'help' : 'help fault'}>
        {fault === undefined ? help : sentence(fault)}
      </p>
    </div>
  );
}
