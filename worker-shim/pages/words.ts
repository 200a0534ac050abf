// The words for what the API names: steps, stages, states. And what is told to listeners.
import type { Failure, Publication, Publishing, Stage, Step } from './api_types.ts';

/** What each step does. */
export const step_words: Readonly<Record<Step['name'], string>> = {
  project: 'Create the Cloudflare Pages project',
  hook: 'Create its deploy hook',
  build: 'Build the site for the first time',
  served: 'Check that the site is online',
};

/** How a step stands. */
export const step_states: Readonly<Record<Step['state'], string>> = {
  pending: 'Not yet',
  active: 'In progress',
  done: 'Done',
  failed: 'Failed',
};

/** What each stage of a build does. */
export const stage_words: Readonly<Record<Stage['name'], string>> = {
  queued: 'Waiting for a builder',
  initialize: 'Preparing the builder',
  clone_repo: 'Fetching the source',
  build: 'Building',
  deploy: 'Putting it online',
};

/** How a state looks: as a thing that goes on, went well, went wrong, or neither. */
export type Tone = 'busy' | 'good' | 'bad' | 'plain';

/** The look of a publication. */
export function toneOf({ state }: Publication): Tone {
  switch (state) {
    case 'live':
      return 'good';
    case 'failed':
      return 'bad';
    case 'cancelled':
    case 'superseded':
    case 'triggered':
      return 'plain';
    default:
      return 'busy';
  }
}

/** Whether a publication has not ended. */
export const isRunning = (publication: Publication | undefined): publication is Publication =>
  publication !== undefined && toneOf(publication) === 'busy';

/** Whether something goes on that is worth following. */
export const isUnderWay = ({ state, publication }: Publishing): boolean =>
  state === 'creating' || state === 'connecting' || isRunning(publication);

/** Whether the first site is on its way: the steps are shown. */
export const isSettingUp = ({ state, steps, publication }: Publishing): boolean =>
  state === 'creating' ||
  state === 'connecting' ||
  (state === 'ready' && isRunning(publication) && steps.some((step) => step.state !== 'done'));

/** Who may change something here. */
export const mayChange = ({ role }: Publishing): boolean => role !== 'member';

/** A text as the beginning of a sentence. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The present stage in words; nothing before the build and after it. */
export function stageOf(publication: Publication): string | undefined {
  const active = publication.stages.find((stage) => stage.status === 'active');
  return active && stage_words[active.name];
}

/** What stops a set-up, in words for people who do not know the API. */
const failure_titles: Readonly<Record<string, string>> = {
  'publishing.name_taken': 'A Pages project of this name exists already, and it is not ours',
  'git.not_connected': 'GitHub is not connected to the Cloudflare account',
  'project.limit_reached': 'The Cloudflare account has no room for another Pages project',
};

/** What has stopped it. */
export function titleOf(failure: Pick<Failure, 'code' | 'detail'>, title?: string): string {
  return failure_titles[failure.code] ?? title ?? failure.detail ?? 'It could not go on';
}

/** Whether the page has words of its own for it: then the detail is what Cloudflare said. */
export const isKnown = ({ code }: Pick<Failure, 'code'>): boolean => code in failure_titles;

/** What a listener is told when it changes. */
export function summaryOf(publishing: Publishing): string {
  const { steps, publication, failure, waiting, state } = publishing;
  if (state === 'blocked') return `It stopped. ${failure ? titleOf(failure) : ''}`;
  const waits = waiting === undefined ? '' : ` ${waiting.detail ?? 'It waits.'}`;
  if (isSettingUp(publishing)) {
    const active = steps.findIndex((step) => step.state === 'active');
    const step = steps[active];
    if (step === undefined) return `Provisioning goes on.${waits}`;
    const stage = step.name === 'build' && publication ? stageOf(publication) : undefined;
    const more = stage === undefined ? '' : ` ${stage}.`;
    return `Step ${active + 1} of ${steps.length}: ${step_words[step.name]}.${more}${waits}`;
  }
  if (publication === undefined) return '';
  if (publication.state === 'live') return 'The site is live.';
  const stage = stageOf(publication);
  return `${sentence(publication.label)}.${stage === undefined ? '' : ` ${stage}.`}`;
}

/** Whoever asked for something, as people know them: a person by name, a key as what it is. */
export function person(author: string): string {
  const user = /^user:(.+)$/.exec(author)?.[1];
  if (user !== undefined) return user;
  return author === 'admin' || author.startsWith('tok_') ? 'an operator' : author;
}
