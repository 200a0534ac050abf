// The site: not there yet, on its way, stopped, or there, and what can be done about it.
import type { ComponentChildren, JSX } from 'preact';
import type { Publication, Publishing } from '../api_types.ts';
import { Ago, Badge, Button, Card, CopyButton, clockTime, Icon, Notice, Out } from '../ui.tsx';
import { isRunning, isSettingUp, mayChange, person, sentence, toneOf } from '../words.ts';
import type { Model, State } from './model.ts';
import { Stages, StepList } from './progress.tsx';
import { Stopped, ToOwnHook, WayOut } from './ways_out.tsx';

interface Shown {
  readonly model: Model;
  readonly state: State;
  readonly publishing: Publishing;
}

/** The first card of the page. */
export function SiteCard({ model, state, publishing }: Shown): JSX.Element {
  const asked = state.busy === 'provision';
  return (
    <Card
      id="site"
      title="Your site"
      aside={<SiteBadge publishing={publishing} asked={asked} />}
      hint={hintOf(publishing, asked)}
      actions={<Actions model={model} state={state} publishing={publishing} />}
    >
      <div class="site">
        <Body model={model} state={state} publishing={publishing} />
      </div>
      <Notices model={model} state={state} publishing={publishing} />
    </Card>
  );
}

const isThere = ({ state, hook }: Publishing): boolean => state === 'ready' || hook !== undefined;

function SiteBadge(props: { publishing: Publishing; asked: boolean }): JSX.Element {
  const { publishing, asked } = props;
  const { publication, state } = publishing;
  if (asked || isSettingUp(publishing)) return <Badge tone="busy">Setting up</Badge>;
  if (publication !== undefined && isThere(publishing)) {
    return <Badge tone={toneOf(publication)}>{sentence(publication.label)}</Badge>;
  }
  if (state === 'blocked') return <Badge tone="bad">Stopped</Badge>;
  return <Badge tone="plain">{isThere(publishing) ? 'Ready to publish' : 'Not set up'}</Badge>;
}

function Body({ model, state, publishing }: Shown): JSX.Element {
  const asked = state.busy === 'provision';
  if (asked || isSettingUp(publishing)) return <StepList publishing={publishing} asked={asked} />;
  if (publishing.state === 'blocked' && publishing.hook === undefined) {
    return <StepList publishing={publishing} asked={false} />;
  }
  if (isThere(publishing)) return <Facts model={model} publishing={publishing} />;
  if (!mayChange(publishing)) return <Empty title="This site is not online yet" />;
  if (!publishing.canProvision) {
    return (
      <Empty title="Auto-provisioning is not set up on this instance">
        <p>
          The people who run this service have to allow it first. Until then you can{' '}
          <ToOwnHook>paste the deploy hook of a project</ToOwnHook> that you made yourself.
        </p>
      </Empty>
    );
  }
  return (
    <Empty title="Put your site online with one click">
      <p>
        This creates a Cloudflare Pages project for {publishing.name}, connects it to its source and
        builds it for the first time.
      </p>
      <Button kind="primary" onClick={() => start(model)} off={state.busy !== undefined}>
        {state.troubles.site === undefined ? 'Auto-provision now' : 'Try again'}
      </Button>
    </Empty>
  );
}

// The button that was pressed goes away: the heading of what comes takes the focus.
function start(model: Model): void {
  document.getElementById('site')?.focus({ preventScroll: true });
  void model.provision();
}

function Empty(props: { title: string; children?: ComponentChildren }): JSX.Element {
  return (
    <div class="empty">
      <svg class="globe" viewBox="0 0 40 40" aria-hidden="true">
        <circle cx="20" cy="20" r="15" />
        <path d="M5 20h30M20 5c5 4 7 9 7 15s-2 11-7 15c-5-4-7-9-7-15s2-11 7-15z" />
      </svg>
      <h3>{props.title}</h3>
      {props.children}
    </div>
  );
}

function Facts({ model, publishing }: { model: Model; publishing: Publishing }): JSX.Element {
  const { publication, projectName, dashboardUrl, hook } = publishing;
  const name = hook?.source === 'manual' ? hook.projectName : projectName;
  return (
    <dl class="facts">
      <Fact term="Address">
        <Address model={model} publishing={publishing} />
      </Fact>
      <Fact term="Build">
        {publication === undefined && <span class="quiet">Nothing was published yet</span>}
        {publication !== undefined && publication.stages.length > 0 && (
          <Stages publication={publication} />
        )}
        {publication !== undefined &&
          publication.stages.length === 0 &&
          sentence(publication.label)}
      </Fact>
      <Fact term={publication?.state === 'live' ? 'Published' : 'Last publication'}>
        {publication === undefined ? <span class="quiet">Never</span> : <By one={publication} />}
      </Fact>
      <Fact term="Project">
        <span class="cut">{name ?? <span class="quiet">Not known</span>}</span>
        {dashboardUrl !== undefined && <Out href={dashboardUrl}>Cloudflare dashboard</Out>}
      </Fact>
    </dl>
  );
}

function Fact(props: { term: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class="fact">
      <dt>{props.term}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

function Address({ model, publishing }: { model: Model; publishing: Publishing }): JSX.Element {
  const { projectUrl } = publishing;
  if (projectUrl === undefined) {
    return (
      <span class="quiet">Not known: a deploy hook does not tell the address of its site</span>
    );
  }
  return (
    <>
      <a class="address" href={projectUrl} target="_blank" rel="noreferrer noopener">
        <span class="cut">{projectUrl.replace(/^https?:\/\//, '').replace(/\/$/, '')}</span>
        <Icon name="out" />
        <span class="hidden"> (opens in a new tab)</span>
      </a>
      <CopyButton what="the address" text={projectUrl} say={(text) => model.say(text)} />
    </>
  );
}

/** When, and by whom. */
export function By({ one }: { one: Publication }): JSX.Element {
  return (
    <span>
      <Ago at={one.createdAt} /> <span class="quiet">by {person(one.by)}</span>
    </span>
  );
}

function Notices({ model, state, publishing }: Shown): JSX.Element | null {
  const { waiting, publication, failure } = publishing;
  const trouble = state.troubles.site;
  if (state.busy === 'provision') return null;
  if (trouble !== undefined) {
    const { code = '', title, detail, next, requestId } = trouble;
    const failure = { code, ...(detail && { detail }), ...(next && { next }) };
    return <Stopped {...{ failure, publishing, title, requestId }} alert />;
  }
  if (publishing.state === 'blocked' && failure !== undefined) {
    return <Stopped {...{ failure, publishing }} />;
  }
  if (waiting !== undefined) {
    return (
      <Notice tone="info" title={waiting.detail ?? 'It waits'}>
        <p>
          It goes on by itself
          {waiting.until === undefined ? '' : ` at about ${clockTime(waiting.until)}`}.
        </p>
      </Notice>
    );
  }
  if (publication?.state === 'failed')
    return <Failed publication={publication} {...{ publishing, model }} />;
  if (publication?.state === 'triggered') return <NotFollowed />;
  return null;
}

function Failed(props: { publication: Publication; publishing: Publishing }): JSX.Element {
  const { failure } = props.publication;
  return (
    <Notice tone="bad" title="The last publication failed">
      {failure?.detail !== undefined && <p>{failure.detail}</p>}
      {failure !== undefined && <WayOut failure={failure} publishing={props.publishing} />}
      {props.publishing.projectUrl !== undefined && (
        <p class="small">What was online before stays online.</p>
      )}
      {failure?.logTail !== undefined && <LogTail text={failure.logTail} />}
    </Notice>
  );
}

/** The end of a build's log, when it is asked for. */
export function LogTail({ text }: { text: string }): JSX.Element {
  return (
    <details>
      <summary>Show the end of the build log</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls needs the focus */}
      <pre tabIndex={0}>{text}</pre>
    </details>
  );
}

/** Why there is no more to tell about a publication. */
export const not_followed =
  'The deploy hook started a build in a project that this service cannot read, so it cannot tell ' +
  'how the build ends.';

const NotFollowed = (): JSX.Element => (
  <Notice tone="info" title="Started, but not followed">
    <p>{not_followed} The Cloudflare dashboard shows it.</p>
  </Notice>
);

function hintOf(publishing: Publishing, asked: boolean): string {
  const { publication } = publishing;
  if (!mayChange(publishing))
    return `Only an admin of ${publishing.name} can publish or change this.`;
  if (asked || isSettingUp(publishing)) {
    return 'The first build takes a few minutes. You can close this page: it goes on by itself.';
  }
  if (publishing.state === 'blocked' && publishing.hook === undefined) {
    return 'What was done already is kept. Nothing is created twice.';
  }
  if (!isThere(publishing) && !publishing.canProvision)
    return 'Your own deploy hook works as well.';
  if (!isThere(publishing)) return 'It takes a few minutes. Nothing of yours is overwritten.';
  if (!isRunning(publication)) return 'Builds the newest content and puts it online.';
  return publication.again
    ? 'One more publication follows when this one has ended.'
    : 'If you publish now, one more publication follows when this one has ended.';
}

function Actions({ model, state, publishing }: Shown): JSX.Element | undefined {
  if (!mayChange(publishing)) return undefined;
  const { busy } = state;
  const working = busy === 'provision' || isSettingUp(publishing);
  if (working || isThere(publishing)) {
    const again = isRunning(publishing.publication);
    return (
      <Button
        kind={working || again ? 'plain' : 'primary'}
        busy={busy === 'publish'}
        off={busy !== undefined || publishing.hook === undefined}
        described="site-hint"
        onClick={() => void model.publish()}
      >
        <span class="swap">
          <span class={again ? 'gone' : ''}>Publish</span>
          <span class={again ? '' : 'gone'}>Publish again</span>
        </span>
      </Button>
    );
  }
  if (publishing.state === 'blocked') {
    return (
      <Button kind="primary" off={busy !== undefined} onClick={() => start(model)}>
        Try again
      </Button>
    );
  }
  return undefined;
}
