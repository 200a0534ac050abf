// The pieces that every page is made of: buttons, notices, icons, times, dialogs.
import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { copyText, now_ms } from './browser.ts';
import type { Trouble } from './call.ts';
import type { Tone } from './words.ts';

const icon_paths = {
  check: 'M3.5 8.5l3 3 6-7',
  cross: 'M4.5 4.5l7 7m0-7l-7 7',
  out: 'M6 3.5H3.5v9h9V10M9.5 3.5h3v3M12.5 3.5L7.5 8.5',
  copy: 'M5.5 5.5v-2h7v7h-2M3.5 5.5h7v7h-7z',
  alert: 'M8 4.5v4.25M8 11.25v.25',
} as const;

/** A small picture that says nothing by itself. */
export function Icon({ name }: { readonly name: keyof typeof icon_paths }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={icon_paths[name]} />
    </svg>
  );
}

/** Turns while something goes on. */
export const Spinner = (): JSX.Element => <span class="spinner" aria-hidden="true" />;

/**
 * A button. While it is busy it keeps the focus and its width, and a click does nothing; so does
 * one that is `off` because something else goes on.
 */
export function Button(props: {
  readonly onClick?: () => void;
  readonly children: ComponentChildren;
  readonly kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly type?: 'button' | 'submit';
  readonly busy?: boolean;
  readonly off?: boolean;
  readonly described?: string;
}): JSX.Element {
  const { busy = false, off = false, kind = 'plain' } = props;
  return (
    <button
      type={props.type ?? 'button'}
      class={`button ${kind}${busy ? ' busy' : ''}`}
      aria-disabled={busy || off}
      aria-describedby={props.described}
      onClick={(event) => {
        if (busy || off) event.preventDefault();
        else props.onClick?.();
      }}
    >
      <span class="label">{props.children}</span>
      {busy && <Spinner />}
    </button>
  );
}

/** A state in words, with a coloured mark. */
export function Badge({
  tone,
  children,
}: {
  tone: Tone;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <span class={`badge ${tone}`}>
      <span class="dot" aria-hidden="true" />
      {children}
    </span>
  );
}

/** A section with a heading, a body and a foot for what can be done. */
export function Card(props: {
  readonly id: string;
  readonly title: string;
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
  readonly hint?: ComponentChildren;
  readonly actions?: ComponentChildren;
}): JSX.Element {
  return (
    <section class="card" aria-labelledby={props.id}>
      <div class="card-body">
        <div class="card-head">
          <h2 id={props.id} tabIndex={-1}>
            {props.title}
          </h2>
          {props.aside}
        </div>
        {props.children}
      </div>
      {(props.hint !== undefined || props.actions !== undefined) && (
        <div class="card-foot">
          <p
            class="hint"
            id={`${props.id}-hint`}
            key={typeof props.hint === 'string' ? props.hint : ''}
          >
            {props.hint}
          </p>
          {props.actions !== undefined && <div class="actions">{props.actions}</div>}
        </div>
      )}
    </section>
  );
}

/** Something that people must know, with what to do. */
export function Notice(props: {
  readonly tone: 'bad' | 'warn' | 'info';
  readonly title: ComponentChildren;
  readonly children?: ComponentChildren;
  /** It came up now, in answer to something: it is read out. */
  readonly alert?: boolean;
}): JSX.Element {
  return (
    <div class={`notice ${props.tone}`} role={props.alert ? 'alert' : undefined}>
      <span class="notice-mark">
        <Icon name="alert" />
      </span>
      <div class="notice-text">
        <p class="notice-title">{props.title}</p>
        {props.children}
      </div>
    </div>
  );
}

/** What did not work, why, and the next step. */
export function TroubleNotice(props: {
  readonly trouble: Trouble;
  readonly children?: ComponentChildren;
}): JSX.Element {
  const { title, detail, next, requestId } = props.trouble;
  return (
    <Notice tone="bad" title={title} alert>
      {detail !== undefined && detail !== title && <p>{detail}</p>}
      {props.children ?? (next !== undefined && <p>{next}</p>)}
      <RequestId id={requestId} />
    </Notice>
  );
}

/** What to name when asking for help. */
export function RequestId({ id }: { readonly id: string | undefined }): JSX.Element | null {
  if (id === undefined) return null;
  return (
    <p class="small">
      If you ask for help, name this request: <code>{id}</code>
    </p>
  );
}

const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'long', timeStyle: 'medium' });

/** A time as "3 minutes ago"; the exact one as its title. */
export function Ago({ at }: { readonly at: string }): JSX.Element {
  const [now, setNow] = useState(now_ms());
  useEffect(() => {
    const timer = setInterval(() => setNow(now_ms()), 20_000);
    return () => clearInterval(timer);
  }, []);
  const passed_ms = now - Date.parse(at);
  const [unit, size] = units.find(([, ms]) => Math.abs(passed_ms) >= ms) ?? [];
  const words =
    unit === undefined || size === undefined
      ? 'just now'
      : relative.format(-Math.trunc(passed_ms / size), unit);
  return (
    <time dateTime={at} title={exact.format(new Date(at))}>
      {words}
    </time>
  );
}

/** A time of today as a clock shows it. */
export const clockTime = (at: string): string =>
  new Intl.DateTimeFormat(undefined, { timeStyle: 'short' }).format(new Date(at));

/** A link that leaves the page. */
export function Out(props: { href: string; children: ComponentChildren }): JSX.Element {
  return (
    <a class="out" href={props.href} target="_blank" rel="noreferrer noopener">
      {props.children}
      <Icon name="out" />
      <span class="hidden"> (opens in a new tab)</span>
    </a>
  );
}

/** Copies, and says so for two seconds without changing its width. */
export function CopyButton(props: {
  readonly what: string;
  readonly text: string | (() => Promise<boolean>);
  readonly say: (text: string) => void;
  readonly off?: boolean;
}): JSX.Element {
  const [result, setResult] = useState<'copied' | 'failed'>();
  useEffect(() => {
    if (result === undefined) return;
    const timer = setTimeout(() => setResult(undefined), 2_500);
    return () => clearTimeout(timer);
  }, [result]);
  const copy = async (): Promise<void> => {
    const { text } = props;
    const copied = await (typeof text === 'string' ? copyText(Promise.resolve(text)) : text());
    setResult(copied ? 'copied' : 'failed');
    props.say(copied ? `Copied ${props.what}.` : `${props.what} could not be copied.`);
  };
  return (
    <Button onClick={() => void copy()} off={props.off ?? false}>
      <span class="swap">
        <span class={result === undefined ? '' : 'gone'}>
          Copy<span class="hidden"> {props.what}</span>
        </span>
        <span class={result === 'copied' ? '' : 'gone'} aria-hidden={result !== 'copied'}>
          Copied
        </span>
        <span class={result === 'failed' ? '' : 'gone'} aria-hidden={result !== 'failed'}>
          Failed
        </span>
      </span>
    </Button>
  );
}

/** Asks once before something is done. The focus comes back to where it was. */
export function Confirm(props: {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly yes: string;
  readonly danger?: boolean;
  readonly onAnswer: (yes: boolean) => void;
}): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => dialog.current?.showModal(), []);
  const close = (yes: boolean): void => {
    dialog.current?.close();
    props.onAnswer(yes);
  };
  return (
    <dialog
      ref={dialog}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onCancel={(event) => {
        event.preventDefault();
        close(false);
      }}
    >
      <h2 id={`${id}-title`}>{props.title}</h2>
      <div class="dialog-text" id={`${id}-text`}>
        {props.children}
      </div>
      <div class="actions">
        <Button onClick={() => close(false)}>Cancel</Button>
        <Button kind={props.danger ? 'danger' : 'primary'} onClick={() => close(true)}>
          {props.yes}
        </Button>
      </div>
    </dialog>
  );
}

/** The frame of every page: who is signed in above, the content beneath. */
export function Frame(props: {
  readonly user?: string | undefined;
  readonly onSignOut?: () => void;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <>
      <header class="top">
        <span class="brand">
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path d="M3 14l7-10 7 10M6 17h8" />
          </svg>
          Slipway
        </span>
        {props.user !== undefined && (
          <div class="who">
            <span class="user" title={props.user}>
              <span class="hidden">Signed in as </span>
              {props.user}
            </span>
            {props.onSignOut && (
              <Button kind="quiet" onClick={props.onSignOut}>
                Sign out
              </Button>
            )}
          </div>
        )}
      </header>
      <main>{props.children}</main>
    </>
  );
}
