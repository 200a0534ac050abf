// Publications: how one is shown, and how one is followed to its end.

import type { Publication, Publishing } from '../bindings/generated/api.ts';
import { argument, type Context, type Result, required } from './command.ts';
import { type End, type Followed, failed, follow } from './follow.ts';
import { fields, table } from './talk.ts';

/** Below it lies everything about publishing of one organisation. */
export const publishing_path = '/api/v1/orgs/{slug}/publishing';

const one = `${publishing_path}/publications/{publicationId}`;

// Superseded: a newer build serves the site now.
const well = ['live', 'triggered', 'superseded'];
const badly = ['failed', 'cancelled'];

/** How a publication has ended; undefined while it goes on. */
export function endOfPublication(publication: Publication): End | undefined {
  const { state, failure, slug } = publication;
  if (well.includes(state)) return {};
  if (badly.includes(state)) return { trouble: failed(`the publication of ${slug}`, failure) };
  return undefined;
}

/** What is told of a publication while it is followed. */
export function publicationLines({ label, stages }: Publication): string[] {
  const running = (stages ?? []).filter(
    ({ status }) => status === 'active' || status === 'failure',
  );
  return [label, ...running.map(({ name, status }) => `  ${name}: ${status}`)];
}

/** Follows one publication; one that another took the place of has ended. */
export function followPublication(
  context: Context,
  { slug, publicationId }: { readonly slug: string; readonly publicationId: string },
): Promise<Followed<Publication>> {
  return follow<Publication>(context, {
    call: { method: 'GET', path: one, params: { slug, publicationId } },
    end: endOfPublication,
    lines: publicationLines,
    later: `slipway org status ${slug} --watch`,
  });
}

/** `logs pub_...`. */
export async function publicationResult(context: Context, publicationId: string): Promise<Result> {
  const slug = required(context, 'org');
  const params = { slug, publicationId: publicationId || argument(context, 'deployment') };
  const { body } = await context.api.call({ method: 'GET', path: one, params });
  return { data: body, text: publicationText(context, body as Publication) };
}

/** A publication for people. */
export function publicationText({ talk }: Context, publication: Publication): string {
  const { failure, stages } = publication;
  const head = fields([
    ['publication', publication.publicationId],
    ['org', publication.slug],
    ['state', `${talk.state(publication.state)} (${publication.label})`],
    ['by', `${publication.by} (${publication.via})`],
    ['at', publication.createdAt],
    ['pages', publication.pagesDeploymentUrl],
    ['checked', publication.verified],
    ['detail', publication.detail],
    ['failure', failure === undefined ? undefined : `${failure.code}: ${failure.detail}`],
    ['next', failure?.next],
  ]);
  const rows = (stages ?? []).map(({ name, status }) => [name, talk.state(status)]);
  const tail = (failure?.logTail ?? '').trimEnd();
  return [
    head,
    ...(rows.length === 0 ? [] : ['', table(rows)]),
    ...(tail === '' ? [] : ['', table(tail.split('\n').map((line) => [line]))]),
  ].join('\n');
}

function orphaned({ orphanedHooks, orphanedHookNames = [] }: Publishing): string {
  return [orphanedHooks, ...orphanedHookNames].filter((each) => each !== undefined).join('  ');
}

/** How publishing is set up, for people. */
export function publishingText({ talk }: Context, publishing: Publishing): string {
  const { hook, failure, waiting, publication, orphanedHooks } = publishing;
  const head = fields([
    ['org', `${publishing.slug} (${publishing.name})`],
    ['state', talk.state(publishing.state)],
    ['project', publishing.projectName],
    ['address', publishing.projectUrl],
    ['dashboard', publishing.dashboardUrl],
    ['hook', hook === undefined ? 'none' : `${hook.source}  ${hook.masked ?? ''}`.trimEnd()],
    ['orphaned hooks', orphanedHooks === 0 ? undefined : orphaned(publishing)],
    ['waiting', waiting === undefined ? undefined : `${waiting.detail} (until ${waiting.until})`],
    ['failure', failure === undefined ? undefined : `${failure.code}: ${failure.detail}`],
    ['next', failure?.next],
    [
      'can provision',
      publishing.canProvision ? undefined : `no: ${publishing.missing ?? 'not configured here'}`,
    ],
  ]);
  const rows = publishing.steps.map(({ name, state }) => [name, talk.state(state)]);
  const steps = rows.length === 0 ? [] : ['', table(rows)];
  const last =
    publication === undefined ? [] : ['', publicationText({ talk } as Context, publication)];
  return [head, ...steps, ...last].join('\n');
}
