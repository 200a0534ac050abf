// `config get|set|diff|history|restore`.
import type {
  Change,
  ConfigChange,
  ConfigDiff,
  ConfigVersion,
  Platform,
} from '../bindings/generated/api.ts';
import type { Call } from './api.ts';
import {
  argument,
  type Command,
  type Context,
  listing,
  listResult,
  platformIdOf,
  posting,
  type Result,
  readJson,
  readList,
  waiting,
} from './command.ts';
import { usageError } from './errors.ts';
import { operationResult } from './operation.ts';
import { fields, table } from './talk.ts';

const config = '/api/v1/platforms/{platformId}/config';
const version_path = `${config}/versions/{version}`;

async function newestOf(context: Context): Promise<string> {
  const params = { platformId: platformIdOf(context) };
  const path = '/api/v1/platforms/{platformId}';
  const { body } = await context.api.call({ method: 'GET', path, params });
  return String((body as Platform).configVersion);
}

const get: Command = {
  name: 'config get',
  takes: ['platformId'],
  summary: 'print a configuration, as `config set` takes it',
  details: 'The etag in it has `config set` refuse when someone else has changed it since.',
  options: ['version', 'source', 'env'],
  examples: [
    'config get acme > acme.json',
    'config get acme --version 3',
    'config get acme --source',
  ],
  async run(context) {
    const { values, api } = context;
    const platformId = platformIdOf(context);
    if (values.source === true) {
      const query = { version: values.version, env: values.env?.[0] };
      const call = { method: 'GET', path: config, params: { platformId }, query } as const;
      const { body } = await api.call(call);
      return { data: body, text: sourceText(body as Readonly<Record<string, string>>) };
    }
    const version = values.version ?? (await newestOf(context));
    const params = { platformId, version };
    const { body } = await api.call({ method: 'GET', path: version_path, params });
    const { etag, documents, rendered, version: number } = body as ConfigVersion;
    const data = { version: number, etag, ...(documents ?? rendered) };
    return { data, text: JSON.stringify(data, null, 2) };
  },
};

function sourceText(sources: Readonly<Record<string, string>>): string {
  const named = { featuresConfig: 'features', envConfig: 'env', authConfig: 'auth' };
  const parts = Object.entries(named).map(
    ([member, name]) => `// ${name}.config.ts\n${(sources[member] ?? '').trimEnd()}`,
  );
  return table(
    parts
      .join('\n\n')
      .split('\n')
      .map((line) => [line]),
  );
}

// A file of `config get`, its etag as If-Match.
async function writeOf(context: Context, file: string, dryRun: boolean): Promise<Call> {
  const { values } = context;
  const { etag, version: _, ...documents } = await readJson(context, file);
  const match = values['if-match'] ?? (typeof etag === 'string' ? etag : undefined);
  return {
    method: 'PUT',
    path: config,
    params: { platformId: platformIdOf(context) },
    query: { dryRun: dryRun ? 'true' : undefined },
    headers: match === undefined ? {} : { 'if-match': match },
    body: { ...documents, ...(values.reason === undefined ? {} : { reason: values.reason }) },
  };
}

function requireMatch(call: Call): void {
  if (call.headers?.['if-match'] !== undefined) return;
  throw usageError(
    'It is not said which version the file starts from',
    'Take the file from `config get`, which holds the etag, or add --if-match ("*": replace all).',
  );
}

const set: Command = {
  name: 'config set',
  takes: ['platformId'],
  summary: 'replace the configuration; every environment that differs is built again',
  options: ['file', 'if-match', 'reason', 'dry-run', ...waiting],
  examples: [
    'config set acme --file acme.json --reason "chat for everyone"',
    'config set acme --file acme.json --dry-run',
  ],
  async run(context) {
    const call = await writeOf(context, context.values.file ?? '-', false);
    // Its faults first: they would be there with any version.
    context.api.check({ ...call, headers: { 'if-match': '*', ...call.headers } });
    requireMatch(call);
    const { body } = await context.api.call(call);
    return await changeResult(context, body as ConfigChange);
  },
};

async function changeResult(context: Context, change: ConfigChange): Promise<Result> {
  const { operation, changed, dryRun, version, etag, rebuilds, changes } = change;
  const text = [
    fields([
      ['changed', changed ? 'yes' : 'no'],
      ['dry run', dryRun ? 'nothing was stored' : undefined],
      ['version', version],
      ['etag', etag],
      ['rebuilds', rebuilds.join(',')],
    ]),
    changesText(changes),
  ]
    .filter((each) => each !== '')
    .join('\n');
  if (operation === undefined || dryRun) return { data: change, text };
  const followed = await operationResult(context, operation, true);
  return {
    ...followed,
    data: { ...change, operation: followed.data },
    text: `${text}\n${followed.text}`,
  };
}

function changesText(changes: readonly Change[]): string {
  const mark = { add: '+', remove: '-', replace: '~' };
  const value = (each: unknown): string => (each === undefined ? '' : JSON.stringify(each));
  return table(
    changes.map(({ op, path, before, after }) => {
      const arrow = op === 'replace' ? ' -> ' : '';
      return [mark[op], path, `${value(before)}${arrow}${value(after)}`];
    }),
  );
}

const diff: Command = {
  name: 'config diff',
  takes: ['platformId', 'version?', 'from?'],
  summary: 'what differs between two versions, or between the newest and a file',
  options: ['file'],
  examples: ['config diff acme 4', 'config diff acme 4 1', 'config diff acme --file acme.json'],
  async run(context) {
    const { values, api, given } = context;
    if (values.file !== undefined) {
      const call = await writeOf(context, values.file, true);
      const { body } = await api.call({ ...call, headers: { 'if-match': '*' } });
      const { changes } = body as ConfigChange;
      return { data: body, items: changes, text: changesText(changes) || '(no difference)' };
    }
    const version = given.version ?? (await newestOf(context));
    const params = { platformId: platformIdOf(context), version };
    const path = `${version_path}/diff`;
    const query = { from: given.from };
    const { body } = await api.call({ method: 'GET', path, params, query });
    const { changes } = body as ConfigDiff;
    return { data: body, items: changes, text: changesText(changes) || '(no difference)' };
  },
};

const history: Command = {
  name: 'config history',
  takes: ['platformId'],
  summary: 'the versions of a configuration, newest first',
  options: [...listing],
  examples: ['config history acme', 'config history acme --all --json=stream'],
  async run(context) {
    const params = { platformId: platformIdOf(context) };
    const call = { method: 'GET', path: `${config}/versions`, params } as const;
    const found = await readList<ConfigVersion>(context, call);
    const rows = found.items.map((each) => [
      `v${each.version}`,
      each.createdAt,
      each.author,
      each.source,
      each.reason,
    ]);
    const text = table([['Version', 'At', 'By', 'Source', 'Reason'], ...rows]);
    return listResult(context, found, text);
  },
};

const restore: Command = {
  name: 'config restore',
  takes: ['platformId', 'version'],
  summary: 'make an earlier version the newest',
  options: ['if-match', 'reason', ...posting, ...waiting],
  examples: ['config restore acme 3 --reason "back to before the sale"'],
  async run(context) {
    const { values, api } = context;
    const platformId = platformIdOf(context);
    const match = values['if-match'];
    const { body } = await api.call({
      method: 'POST',
      path: `${version_path}/restore`,
      params: { platformId, version: argument(context, 'version') },
      headers: match === undefined ? {} : { 'if-match': match },
      body: values.reason === undefined ? {} : { reason: values.reason },
    });
    return await changeResult(context, body as ConfigChange);
  },
};

/** The commands of this file. */
export const config_commands: readonly Command[] = [get, set, diff, history, restore];
