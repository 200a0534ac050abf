// What the other routes tell of an instance that has no doctor of its own yet.
import type { Account, Batch, Status } from '../bindings/generated/api.ts';
import type { Answer, Call } from './api.ts';
import type { Context } from './command.ts';
import type { Check } from './doctor.ts';
import { CliError } from './errors.ts';

type Attempt = (context: Context, call: Call) => Promise<Answer | CliError>;

/** What was found: about the key, and about the rest. */
export interface Remembered {
  readonly key: Check;
  readonly checks: readonly Check[];
}

/** Asks the routes for figures, accounts and batches. */
export async function remembered(context: Context, attempt: Attempt): Promise<Remembered> {
  const read = (path: string, query = {}): Promise<Answer | CliError> =>
    attempt(context, { method: 'GET', path, query, once: true });
  const status = await read('/api/v1/status');
  if (status instanceof CliError) {
    const { title, status: code, next } = status.trouble;
    const detail = code === 403 ? `${title}: the scope admin is needed` : title;
    const key = { name: 'key', state: code === 403 ? 'warning' : 'failed', detail } as const;
    return { key: next === undefined ? key : { ...key, next }, checks: [] };
  }
  const accounts = await read('/api/v1/accounts');
  const batches = await read('/api/v1/batches', { limit: '10' });
  return {
    key: { name: 'key', state: 'ok', detail: 'it has the scope admin' },
    checks: [
      ...figuresOf(status.body as Status),
      ...(accounts instanceof CliError
        ? []
        : accountsOf((accounts.body as { items: readonly Account[] }).items)),
      batches instanceof CliError
        ? unknown('builder_workflow')
        : builderOf((batches.body as { items: readonly Batch[] }).items),
      unknown('publishing'),
      unknown('sealing'),
    ],
  };
}

const unknown = (name: string): Check => ({
  name,
  state: 'unknown',
  detail: 'the instance does not tell yet',
  next: 'Deploy this version of Slipway to the instance.',
});

function figuresOf({ versions, lastCronAt, overdue, deadLetters }: Status): Check[] {
  const { storageLevel, storageLevelExpected } = versions;
  const level = `migration ${storageLevel} of ${storageLevelExpected}`;
  const late = overdue.count === 0 ? 'nothing is overdue' : `${overdue.count} effects are overdue`;
  return [
    storageLevel === storageLevelExpected
      ? { name: 'storage', state: 'ok', detail: level }
      : {
          name: 'storage',
          state: 'failed',
          detail: level,
          next: 'npx wrangler d1 migrations apply DB --remote',
        },
    lastCronAt === undefined
      ? {
          name: 'cron',
          state: 'failed',
          detail: 'it has never run',
          next: 'Look at `crons` in wrangler.toml, then npx wrangler deploy',
        }
      : { name: 'cron', state: 'ok', detail: `last at ${lastCronAt}` },
    { name: 'outbox', state: overdue.count === 0 ? 'ok' : 'warning', detail: late },
    deadLetters.count === 0
      ? { name: 'dead_letters', state: 'ok', detail: 'none' }
      : {
          name: 'dead_letters',
          state: 'failed',
          detail: `${deadLetters.count} were given up`,
          next: 'GET /api/v1/dead-letters says why; POST /api/v1/dead-letters/retry tries again',
        },
  ];
}

function accountsOf(accounts: readonly Account[]): Check[] {
  if (accounts.length === 0) {
    return [
      {
        name: 'cloudflare_token',
        state: 'unknown',
        detail: 'no account is registered yet: the first platform does that',
      },
    ];
  }
  return accounts.map(({ name, credential, state, reason, sites, capacity }): Check => {
    const check = `cloudflare_token:${name}`;
    if (!credential) {
      const suffix = name === 'main' ? '' : `_${name.toUpperCase().replaceAll('-', '_')}`;
      return {
        name: check,
        state: 'failed',
        detail: 'its token is not set',
        next: `npx wrangler secret put CF_API_TOKEN${suffix} (permission Cloudflare Pages: Edit)`,
      };
    }
    if (reason !== undefined) {
      const detail = `${state}: ${reason.code}: ${reason.detail}`;
      return { name: check, state: 'failed', detail, next: reason.next };
    }
    return { name: check, state: 'ok', detail: `${state}, ${sites} of ${capacity} sites` };
  });
}

// The newest batch that has met GitHub tells whether its workflow starts.
function builderOf(batches: readonly Batch[]): Check {
  const name = 'builder_workflow';
  for (const { failure, runUrl, runEnded } of batches) {
    if (failure?.code.startsWith('dispatch.') === true) {
      return { name, state: 'failed', detail: failure.detail, next: failure.next };
    }
    if (runUrl !== undefined || runEnded !== undefined) {
      return { name, state: 'ok', detail: 'its last run was started' };
    }
  }
  return { name, state: 'unknown', detail: 'no build was started yet' };
}
