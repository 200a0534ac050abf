// Whether an answer of the API is one that the OpenAPI document promises. Every test that asks the
// API asks this, too: tests in Node directly, tests in workerd through their network.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { getPath } from 'hono/utils/url';
import { document, type Promised, referred, type Schema } from './openapi.ts';

/** A request and its answer, as far as the document speaks of them. */
export interface Exchange {
  readonly method: string;
  /** The whole URL, as the router saw it. */
  readonly url: string;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body; empty without one. */
  readonly text: string;
}

const { components } = document;
const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
ajv.addKeyword('components');
ajv.addSchema({ $id: 'slipway', components });
const validators = new Map<Schema, ValidateFunction>();

const routes = Object.entries(document.paths).map(([path, methods]) => ({
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '([^/]+)')}$`),
  methods,
}));

/** What a schema of the document has against the value. */
export function schemaFaults(schema: Schema, value: unknown): string[] {
  let validate = validators.get(schema);
  if (validate === undefined) {
    const text = JSON.stringify(schema).replaceAll('"#/', '"slipway#/');
    validate = ajv.compile(JSON.parse(text));
    validators.set(schema, validate);
  }
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

/**
 * The exchange of a request and its answer; the answer's body stays readable. A stream is not read:
 * it takes its time.
 */
export async function exchangeOf(request: Request, response: Response): Promise<Exchange> {
  return {
    method: request.method,
    url: request.url,
    status: response.status,
    headers: Object.fromEntries(response.headers),
    text: isStream(response) ? '' : await response.clone().text(),
  };
}

function isStream({ headers }: Response): boolean {
  return headers.get('content-type') === 'text/event-stream';
}

/** What the document has against this answer; empty for one that it promises. */
export function exchangeFaults(exchange: Exchange): string[] {
  const promised = promisedFor(exchange);
  if (typeof promised === 'string') return [promised];
  return [...headerFaults(promised, exchange), ...bodyFaults(promised, exchange)];
}

// The response that the document has for the status, or why it has none. A path or a method that
// it does not know must be refused as such; only failures are promised to every operation.
function promisedFor({ method, url, status }: Exchange): Promised | string {
  const { responses } = components;
  const path = getPath(new Request(url));
  // A name that stands in one path may be a parameter of another: the method tells which is meant.
  const fitting = routes.filter(({ pattern }) => pattern.test(path));
  const refused = responses.Problem ?? 'no response is named Problem';
  if (fitting.length === 0) return status === 404 ? refused : `${status} of an unknown path`;
  const wanted = method === 'HEAD' ? 'get' : method.toLowerCase();
  const operation = fitting.map(({ methods }) => methods[wanted]).find((one) => one !== undefined);
  if (operation === undefined) return status === 405 ? refused : `${status} of an unknown method`;
  const failure = status >= 500 ? operation.responses.default : undefined;
  const response = operation.responses[String(status)] ?? failure;
  const whole = response?.$ref === undefined ? response : responses[referred(response.$ref)];
  return whole ?? `${operation.operationId} does not document ${status}`;
}

function headerFaults(promised: Promised, { headers }: Exchange): string[] {
  return Object.entries(promised.headers ?? {}).flatMap(([name, header]) => {
    const { required } = components.headers[referred(header.$ref)] ?? header;
    const lacks = required === true && headers[name.toLowerCase()] === undefined;
    return lacks ? [`lacks the header ${name}`] : [];
  });
}

function bodyFaults({ content }: Promised, { method, status, headers, text }: Exchange): string[] {
  if (method === 'HEAD') return [];
  if (content === undefined) return text === '' ? [] : ['has a body that is not documented'];
  const type = headers['content-type'] ?? 'no type';
  const schema = content[type]?.schema;
  if (schema === undefined) return [`${type} is not a documented content type`];
  // What its events hold is said by the tests that read them.
  if (type === 'text/event-stream') return [];
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return ['the body is not JSON'];
  }
  const faults = schemaFaults(schema, body);
  const said = type === 'application/problem+json' ? (body as { status?: unknown }).status : status;
  return said === status ? faults : [...faults, `the problem document says ${said}`];
}
