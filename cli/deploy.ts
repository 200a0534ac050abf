// `deploy`, `rollback`, `status`, `logs`.
import type { Deployment, Operation, Platform, Status } from '../bindings/generated/api.ts';
import {
  argument,
  type Command,
  type Context,
  platformIdOf,
  posting,
  type Result,
  timeoutOf,
  waiting,
} from './command.ts';
import { Interrupted, usageError } from './errors.ts';
import { type End, failed, follow } from './follow.ts';
import { operationResult } from './operation.ts';
import { environmentsOf, platformText, stepOf } from './platform.ts';
import { publicationResult } from './publication.ts';
import { fields, table } from './talk.ts';

const site = '/api/v1/platforms/{platformId}/environments/{environment}';

function siteOf(context: Context): { platformId: string; environment: string } {
  const [environment, ...others] = environmentsOf(context);
  if (environment === undefined || others.length > 0) {
    throw usageError('One environment is needed', 'Add --env dev, --env stg or --env prod.');
  }
  return { platformId: platformIdOf(context), environment };
}

const deploy: Command = {
  name: 'deploy',
  takes: ['platformId'],
  summary: 'deploy the newest configuration to an environment; also the way out of a block',
  options: ['env', 'reason', ...posting, ...waiting],
  examples: ['deploy acme --env prod', 'deploy acme --env prod --wait --timeout 30m --json'],
  async run(context) {
    const { reason } = context.values;
    const { body } = await context.api.call({
      method: 'POST',
      path: `${site}/deployments`,
      params: siteOf(context),
      body: reason === undefined ? {} : { reason },
    });
    return await operationResult(context, body as Operation);
  },
};

const rollback: Command = {
  name: 'rollback',
  takes: ['platformId'],
  summary: 'serve again what was live before, and stay there until the next deploy',
  options: ['env', 'to', 'reason', ...posting, ...waiting],
  examples: [
    'rollback acme --env prod --reason "checkout broken"',
    'rollback acme --env prod --to dep_01K...',
  ],
  async run(context) {
    const { reason, to } = context.values;
    const { body } = await context.api.call({
      method: 'POST',
      path: `${site}/rollback`,
      params: siteOf(context),
      body: {
        ...(to === undefined ? {} : { deploymentId: to }),
        ...(reason === undefined ? {} : { reason }),
      },
    });
    return await operationResult(context, body as Operation);
  },
};

const status: Command = {
  name: 'status',
  takes: ['platformId?'],
  summary: 'how a platform is doing, or the instance',
  details:
    'With --watch a platform is followed until nothing of it is under way; the instance is\n' +
    'looked at every five seconds until Ctrl-C. The instance needs the scope admin.',
  options: ['watch', 'timeout'],
  examples: ['status', 'status acme', 'status acme --watch', 'status acme --watch --json=stream'],
  async run(context) {
    const { given, values } = context;
    if (given.platformId !== undefined) return await platformStatus(context);
    return values.watch === true ? await watchInstance(context) : await instanceStatus(context);
  },
};

async function platformStatus(context: Context): Promise<Result> {
  const platformId = platformIdOf(context);
  const params = { platformId };
  const call = { method: 'GET', path: '/api/v1/platforms/{platformId}', params } as const;
  if (context.values.watch !== true) {
    const { body } = await context.api.call(call);
    return { data: body, text: platformText(context, body as Platform) };
  }
  const { state, trouble, told } = await follow<Platform>(context, {
    call,
    end: restOf,
    lines: ({ sites }) =>
      sites.map((each) => {
        const why = each.waiting === undefined ? '' : `, waits: ${each.waiting.detail}`;
        return `${each.environment.padEnd(5)} ${stepOf(each)}${why}`;
      }),
    later: `slipway status ${platformId} --watch`,
  });
  const result = { data: state, text: platformText(context, state), told };
  return trouble === undefined ? result : { ...result, trouble };
}

// Nothing is under way; what rests with a failure is told.
function restOf(platform: Platform): End | undefined {
  const { sites, platformId } = platform;
  const busy = sites.some(
    ({ state, active, waiting: waits, removal, blocked, paused, upToDate, last, pin }) => {
      if (blocked !== undefined) return false;
      if (state === 'creating' || active !== undefined || waits !== undefined) return true;
      if (state === 'deleting' || removal !== undefined) return state !== 'deleted';
      const wished = state === 'ready' && !upToDate && paused === undefined && pin === undefined;
      return wished && last?.failure === undefined;
    },
  );
  if (busy) return undefined;
  const bad = sites.find(({ blocked, upToDate, last }) => {
    return blocked !== undefined || (!upToDate && last?.failure !== undefined);
  });
  if (bad === undefined) return {};
  return {
    trouble: failed(`${platformId}/${bad.environment}`, bad.blocked ?? bad.last?.failure),
  };
}

async function instanceStatus(context: Context): Promise<Result> {
  const { body } = await context.api.call({ method: 'GET', path: '/api/v1/status' });
  return { data: body, text: instanceText(context, body as Status) };
}

const look_every_ms = 5000;

async function watchInstance(context: Context): Promise<Result> {
  const { host, talk, values } = context;
  const until_ms = host.now_ms() + timeoutOf(values);
  for (;;) {
    const result = await instanceStatus(context);
    const last = host.now_ms() + look_every_ms > until_ms;
    if (last && values.timeout !== undefined) return result;
    if (talk.json === undefined) talk.text(`${result.text}\n`);
    else talk.record(result.data);
    await host.sleep(look_every_ms);
    if (host.signal.aborted) throw new Interrupted();
  }
}

function instanceText({ talk }: Context, body: Status): string {
  const count = ({ count: n, more }: Status['overdue']): string => `${n}${more ? ' or more' : ''}`;
  const rows = body.checks.map(({ name, ok }) => [name, talk.state(ok ? 'ok' : 'failed')]);
  const figures = fields([
    ['at', body.at],
    ['last cron', body.lastCronAt ?? 'never'],
    ['promised', count(body.promised)],
    ['overdue', count(body.overdue)],
    ['dead letters', count(body.deadLetters)],
  ]);
  return `${figures}\n${table(rows)}`;
}

const logs: Command = {
  name: 'logs',
  takes: ['deployment'],
  summary: 'what happened to a deployment, with the end of its log where it failed',
  details: 'A publication (pub_...) is looked up with --org.',
  options: ['org'],
  examples: ['logs dep_01K5...', 'logs pub_01K5... --org aurora'],
  async run(context) {
    const id = argument(context, 'deployment');
    if (id.startsWith('pub_') || context.values.org !== undefined) {
      return await publicationResult(context, id);
    }
    const { body } = await context.api.call({
      method: 'GET',
      path: '/api/v1/deployments/{deploymentId}',
      params: { deploymentId: id },
    });
    return { data: body, text: deploymentText(context, body as Deployment) };
  },
};

function deploymentText({ talk }: Context, deployment: Deployment): string {
  const { failure, timeline } = deployment;
  const head = fields([
    ['deployment', deployment.deploymentId],
    ['site', `${deployment.platformId}/${deployment.environment}`],
    ['state', talk.state(deployment.state)],
    ['config', `v${deployment.configVersion}`],
    ['run', deployment.runUrl],
    ['pages', deployment.pagesDeploymentUrl],
    ['failure', failure === undefined ? undefined : `${failure.code}: ${failure.detail}`],
    ['next', failure?.next],
  ]);
  const events = (timeline ?? []).map(({ at, event }) => [at, typeOf(event)]);
  const tail = failure?.logTail === undefined ? [] : ['', table(linesOf(failure.logTail))];
  return [head, ...(events.length === 0 ? [] : ['', table(events)]), ...tail].join('\n');
}

/** A text as rows of a table of one column. */
export function linesOf(text: string): string[][] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => [line]);
}

function typeOf(event: unknown): string {
  const { type } = event as { type?: unknown };
  return typeof type === 'string' ? type : JSON.stringify(event);
}

/** The commands of this file. */
export const deploy_commands: readonly Command[] = [deploy, status, logs, rollback];
