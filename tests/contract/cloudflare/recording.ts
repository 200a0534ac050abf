// Recordings of wrangler's requests: made by a proxy before the simulated Cloudflare, written down
// without what differs from run to run, and made into requests again.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { systemClock } from '../../../simulator/base/clock.ts';
import { serve } from '../../../simulator/base/serve.ts';
import type { Story } from './recording_stories.ts';
import { createProject, createTestWorld, TOKEN } from './support.ts';
import { runWrangler } from './wrangler_run.ts';

/** A request and its answer, as they are written down. */
export interface Recorded {
  /** Of the story's runs of wrangler, counted from 1. */
  readonly run: number;
  readonly request: {
    /** `METHOD path`, with the query. */
    readonly call: string;
    /** By lower-case name; those that say something. */
    readonly headers: Readonly<Record<string, string>>;
    readonly json?: unknown;
    /** The parts of a form: text, JSON, or a file. */
    readonly form?: Readonly<Record<string, unknown>>;
  };
  readonly answer: { readonly status: number; readonly body: unknown };
}

/** What is committed for one story. */
export interface Recording {
  readonly story: string;
  /** The version of wrangler that was recorded. */
  readonly wrangler: string;
  /** How each run ended. */
  readonly exits: readonly (number | null)[];
  readonly exchanges: readonly Recorded[];
}

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const kept_headers = ['authorization', 'content-type', 'user-agent'];
const value_chars_max = 64;
const shape_levels = 1;

/** Plays a story with the real wrangler. */
export async function record(story: Story): Promise<Recording> {
  const site = mkdtempSync(join(tmpdir(), 'recorded-'));
  for (const [path, content] of Object.entries(story.files)) {
    mkdirSync(dirname(join(site, path)), { recursive: true });
    writeFileSync(join(site, path), content);
  }
  const world = createTestWorld({ clock: systemClock, limits: { deploy_ms: 0 } });
  if (story.missing !== true) await createProject(world, 'demo');
  const exchanges: Recorded[] = [];
  const exits: (number | null)[] = [];
  let wrangler = '';
  const served = await serve(async (request) => {
    wrangler = /wrangler\/([\d.]+)/.exec(request.headers.get('user-agent') ?? '')?.[1] ?? wrangler;
    const run = exits.length + 1;
    const asked = await requestOf(request.clone(), story);
    const answer = await world.cloudflare.fetch(request);
    exchanges.push({ run, request: asked, answer: await answerOf(answer.clone()) });
    return answer;
  });
  try {
    for (const args of story.runs) {
      const given = args.map((arg) => (arg === '{site}' ? site : arg));
      const { status } = await runWrangler(`${served.url}/client/v4`, given);
      exits.push(status);
    }
  } finally {
    await served.close();
    rmSync(site, { recursive: true });
  }
  return { story: story.name, wrangler, exits, exchanges: ordered(exchanges) };
}

// Uploads go beside each other: what they are is known by what they hold.
function ordered(exchanges: readonly Recorded[]): Recorded[] {
  const isUpload = ({ request }: Recorded): boolean => request.call.endsWith('/assets/upload');
  const out = [...exchanges];
  const places = exchanges.flatMap((each, index) => (isUpload(each) ? [index] : []));
  const uploads = exchanges
    .filter(isUpload)
    .map((each) => [each.run, JSON.stringify(each.request.json), each] as const)
    .toSorted(([run, text], [other, others]) => run - other || (text < others ? -1 : 1));
  for (const [index, place] of places.entries()) out[place] = uploads[index]?.[2] as Recorded;
  return out;
}

async function requestOf(request: Request, story: Story): Promise<Recorded['request']> {
  const { pathname, search } = new URL(request.url);
  const call = `${request.method} ${pathname.replace('/client/v4', '')}${search}`;
  const type = request.headers.get('content-type') ?? '';
  const said = kept_headers.flatMap((name) => {
    const value = request.headers.get(name);
    return value === null ? [] : [[name, headerOf(value)]];
  });
  const asked = { call: call.replace(uuid, '{deployment}'), headers: Object.fromEntries(said) };
  if (type.startsWith('multipart/')) return { ...asked, form: await formOf(request) };
  const text = await request.text();
  return text === '' ? asked : { ...asked, json: steady(JSON.parse(text), story) };
}

function headerOf(value: string): string {
  return value
    .replace(TOKEN, '{api token}')
    .replace(/Bearer [\w-]+\.[\w-]+\.[\w-]+/, 'Bearer {upload token}')
    .replace(/boundary=.*/, 'boundary={boundary}')
    .replace(/wrangler\/[\d.]+/, 'wrangler/{version}');
}

async function formOf(request: Request): Promise<Record<string, unknown>> {
  const parts: [string, unknown][] = [];
  for (const [name, value] of await request.formData()) {
    if (typeof value !== 'string') {
      const { name: filename, type } = value;
      parts.push([name, { file: { filename, type, text: await value.text() } }]);
    } else {
      parts.push([name, name === 'manifest' ? { json: sorted(JSON.parse(value)) } : value]);
    }
  }
  return Object.fromEntries(parts);
}

// Lists of hashes and of files come in the order of the folder, which is any.
function steady(value: unknown, story: Story): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => steady(item, story));
    return items.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, item]) => [
    name,
    name === 'value' ? shortened(String(item), story) : steady(item, story),
  ]);
  return Object.fromEntries(members);
}

function shortened(base64: string, { files }: Story): string {
  if (base64.length <= value_chars_max) return base64;
  const path = Object.keys(files).find((each) => base64Of(files[each] ?? '') === base64);
  if (path === undefined) throw new Error('an upload holds what is no file of the folder');
  return `{base64 of ${path}}`;
}

// What was too long to be written down is read from the story's files.
function lengthened(value: unknown, story: Story): unknown {
  if (Array.isArray(value)) return value.map((item) => lengthened(item, story));
  if (typeof value === 'string') {
    const path = /^\{base64 of (.*)\}$/.exec(value)?.[1];
    return path === undefined ? value : base64Of(story.files[path] ?? '');
  }
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, item]) => [name, lengthened(item, story)]);
  return Object.fromEntries(members);
}

/** What a request is made with again: the tokens, and the id of the deployment. */
export interface Place {
  upload_token: string;
  deployment: string;
}

/** The request that was recorded, for another world. */
export function requestAgain(
  { call, headers, json, form }: Recorded['request'],
  story: Story,
  place: Place,
): Request {
  const [method = '', path = ''] = call.replace('{deployment}', place.deployment).split(' ');
  const { 'content-type': type, authorization = '', ...others } = headers;
  const said = {
    ...others,
    authorization: authorization
      .replace('{api token}', TOKEN)
      .replace('{upload token}', place.upload_token),
    ...(type === undefined || form !== undefined ? {} : { 'content-type': type }),
  };
  const text = json === undefined ? {} : { body: JSON.stringify(lengthened(json, story)) };
  const body = form === undefined ? text : { body: formAgain(form) };
  return new Request(`http://cloudflare.test/client/v4${path}`, { method, headers: said, ...body });
}

function formAgain(parts: Readonly<Record<string, unknown>>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(parts)) {
    const { json, file } = value as { json?: unknown; file?: Record<string, string> };
    if (typeof value === 'string') form.set(name, value);
    else if (json !== undefined) form.set(name, JSON.stringify(json));
    else if (file !== undefined) {
      const { filename = '', type = '', text = '' } = file;
      form.set(name, new File([text], filename, { type }));
    }
  }
  return form;
}

function base64Of(content: string | Uint8Array): string {
  return Buffer.from(content).toString('base64');
}

/** An answer as it is written down: its status and its shape. */
export async function answerOf(response: Response): Promise<Recorded['answer']> {
  const text = await response.text();
  return { status: response.status, body: text === '' ? '' : shapeOf(JSON.parse(text)) };
}

// Codes and truths as they are, everything else by its type; of a list its first item.
function shapeOf(value: unknown, name = '', level = 0): unknown {
  if (value === null) return null;
  if (Array.isArray(value)) return value.slice(0, 1).map((item) => shapeOf(item, name, level));
  if (typeof value === 'object') {
    if (level > shape_levels) return 'object';
    const members = Object.entries(value as object).map(([key, item]) => {
      return [key, shapeOf(item, key, level + 1)] as const;
    });
    return sorted(Object.fromEntries(members));
  }
  return name === 'code' || name === 'success' ? value : typeof value;
}

function sorted(value: unknown): unknown {
  const names = Object.entries(value as object).toSorted(([one], [other]) =>
    one < other ? -1 : 1,
  );
  return Object.fromEntries(names);
}
