// `doctor`: what is missing for an instance to work, and how to mend it.
import type { Answer, Call } from './api.ts';
import type { Command, Context, Result } from './command.ts';
import { remembered } from './doctor_fallback.ts';
import { CliError, exits } from './errors.ts';
import { safe, table } from './talk.ts';

/** One thing that was looked at. */
export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'failed' | 'unknown';
  readonly detail: string;
  /** The step that mends it. */
  readonly next?: string;
}

const doctor: Command = {
  name: 'doctor',
  takes: [],
  summary: 'find what is missing on an instance, and say how to mend it',
  details:
    'It looks at the address, the key, the storage, the cron, the queue, Cloudflare, GitHub,\n' +
    'the builder and publishing. It changes nothing. Exit 1 when something failed.',
  options: [],
  examples: ['doctor', 'doctor --url https://slipway.example.workers.dev --json'],
  async run(context) {
    const { url } = await context.api.target();
    const checks = await examine(context, url);
    const failed = checks.filter(({ state }) => state === 'failed').length;
    const data = { ok: failed === 0, url, checks };
    const result: Result = { data, items: checks, text: checksText(context, checks) };
    return failed === 0 ? result : { ...result, exit: exits.failure };
  },
};

async function examine(context: Context, url: string): Promise<readonly Check[]> {
  const address = await reach(context, url);
  if (address.state === 'failed') return [address];
  const told = await askDoctor(context);
  const ready = await readiness(context, told.checks.length > 0);
  return [address, told.key, ...ready, ...told.checks, await signIn(context)];
}

async function reach(context: Context, url: string): Promise<Check> {
  const call = { method: 'GET', path: '/healthz', open: true, once: true } as const;
  const answer = await attempt(context, call);
  if (answer instanceof CliError) {
    const { title, detail, next } = answer.trouble;
    const why = detail === undefined || detail === '' ? title : `${title}: ${detail}`;
    return check('address', 'failed', why, next);
  }
  return check('address', 'ok', `${url} answers`);
}

interface Told {
  readonly key: Check;
  readonly checks: readonly Check[];
}

async function askDoctor(context: Context): Promise<Told> {
  const answer = await attempt(context, { method: 'GET', path: '/api/v1/doctor', once: true });
  if (!(answer instanceof CliError)) {
    const { checks } = answer.body as { checks: readonly Check[] };
    return { key: check('key', 'ok', 'it has the scope admin'), checks };
  }
  const { code, status, title, next } = answer.trouble;
  if (status === undefined && code === 'auth.missing') {
    return { key: check('key', 'failed', 'no key is given', next), checks: [] };
  }
  if (status === 401) {
    const mend = 'Set SLIPWAY_TOKEN to a token that counts; POST /api/v1/tokens makes one.';
    return { key: check('key', 'failed', title, mend), checks: [] };
  }
  if (status === 403) return { key: await scopesOf(context), checks: [] };
  if (status === 404) return await remembered(context, attempt);
  return { key: check('key', 'unknown', title, next), checks: [] };
}

// What a key without the scope admin may do, found by asking for one entry of each kind.
async function scopesOf(context: Context): Promise<Check> {
  const query = { limit: '1' };
  const probes = [
    ['platforms:read', '/api/v1/platforms'],
    ['publishing', '/api/v1/orgs'],
  ] as const;
  const held: string[] = [];
  for (const [scope, path] of probes) {
    const answer = await attempt(context, { method: 'GET', path, query, once: true });
    if (!(answer instanceof CliError)) held.push(scope);
  }
  const may = held.length === 0 ? 'none of platforms:read, publishing' : held.join(', ');
  return check(
    'key',
    'warning',
    `it counts, without the scope admin (it has ${may}): most cannot be looked at`,
    'Run doctor with the admin key, or a token with the scope admin.',
  );
}

const mends: Readonly<Record<string, string>> = {
  storage: 'npx wrangler d1 migrations apply DB --remote; or deploy the newer version again',
  configuration: 'Fill in the empty variables of wrangler.toml, then npx wrangler deploy',
  github: 'npx wrangler secret put GITHUB_TOKEN, or set up the GitHub App (docs/operations.md)',
  cloudflare: 'npx wrangler secret put CF_API_TOKEN (permission Cloudflare Pages: Edit)',
  cron: "Look at the Worker's cron events, then npx wrangler deploy",
  effects: 'Look at the queue slipway-effects, and at the log for effect_failed',
  dead_letters: 'GET /api/v1/dead-letters says why; POST /api/v1/dead-letters/retry tries again',
};

// What anyone may know; where the doctor has told more, only what it leaves out.
async function readiness(context: Context, told: boolean): Promise<readonly Check[]> {
  const call = { method: 'GET', path: '/readyz', open: true, once: true, allow: [503] } as const;
  const answer = await attempt(context, call);
  if (answer instanceof CliError) {
    const { title, next } = answer.trouble;
    return [check('ready', 'failed', title, next)];
  }
  const { ready, checks } = answer.body as {
    ready: boolean;
    checks: readonly { name: string; ok: boolean }[];
  };
  if (told) {
    const broken = checks.filter(({ ok }) => !ok).map(({ name }) => name);
    const detail = ready ? 'it can work' : `it cannot work: ${broken.join(', ')}`;
    const mend = broken.map((name) => mends[name]).find((each) => each !== undefined);
    return [check('ready', ready ? 'ok' : 'failed', detail, ready ? undefined : mend)];
  }
  return checks.map(({ name, ok }) =>
    ok ? check(name, 'ok', 'holds') : check(name, 'failed', 'does not hold', mends[name]),
  );
}

async function signIn(context: Context): Promise<Check> {
  const call = { method: 'GET', path: '/me/session', open: true, once: true } as const;
  const answer = await attempt(context, call);
  if (answer instanceof CliError) {
    return check('sign_in', 'unknown', 'the instance does not say how people sign in');
  }
  const { signInUrl } = answer.body as { signInUrl?: string | null };
  if (typeof signInUrl === 'string' && signInUrl !== '') {
    return check('sign_in', 'ok', 'people are sent to sign in');
  }
  const mend = 'Set SIGN_IN_ISSUER, SIGN_IN_AUDIENCE and SIGN_IN_URL (docs/operations.md).';
  return check('sign_in', 'warning', 'nobody can sign in to the settings page', mend);
}

/** A check; without a step where none is needed. */
export function check(name: string, state: Check['state'], detail: string, next?: string): Check {
  return next === undefined ? { name, state, detail } : { name, state, detail, next };
}

/** Asks, and gives a refusal back as what it is. */
export async function attempt(context: Context, call: Call): Promise<Answer | CliError> {
  try {
    return await context.api.call(call);
  } catch (error) {
    if (error instanceof CliError) return error;
    throw error;
  }
}

function checksText({ talk }: Context, checks: readonly Check[]): string {
  const rows = checks.map(({ name, state, detail }) => [talk.state(state), name, detail ?? '']);
  const lines = table(rows).split('\n');
  return checks
    .flatMap(({ state, next }, index) => {
      const line = lines[index] ?? '';
      return state === 'ok' || next === undefined ? [line] : [line, `  next: ${safe(next)}`];
    })
    .join('\n');
}

/** The commands of this file. */
export const doctor_commands: readonly Command[] = [doctor];
