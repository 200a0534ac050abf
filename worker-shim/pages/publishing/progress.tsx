// How far it is: the steps to a first site, and the stages of a build.
import type { JSX } from 'preact';
import type { Publication, Publishing, Step } from '../api_types.ts';
import { Icon, Spinner } from '../ui.tsx';
import { isRunning, sentence, stage_words, stageOf, step_states, step_words } from '../words.ts';

/** The four steps; `asked` while the request that begins them is on its way. */
export function StepList(props: { publishing: Publishing; asked: boolean }): JSX.Element {
  const { publishing, asked } = props;
  const idle = publishing.steps.every((step) => step.state === 'pending');
  const steps = publishing.steps.map((step, index) =>
    asked && idle && index === 0 ? { ...step, state: 'active' as const } : step,
  );
  return (
    <ol class="steps">
      {steps.map((step) => (
        <StepRow key={step.name} step={step} publishing={publishing} />
      ))}
    </ol>
  );
}

function StepRow(props: { step: Step; publishing: Publishing }): JSX.Element {
  const { step, publishing } = props;
  const { publication } = publishing;
  const building = step.name === 'build' && step.state !== 'pending' && publication !== undefined;
  return (
    <li class={`step ${step.state}`} aria-current={step.state === 'active' ? 'step' : undefined}>
      <StepMark state={step.state} />
      <span class="step-name">{step_words[step.name]}</span>
      <span class="step-state" key={step.state}>
        {step_states[step.state]}
      </span>
      <span class="step-note">
        {building ? <Stages publication={publication} /> : noteOf(step, publishing)}
      </span>
    </li>
  );
}

function StepMark({ state }: { state: Step['state'] }): JSX.Element {
  return (
    <span class="mark">
      {state === 'done' && <Icon name="check" />}
      {state === 'failed' && <Icon name="cross" />}
      {state === 'active' && <Spinner />}
    </span>
  );
}

function noteOf({ name, state }: Step, { projectName, projectUrl }: Publishing): string {
  if (name === 'project') return (state === 'pending' ? undefined : projectName) ?? '';
  if (name === 'hook') return 'Kept encrypted; it starts every build.';
  if (name === 'build') return 'This takes a few minutes.';
  return state === 'done' ? (projectUrl ?? '').replace(/^https?:\/\//, '') : '';
}

/** The stages of a build as a short bar, and the present one in words. */
export function Stages({ publication }: { publication: Publication }): JSX.Element {
  const { stages, state } = publication;
  const words =
    stageOf(publication) ?? (isRunning(publication) ? publication.label : endWords[state]);
  return (
    <span class="stages">
      <span class="bar" aria-hidden="true">
        {stages.map(({ name, status }) => (
          <span key={name} class={status} title={stage_words[name]} />
        ))}
      </span>
      <span class="stage-words">{sentence(words ?? publication.label)}</span>
    </span>
  );
}

const endWords: Partial<Record<Publication['state'], string>> = {
  live: 'Built, and online',
  failed: 'Did not end well',
};
