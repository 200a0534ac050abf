// The HTTP surface: routes from the operation list, callers proved, bodies capped, answers passed
// on as the core gave them. Nothing here looks into a body.
import { type Context, Hono } from 'hono';
import { type Operation, operations } from '../bindings/generated/operations.ts';
import { type Capped, readCapped } from '../bindings/js/capped.ts';
import type { Principal, RequestInput } from '../bindings/js/control.ts';
import { proveCaller } from './auth/caller.ts';
import { drawSecret, type FreshSecret, withMember, withSecret } from './auth/secret.ts';
import { proveSender } from './auth/signature.ts';
import { inTime } from './in_time.ts';
import { config_schema, openapi } from './openapi.ts';
import { BodyLate, problemResponse } from './problems.ts';
import { addPages, type PageFiles } from './routes/pages.ts';
import { beginSession, endSession, readSession, session_path } from './routes/session.ts';
import { type Outcome, run } from './run.ts';
import { openSealed } from './storage/sealed.ts';
import { type Again, isStream, streamOf } from './stream.ts';
import { errorText, type World } from './world.ts';

/** What a route knows: the world as its bindings, and what the log line wants. */
interface Shim {
  Bindings: World;
  Variables: { operation: string; request_id: string };
}

/** An operation as far as a request needs it; `allow` only where the method is the mistake. */
type Route = Pick<Operation, 'name' | 'body_bytes_max' | 'secret_prefix'> & {
  readonly allow?: string;
  readonly scope?: Operation['scope'];
};

/** How long a body may take to come in; nobody is proved before. */
const body_ms_max = 60_000;

const input_headers = ['accept', 'idempotency-key', 'if-match', 'if-none-match', 'last-event-id'];

/** The application; `fetch(request, world)` answers one request. Without `pages` it has none. */
export function createApp(pages?: PageFiles): Hono<Shim> {
  const app = new Hono<Shim>();
  app.use(logged);
  app.onError((error, context) => {
    context.env.log({
      event: 'request_failed',
      request_id: context.get('request_id'),
      operation: context.get('operation'),
      error: errorText(error),
    });
    return problemResponse(error);
  });
  addDocuments(app);
  addSession(app);
  if (pages !== undefined) {
    addPages(app, pages, (context, operation) => context.set('operation', operation));
  }
  for (const operation of operations) {
    app.on(operation.method, honoPath(operation.path), (context) => answer(context, operation));
  }
  for (const [path, sharing] of Map.groupBy(operations, (operation) => honoPath(operation.path))) {
    const allow = sharing.map((operation) => operation.method).join(', ');
    app.all(path, (context) => answer(context, notAllowed(allow)));
  }
  app.notFound((context) => answer(context, { name: 'route_unknown', body_bytes_max: 0 }));
  return app;
}

// What was generated, and is served as it is.
function addDocuments(app: Hono<Shim>): void {
  const documents = [
    ['/openapi.json', 'openapi', openapi, 'application/json'],
    ['/schemas/config.json', 'config_schema', config_schema, 'application/schema+json'],
  ] as const;
  for (const [path, name, text, type] of documents) {
    app.get(path, (context) => {
      context.set('operation', name);
      return context.body(text, 200, { 'content-type': type });
    });
    app.all(path, (context) => answer(context, notAllowed('GET')));
  }
}

// The session of a browser, which the core knows nothing of.
function addSession(app: Hono<Shim>): void {
  const named = (context: Context<Shim>, name: string): [Request, World] => {
    context.set('operation', name);
    return [context.req.raw, context.env];
  };
  app.get(session_path, (context) => readSession(...named(context, 'session_read')));
  app.post(session_path, (context) => beginSession(...named(context, 'session_begin')));
  app.delete(session_path, (context) => endSession(named(context, 'session_end')[0]));
  app.all(session_path, (context) => answer(context, notAllowed('GET, POST, DELETE')));
}

function notAllowed(allow: string): Route {
  return { name: 'method_not_allowed', body_bytes_max: 0, allow };
}

// Around every request: its id in and out, one log line, and the headers that every answer carries.
async function logged(context: Context<Shim>, next: () => Promise<void>): Promise<void> {
  const { log, ports } = context.env;
  const began = ports.now();
  const given = context.req.header('x-request-id') ?? '';
  const request_id = /^[A-Za-z0-9._-]{1,64}$/.test(given) ? given : ports.entropy();
  context.set('request_id', request_id);
  context.set('operation', '');
  await next();
  context.header('x-request-id', request_id);
  context.header('x-content-type-options', 'nosniff');
  if (!context.res.headers.has('cache-control')) {
    context.header('cache-control', 'no-store');
  }
  log({
    event: 'request',
    request_id,
    method: context.req.method,
    operation: context.get('operation'),
    status: context.res.status,
    ms: ports.now() - began,
  });
}

async function answer(context: Context<Shim>, route: Route): Promise<Response> {
  const world = context.env;
  if (route.scope === 'webhook' && world.keys.webhook.length === 0) {
    return await answer(context, { name: 'route_unknown', body_bytes_max: 0 });
  }
  const received_ms = world.ports.now();
  context.set('operation', route.name);
  const { bytes, cut } = await bodyInTime(context, route.body_bytes_max);
  const { secret_prefix } = route;
  const secret =
    secret_prefix === undefined ? undefined : await drawSecret(world.ports, secret_prefix);
  const input: RequestInput = {
    kind: 'request',
    operation: route.name,
    params: context.req.param(),
    query: [...new URL(context.req.url).searchParams],
    headers: headersOf(context),
    principal: await principalOf(context, route, bytes),
    body_too_large: cut,
    ...(secret === undefined ? {} : { secret_digest: secret.digest }),
  };
  const arrival = bytes.length > 0 && !cut ? { body: bytes, received_ms } : { received_ms };
  const again = (token: string): Promise<Outcome> => run(world, { ...input, held: token }, arrival);
  const first = await run(world, input, arrival);
  if (isStream(first)) {
    const { signal } = context.req.raw;
    const events = streamOf(world, first, again, signal, context.get('request_id'));
    return new Response(events, { headers: { ...first.done.reply?.headers } });
  }
  const response = await responseOf(world, await heldOf(world, first, again), secret);
  if (route.allow !== undefined) {
    response.headers.set('allow', route.allow);
  }
  return response;
}

async function bodyInTime(context: Context<Shim>, bytes_max: number): Promise<Capped> {
  const stop = new AbortController();
  const read = readCapped(context.req.raw.body, bytes_max, stop.signal);
  const body = await inTime(read, body_ms_max);
  if (body === undefined) {
    stop.abort();
    throw new BodyLate(`no whole body in ${body_ms_max} ms`);
  }
  return body;
}

// A webhook is proved by its signature and nothing else, everyone else by what they carry.
function principalOf(context: Context<Shim>, route: Route, bytes: Uint8Array): Promise<Principal> {
  const { keys, ports } = context.env;
  return route.scope === 'webhook'
    ? proveSender(context.req.header('x-hub-signature-256'), bytes, keys.webhook)
    : proveCaller(context.req.raw, keys, ports);
}

// Long polls: the core says how long to wait and when to stop.
async function heldOf(world: World, first: Outcome, again: Again): Promise<Outcome> {
  let outcome = first;
  while (outcome.done.hold !== undefined) {
    const { again_after_ms, token } = outcome.done.hold;
    await world.ports.sleep(again_after_ms);
    outcome = await again(token);
  }
  return outcome;
}

async function responseOf(
  world: World,
  outcome: Outcome,
  secret: FreshSecret | undefined,
): Promise<Response> {
  const { reply } = outcome.done;
  if (reply === undefined) {
    throw new Error('the core gave a request no reply');
  }
  // A status that allows no body refuses an empty one, too.
  const bytes = await bodyOf(world, outcome, secret);
  const body = bytes.length === 0 ? null : bytes.slice();
  return new Response(body, { status: reply.status, headers: { ...reply.headers } });
}

// A secret, and a sealed value, is added to the one reply that names it, and to no other.
async function bodyOf(
  world: World,
  outcome: Outcome,
  secret: FreshSecret | undefined,
): Promise<Uint8Array> {
  const { secret_member: member, sealed_member: sealed } = outcome.done.reply ?? {};
  const body = outcome.body ?? new Uint8Array();
  const whole =
    member === undefined || secret === undefined ? body : withSecret(body, member, secret);
  if (sealed === undefined) {
    return whole;
  }
  const value = await openSealed(world, sealed.id);
  return withMember(whole, sealed.member, sealed.prefix + value);
}

function headersOf(context: Context<Shim>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of input_headers) {
    const value = context.req.header(name);
    if (value !== undefined) {
      headers[name] = value;
    }
  }
  return headers;
}

// `/a/{id}` as the router writes it: `/a/:id`.
function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}
