// `org provision|publish|status|set-hook|remove-hook|rotate|reveal|history`: publishing.

import type { Provisioned, Publication, Publishing } from '../bindings/generated/api.ts';
import type { Api, Call } from './api.ts';
import {
  type Command,
  type Context,
  callConfirmed,
  listing,
  listResult,
  posting,
  type Result,
  readInput,
  readList,
  slugOf,
  waiting,
  waits,
} from './command.ts';
import { CliError, type Trouble, usageError } from './errors.ts';
import { type End, failed, follow } from './follow.ts';
import {
  endOfPublication,
  followPublication,
  publicationLines,
  publicationText,
  publishing_path,
  publishingText,
} from './publication.ts';
import { fields, safe, table } from './talk.ts';

// How long a project that is set up may take to begin its first build.
const first_build_ms = 60_000;

// An answer to Slipway was lost: it finds out what was done.
const goes_on = 'goes on by itself';

// An answer that takes several calls of Cloudflare.
const several_calls_ms = 90_000;

const paramsOf = (context: Context) => ({ slug: slugOf(context) });

const provision: Command = {
  name: 'org provision',
  takes: ['slug'],
  summary: "make an organisation's Pages project and deploy hook, and see the first build live",
  details:
    'It goes on from wherever an earlier try has stopped; what is there already is kept. The\n' +
    'deploy hook URL is a secret: it is printed with --show-hook alone, and only by the call\n' +
    'that has made it; later `org reveal` prints it.',
  options: ['show-hook', ...posting, ...waiting],
  examples: ['org provision aurora', 'org provision aurora --no-wait --json'],
  async run(context) {
    const { api, talk } = context;
    const params = paramsOf(context);
    const path = `${publishing_path}/auto-provision`;
    const { deployHookUrl, ...provisioned } = await provisionedBy(api, params, {
      method: 'POST',
      path,
      params,
      patience_ms: several_calls_ms,
    });
    const hook = shownHook(context, deployHookUrl);
    const { state: reached } = provisioned.publishing;
    talk.progress(`${provisioned.projectName}: ${reached === 'ready' ? 'set up' : goes_on}`);
    const later = `slipway org status ${params.slug} --watch`;
    const shown = (publishing: Publishing, trouble?: Trouble): Result => ({
      data: { ...provisioned, ...hook, publishing },
      text: provisionedText(context, publishing, hook.deployHookUrl),
      ...(trouble === undefined ? {} : { trouble }),
    });
    if (!waits(context)) {
      talk.note(`follow it: ${later}`);
      return shown(provisioned.publishing);
    }
    // The states are told while they come; with --json=stream the last line has the hook.
    const { state, trouble } = await follow<Publishing>(context, {
      call: { method: 'GET', path: publishing_path, params },
      end: endOfProvision,
      lines: publishingLines,
      later,
    });
    return shown(state, trouble);
  },
};

// The answer that held the hook can be lost, and is not kept: then the work was done all the same.
async function provisionedBy(
  api: Api,
  params: { readonly slug: string },
  call: Call,
): Promise<Provisioned> {
  try {
    return (await api.call(call)).body as Provisioned;
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    if (error.trouble.code !== 'idempotency.not_replayable') throw error;
    const { body } = await api.call({ method: 'GET', path: publishing_path, params });
    const publishing = body as Publishing;
    return { projectName: publishing.projectName ?? params.slug, publishing };
  }
}

// The secret, where it was asked for and the answer holds it.
function shownHook({ values, talk }: Context, deployHookUrl: string | undefined): Shown {
  if (values['show-hook'] !== true) return {};
  if (deployHookUrl !== undefined) return { deployHookUrl };
  talk.note('this call has made no new hook: `org reveal` prints the one in use');
  return {};
}

interface Shown {
  readonly deployHookUrl?: string;
}

function provisionedText(context: Context, publishing: Publishing, hook?: string): string {
  const shown = hook === undefined ? '' : `\n${fields([['deploy hook', hook]])}`;
  return `${publishingText(context, publishing)}${shown}`;
}

// The first build is live, or something rests.
function endOfProvision(publishing: Publishing, waited_ms: number): End | undefined {
  const { state, failure, publication, slug } = publishing;
  if (state === 'blocked') return { trouble: failed(`publishing of ${slug}`, failure) };
  if (state !== 'ready') return undefined;
  if (publication !== undefined) return endOfPublication(publication);
  return waited_ms > first_build_ms ? {} : undefined;
}

function publishingLines({ state, steps, waiting: why, publication }: Publishing): string[] {
  const active = steps.filter((step) => step.state === 'active' || step.state === 'failed');
  return [
    ...(why === undefined ? [] : [`waits: ${why.detail}`]),
    ...(active.length === 0 ? [state] : active.map((step) => `${step.name}: ${step.state}`)),
    ...(publication === undefined ? [] : publicationLines(publication)),
  ];
}

const publish: Command = {
  name: 'org publish',
  takes: ['slug'],
  summary: 'build and publish the site again',
  details: 'While a build is under way, one more follows it.',
  options: [...posting, ...waiting],
  examples: ['org publish aurora', 'org publish aurora --wait --timeout 10m --json'],
  async run(context) {
    const params = paramsOf(context);
    const path = `${publishing_path}/publish`;
    const { body } = await context.api.call({ method: 'POST', path, params });
    const publication = body as Publication;
    if (publication.again === true) {
      context.talk.note('a build is under way: this is it, and one more follows');
    }
    if (!waits(context)) {
      context.talk.note(`follow it: slipway org status ${params.slug} --watch`);
      return { data: publication, text: publicationText(context, publication) };
    }
    const { publicationId } = publication;
    const { state, trouble, told } = await followPublication(context, { ...params, publicationId });
    const result = { data: state, text: publicationText(context, state), told };
    return trouble === undefined ? result : { ...result, trouble };
  },
};

const status: Command = {
  name: 'org status',
  takes: ['slug'],
  summary: 'how publishing is set up, and what it does',
  details: 'With --watch it is followed until nothing is under way.',
  options: ['watch', 'timeout'],
  examples: ['org status aurora', 'org status aurora --watch'],
  async run(context) {
    const call = { method: 'GET', path: publishing_path, params: paramsOf(context) } as const;
    if (context.values.watch !== true) {
      const { body } = await context.api.call(call);
      return { data: body, text: publishingText(context, body as Publishing) };
    }
    const { state, trouble, told } = await follow<Publishing>(context, {
      call,
      end: restOf,
      lines: publishingLines,
      later: `slipway org status ${slugOf(context)} --watch`,
    });
    const result = { data: state, text: publishingText(context, state), told };
    return trouble === undefined ? result : { ...result, trouble };
  },
};

function restOf(publishing: Publishing): End | undefined {
  const { state, publication, failure, slug } = publishing;
  if (state === 'blocked') return { trouble: failed(`publishing of ${slug}`, failure) };
  if (state === 'creating' || state === 'connecting') return undefined;
  return publication === undefined ? {} : endOfPublication(publication);
}

const history: Command = {
  name: 'org history',
  takes: ['slug'],
  summary: 'the publications of an organisation, newest first',
  options: [...listing],
  examples: ['org history aurora --limit 5'],
  async run(context) {
    const path = `${publishing_path}/publications`;
    const call = { method: 'GET', path, params: paramsOf(context) } as const;
    const found = await readList<Publication>(context, call);
    const rows = found.items.map((each) => [
      each.publicationId,
      context.talk.state(each.state),
      each.createdAt,
      each.by,
      each.label,
    ]);
    const text = table([['Publication', 'State', 'At', 'By', 'What'], ...rows]);
    return listResult(context, found, text);
  },
};

const setHook: Command = {
  name: 'org set-hook',
  takes: ['slug'],
  summary: 'publish through a deploy hook that was made by hand; it counts first while it is set',
  details:
    'The URL is a secret, so that it is no argument: it is asked for on a terminal (not shown),\n' +
    'or read from --hook-file.',
  options: ['hook-file', 'project', 'dry-run'],
  examples: ['org set-hook aurora', 'org set-hook aurora --hook-file - < hook.txt'],
  async run(context) {
    const { values, api } = context;
    const params = paramsOf(context);
    const deployHookUrl = await hookOf(context);
    const { body } = await api.call({
      method: 'PUT',
      path: publishing_path,
      params,
      body: {
        deployHookUrl,
        ...(values.project === undefined ? {} : { projectName: values.project }),
      },
      secret: ['deployHookUrl'],
    });
    return { data: body, text: publishingText(context, body as Publishing) };
  },
};

async function hookOf(context: Context): Promise<string> {
  const { host, values } = context;
  const file = values['hook-file'];
  if (file !== undefined) return (await readInput(context, file)).trim();
  if (!host.interactive) {
    throw usageError('The hook URL is needed', 'Add --hook-file FILE, or --hook-file - for stdin.');
  }
  return (await host.ask('Deploy hook URL (not shown): ', true)).trim();
}

const removeHook: Command = {
  name: 'org remove-hook',
  takes: ['slug'],
  summary: 'forget the hook that was set by hand; the provisioned one counts again',
  options: ['yes', 'dry-run'],
  examples: ['org remove-hook aurora --yes'],
  async run(context) {
    const call = { method: 'DELETE', path: publishing_path, params: paramsOf(context) } as const;
    const what = `This forgets the pasted deploy hook of ${slugOf(context)}`;
    const { body } = await callConfirmed(context, what, call);
    return { data: body, text: publishingText(context, body as Publishing) };
  },
};

const rotate: Command = {
  name: 'org rotate',
  takes: ['slug'],
  summary: 'make a new deploy hook in the place of the stored one',
  details: 'Whatever used the old URL has to be given the new one: --show-hook prints it.',
  options: ['yes', 'show-hook', ...posting],
  examples: ['org rotate aurora --yes', 'org rotate aurora --yes --show-hook --json'],
  async run(context) {
    const params = paramsOf(context);
    const path = `${publishing_path}/rotate`;
    const call = { method: 'POST', path, params, patience_ms: several_calls_ms } as const;
    const what = `This makes a new deploy hook for ${params.slug}; the old one ends`;
    const { body } = await callConfirmed(context, what, call);
    const { deployHookUrl, publishing } = body as Provisioned;
    const hook = shownHook(context, deployHookUrl);
    return {
      data: { ...hook, publishing },
      text: provisionedText(context, publishing, hook.deployHookUrl),
    };
  },
};

const reveal: Command = {
  name: 'org reveal',
  takes: ['slug'],
  summary: 'print the deploy hook URL in full; that stands in the audit trail',
  options: ['idempotency-key', 'dry-run'],
  examples: ['org reveal aurora', 'org reveal aurora --json'],
  async run(context) {
    const path = `${publishing_path}/reveal`;
    const { body } = await context.api.call({ method: 'POST', path, params: paramsOf(context) });
    const { deployHookUrl } = body as { deployHookUrl: string };
    return { data: { deployHookUrl }, text: safe(deployHookUrl) };
  },
};

/** The commands of this file. */
export const org_commands: readonly Command[] = [
  provision,
  publish,
  status,
  history,
  setHook,
  removeHook,
  rotate,
  reveal,
];
