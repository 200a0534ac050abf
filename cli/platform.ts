// `platform create|list|get|delete`.
import type {
  Operation,
  Platform,
  PlatformChange,
  PlatformSummary,
  Site,
} from '../bindings/generated/api.ts';
import {
  argument,
  type Command,
  type Context,
  callConfirmed,
  listing,
  listResult,
  platformIdOf,
  posting,
  type Result,
  readJson,
  readList,
  waiting,
} from './command.ts';
import { operationResult } from './operation.ts';
import { fields, table } from './talk.ts';

const one = '/api/v1/platforms/{platformId}';

/** The environments of `--env`, which may be given several times or with commas. */
export function environmentsOf({ values }: Context): string[] {
  return (values.env ?? []).flatMap((each) => each.split(',')).filter((each) => each !== '');
}

const create: Command = {
  name: 'platform create',
  takes: ['platformId'],
  summary: 'create a platform: its configuration, projects and first deployments',
  details:
    'The same call again changes nothing. --file names a JSON file with features, env, auth.',
  options: ['name', 'env', 'file', ...posting, ...waiting],
  examples: [
    'platform create acme --name "Acme Inc" --env dev,prod',
    'platform create acme --env dev --file acme.json --no-wait',
  ],
  async run(context) {
    const { values, api } = context;
    const environments = environmentsOf(context);
    const body = {
      platformId: argument(context, 'platformId'),
      ...(values.name === undefined ? {} : { name: values.name }),
      environments: environments.length === 0 ? ['dev'] : environments,
      ...(values.file === undefined ? {} : { config: await documentsOf(context, values.file) }),
    };
    const { body: started } = await api.call({ method: 'POST', path: '/api/v1/platforms', body });
    return await operationResult(context, started as Operation);
  },
};

async function documentsOf(context: Context, file: string): Promise<Record<string, unknown>> {
  const { etag: _, version: __, ...documents } = await readJson(context, file);
  return documents;
}

const list: Command = {
  name: 'platform list',
  takes: [],
  summary: 'list the platforms',
  options: ['env', 'state', 'prefix', ...listing],
  examples: ['platform list', 'platform list --env prod --state blocked --all --json=stream'],
  async run(context) {
    const { values, talk } = context;
    const query = {
      environment: environmentsOf(context)[0],
      state: values.state,
      prefix: values.prefix,
    };
    const call = { method: 'GET', path: '/api/v1/platforms', query } as const;
    const found = await readList<PlatformSummary>(context, call);
    const rows = found.items.map((each) => [
      each.platformId,
      each.name,
      talk.state(each.state),
      each.environments.join(','),
      `v${each.configVersion}`,
    ]);
    const text = table([['Platform', 'Name', 'State', 'Environments', 'Config'], ...rows]);
    return listResult(context, found, text);
  },
};

const get: Command = {
  name: 'platform get',
  takes: ['platformId'],
  summary: 'show one platform with its sites',
  options: [],
  examples: ['platform get acme', 'platform get acme --json'],
  async run(context) {
    const params = { platformId: platformIdOf(context) };
    const { body } = await context.api.call({ method: 'GET', path: one, params });
    return { data: body, text: platformText(context, body as Platform) };
  },
};

/** A platform for people. */
export function platformText({ talk }: Context, platform: Platform): string {
  const head = fields([
    ['platform', platform.platformId],
    ['name', platform.name],
    ['state', talk.state(platform.state)],
    ['suspended', platform.suspended?.reason],
    ['config', `v${platform.configVersion}`],
  ]);
  const rows = platform.sites.map((site) => [
    site.environment,
    talk.state(stepOf(site)),
    site.live === undefined ? '-' : `v${site.live.configVersion}`,
    site.url ?? '',
    site.account ?? '',
  ]);
  const why = platform.sites.flatMap(({ environment, blocked, last, active }) => {
    const failure = blocked ?? (active === undefined ? last?.failure : undefined);
    if (failure === undefined) return [];
    return [`${environment}: ${failure.code}: ${failure.detail}`, `  next: ${failure.next}`];
  });
  const sites = table([['Site', 'State', 'Serves', 'Address', 'Account'], ...rows]);
  return [head, '', sites, ...(why.length === 0 ? [] : ['', table(why.map((each) => [each]))])]
    .join('\n')
    .trimEnd();
}

/** What a site is doing, in a word. */
export function stepOf(site: Site): string {
  if (site.state !== 'ready') return site.state;
  if (site.active !== undefined) return site.active.state;
  if (site.paused !== undefined) return 'paused';
  if (site.upToDate) return 'live';
  return site.waiting?.code ?? site.last?.state ?? site.state;
}

const remove: Command = {
  name: 'platform delete',
  takes: ['platformId'],
  summary: 'take a platform down with its sites, projects and configuration',
  details: 'It cannot be called back. --dry-run says what would be removed.',
  options: ['yes', 'dry-run', ...waiting],
  examples: ['platform delete acme --dry-run', 'platform delete acme --yes --wait'],
  async run(context) {
    const platformId = platformIdOf(context);
    const call = { method: 'DELETE', path: one, params: { platformId } } as const;
    const what = `This takes the platform ${platformId} down with everything it serves`;
    const { body } = await callConfirmed(context, what, call);
    return await changeResult(context, body as PlatformChange);
  },
};

async function changeResult(context: Context, change: PlatformChange): Promise<Result> {
  if (change.operation !== undefined) return await operationResult(context, change.operation);
  const rows = change.sites.flatMap(({ environment, action, projectName, steps, note }) => [
    [environment, action, projectName],
    ...(steps ?? []).map(({ step, count }) => ['', step, String(count)]),
    ...(note === undefined ? [] : [['', note, '']]),
  ]);
  const head = change.dryRun ? 'Nothing was done; it would do this:' : '';
  return { data: change, text: [head, table(rows)].filter((each) => each !== '').join('\n') };
}

/** The commands of this file. */
export const platform_commands: readonly Command[] = [create, list, get, remove];
