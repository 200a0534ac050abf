// The API as a caller meets it, over the compiled core and real bindings, each answer held to the
// OpenAPI document; and everything that is stored, so that a test can say that nothing was.
import { env } from 'cloudflare:workers';
import { type Core, createCore } from '../../bindings/js/core.ts';
import coreModule from '../../build/core.wasm';
import { createApp } from '../../worker-shim/app.ts';
import type { EffectDelay, Ports } from '../../worker-shim/ports.ts';
import { promised, rowsOf, testWorld } from './support.ts';

const app = createApp();
const base = 'http://slipway.test';
const compiled = createCore(coreModule);

/** The variables of an instance with both credentials. */
export const configured: Record<string, string> = {
  GITHUB_OWNER: 'neutrino-io',
  CF_ACCOUNT_ID: '0123456789abcdef0123456789abcdef',
  GITHUB_TOKEN: 'github-token',
  CF_API_TOKEN: 'cloudflare-token',
};

/** The variables of an instance that publishes orgs, too. */
export const publishing: Record<string, string> = {
  ...configured,
  SEALING_KEY: '5ea1'.repeat(16),
  PUBLISHING_GITHUB_OWNER: 'neutrino-io',
  PUBLISHING_GITHUB_REPOSITORY: 'ark-site',
};

/** One request; `key` null sends no credential. */
export interface Asked {
  readonly method?: string;
  readonly path: string;
  readonly key?: string | null;
  readonly body?: BodyInit | object;
  readonly headers?: Record<string, string>;
}

/** An answer with its body read; `json` fails when the body is none. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The operation that the log names. */
  readonly logged: string;
  json(): ReturnType<typeof JSON.parse>;
}

/** An instance: its API, and the messages that it put into its queue. */
export interface Api {
  ask(asked: Asked): Promise<Answer>;
  readonly sent: EffectDelay[];
}

/**
 * An instance whose queue keeps its messages and whose network does not exist. `check` sees every
 * answer.
 */
export function openApi(
  variables: Record<string, string> = configured,
  ports: Partial<Ports> = {},
  core: Core = compiled,
  check: typeof promised = promised,
): Api {
  const sent: EffectDelay[] = [];
  const queue = { send: async (messages: readonly EffectDelay[]) => void sent.push(...messages) };
  const offline = () => Promise.reject(new TypeError('no network'));
  return {
    sent,
    async ask({ method = 'GET', path, key = 'admin-key', body, headers = {} }) {
      const init: RequestInit = { method, headers: { ...headers } };
      if (key !== null) {
        init.headers = { authorization: `Bearer ${key}`, ...headers };
      }
      if (body !== undefined) {
        init.body = isPlain(body) ? JSON.stringify(body) : body;
      }
      const world = testWorld(core, { queue, fetch: offline, ...ports }, variables);
      const request = new Request(base + path, init);
      const response = await check(request.clone(), await app.fetch(request, world));
      const text = await response.text();
      const { status } = response;
      const logged = String(world.logged.at(-1)?.operation);
      return { status, headers: response.headers, text, logged, json: () => JSON.parse(text) };
    },
  };
}

function isPlain(body: BodyInit | object): body is object {
  return typeof body === 'object' && Object.getPrototypeOf(body) === Object.prototype;
}

/** Every row of every table and every object of the bucket. */
export async function everythingStored(): Promise<Record<string, unknown[]>> {
  const tables = await rowsOf(
    `SELECT name FROM sqlite_schema WHERE type = 'table'
     AND name NOT LIKE 'sqlite%' AND name NOT LIKE '%cf_%' AND name NOT LIKE 'd1_%' ORDER BY name`,
  );
  const stored: Record<string, unknown[]> = {};
  for (const { name } of tables) {
    stored[String(name)] = await rowsOf(`SELECT * FROM "${name}" ORDER BY 1`);
  }
  const { objects } = await env.CONFIGS.list();
  stored.objects = objects.map(({ key, etag }) => ({ key, etag }));
  return stored;
}

/** A body that is accepted. */
export const acme = { platformId: 'acme', name: 'Acme', environments: ['dev'] };

/** Creates the platform of `body` and gives the answer. */
export async function created(api: Api, body: object = acme): Promise<Answer> {
  const answer = await api.ask({ method: 'POST', path: '/api/v1/platforms', body });
  if (answer.status !== 202) {
    throw new Error(`not created: ${answer.status} ${answer.text}`);
  }
  return answer;
}
