// What was published: newest first, with what became of it.
import type { JSX } from 'preact';
import type { Publication, Publishing } from '../api_types.ts';
import { Badge, Button, Card, Out, TroubleNotice } from '../ui.tsx';
import { sentence, toneOf } from '../words.ts';
import type { Model, State } from './model.ts';
import { By, LogTail, not_followed } from './site_card.tsx';
import { WayOut } from './ways_out.tsx';

/** The recent deployments. */
export function HistoryCard(props: {
  readonly model: Model;
  readonly state: State;
  readonly publishing: Publishing;
}): JSX.Element {
  const { model, state, publishing } = props;
  const { publications, nextCursor, busy, troubles } = state;
  return (
    <Card id="history" title="Recent deployments">
      <ol class="history">
        {publications.length === 0 && <li class="history-none">Nothing was published yet.</li>}
        {publications.map((one) => (
          <Row key={one.publicationId} one={one} publishing={publishing} />
        ))}
      </ol>
      {troubles.history !== undefined && <TroubleNotice trouble={troubles.history} />}
      {nextCursor !== undefined && (
        <p class="more">
          <Button kind="quiet" busy={busy === 'more'} onClick={() => void model.more()}>
            Show older ones
          </Button>
        </p>
      )}
    </Card>
  );
}

function Row({ one, publishing }: { one: Publication; publishing: Publishing }): JSX.Element {
  const { failure } = one;
  return (
    <li>
      <div class="history-row">
        <Badge tone={toneOf(one)}>{sentence(one.label)}</Badge>
        <span class="history-by">
          <By one={one} />
        </span>
        <span class="history-link">
          {one.pagesDeploymentUrl !== undefined && (
            <Out href={one.pagesDeploymentUrl}>
              Open<span class="hidden"> this deployment</span>
            </Out>
          )}
        </span>
      </div>
      {one.state === 'triggered' && <p class="history-why">{not_followed}</p>}
      {failure !== undefined && (
        <details class="history-why">
          <summary>Why it failed</summary>
          {failure.detail !== undefined && <p>{failure.detail}</p>}
          <WayOut failure={failure} publishing={publishing} />
          {failure.logTail !== undefined && <LogTail text={failure.logTail} />}
        </details>
      )}
    </li>
  );
}
