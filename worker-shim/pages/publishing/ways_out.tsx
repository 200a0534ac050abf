// What to do about a failure, where the page can say more than the API's own next step.
import type { JSX } from 'preact';
import type { Failure, Publishing } from '../api_types.ts';
import { Notice, Out, RequestId } from '../ui.tsx';
import { isKnown, titleOf } from '../words.ts';

/** Where the pasted address goes: the recovery path. */
export const own_hook_field = 'own-hook-url';

/** A link to the field of the recovery path. */
export function ToOwnHook({ children }: { children: string }): JSX.Element {
  return (
    <a
      href={`#${own_hook_field}`}
      onClick={(event) => {
        event.preventDefault();
        document.getElementById(own_hook_field)?.focus();
      }}
    >
      {children}
    </a>
  );
}

/** What has stopped it, and the next step. */
export function Stopped(props: {
  readonly failure: Failure;
  readonly publishing: Publishing;
  readonly title?: string | undefined;
  readonly requestId?: string | undefined;
  /** It came up now. */
  readonly alert?: boolean;
}): JSX.Element {
  const { failure, publishing, requestId } = props;
  const title = titleOf(failure, props.title);
  const more = failure.detail === title ? undefined : failure.detail;
  const known = isKnown(failure);
  return (
    <Notice tone="bad" title={title} alert={props.alert === true}>
      {!known && more !== undefined && <p>{more}</p>}
      <WayOut failure={failure} publishing={publishing} />
      {known && more?.startsWith('Cloudflare ') && <p class="small">{more}</p>}
      <RequestId id={requestId} />
    </Notice>
  );
}

/** The next step for a failure. */
export function WayOut(props: {
  readonly failure: Pick<Failure, 'code' | 'next'>;
  readonly publishing: Publishing;
}): JSX.Element | null {
  const { failure, publishing } = props;
  if (failure.code === 'git.not_connected') return <ConnectGitHub />;
  if (failure.code === 'publishing.name_taken') return <NameTaken publishing={publishing} />;
  if (failure.code === 'project.limit_reached') return <NoRoom />;
  return failure.next === undefined ? null : <p>{failure.next}</p>;
}

function ConnectGitHub(): JSX.Element {
  return (
    <>
      <p>
        Somebody who can sign in to the Cloudflare account connects it once, for all sites together:
      </p>
      <ol>
        <li>
          In the Cloudflare dashboard, open <b>Workers &amp; Pages</b>. There choose <b>Create</b>,
          then <b>Pages</b>, then <b>Connect to Git</b>.
        </li>
        <li>
          Install the <b>Cloudflare Pages</b> GitHub App and select the repository of the sites.
        </li>
        <li>
          Come back here and choose <b>Try again</b>.
        </li>
      </ol>
      <p>
        <a href="/help/connect-github">All steps, and how to tell that it worked</a>
      </p>
    </>
  );
}

const NoRoom = (): JSX.Element => (
  <p>
    Somebody who can sign in to the Cloudflare account deletes projects that nobody needs, or asks
    Cloudflare to raise the limit. Then choose <b>Try again</b>.
  </p>
);

function NameTaken({ publishing }: { publishing: Publishing }): JSX.Element {
  const { dashboardUrl, projectName } = publishing;
  const project = projectName === undefined ? 'that project' : <b>{projectName}</b>;
  const dashboard = 'the Cloudflare dashboard';
  return (
    <>
      <p>There are two ways on:</p>
      <ul>
        <li>
          If nobody needs {project}, delete it in{' '}
          {dashboardUrl === undefined ? dashboard : <Out href={dashboardUrl}>{dashboard}</Out>},
          then choose <b>Try again</b>.
        </li>
        <li>
          If it is your site already, <ToOwnHook>paste its deploy hook URL below</ToOwnHook>.
        </li>
      </ul>
    </>
  );
}
