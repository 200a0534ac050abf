// What must hold of the answer to a hostile request, wherever the request was sent: it is refused
// with a problem document and changes nothing, or the document of the API allows it.
import {
  bodySchema,
  documented,
  type Parameter,
  resolved,
  type Schema,
} from '../support/openapi.ts';
import type { HostileRequest } from './requests.ts';

/** What became of a request. */
export interface Met {
  readonly request: HostileRequest;
  /** The operation that the router found; another name where there is none. */
  readonly operation: string;
  readonly status: number;
  readonly text: string;
  /** Whether anything that is stored is another than before. */
  readonly stored: boolean;
}

/** What a schema has against a value. */
export type SchemaFaults = (schema: Schema, value: unknown) => string[];

/** Texts that no answer may hold: keys and tokens. */
export type Secrets = readonly string[];

const pointer = /^(?:\/(?:[^~/]|~[01])*)*$/;

/** What is wrong with the answer; empty where it is as it should be. */
export function faultsOf(met: Met, secrets: Secrets, schemaFaults: SchemaFaults): string[] {
  const { status, text } = met;
  const faults = secrets.filter((secret) => text.includes(secret)).map(() => 'shows a secret');
  // A world without a cron is not ready, and says so.
  if (status === 503 && met.operation === 'readyz') return faults;
  if (status >= 500) faults.push(`answers ${status}`);
  if (status >= 400) return [...faults, ...refusalFaults(met)];
  return [...faults, ...acceptanceFaults(met, schemaFaults)];
}

interface Problem {
  readonly code: string;
  readonly errors?: readonly { readonly pointer: string }[];
}

function refusalFaults({ request, stored, text }: Met): string[] {
  const faults = stored ? ['is refused, and something was stored'] : [];
  if (request.method === 'HEAD') return faults;
  const { code, errors = [] } = JSON.parse(text) as Problem;
  if (!/^[a-z_]+\.[a-z_]+$/.test(code)) faults.push(`has the code ${code}`);
  // A fault of the query names its parameter.
  if (code === 'query.invalid') return faults;
  const bad = errors.filter((error) => !pointer.test(error.pointer));
  return [...faults, ...bad.map((error) => `${error.pointer} is no JSON Pointer`)];
}

// What was accepted must be what the document allows: nothing more is let in than it says.
function acceptanceFaults(met: Met, schemaFaults: SchemaFaults): string[] {
  const { request, operation: name, stored } = met;
  if (name === 'openapi' || name === 'config_schema') return [];
  const operation = documented(name);
  // Whoever asks an upstream spends of its budget.
  const spends = name === 'doctor';
  const faults =
    stored && request.method === 'GET' && !spends ? ['a GET has stored something'] : [];
  const query = [...new URL(request.target, 'http://x').searchParams];
  for (const [index, [key, value]] of query.entries()) {
    const parameter = operation.parameters?.find((one) => one.in === 'query' && one.name === key);
    const again = query.findIndex(([other]) => other === key) !== index;
    if (parameter === undefined || again) faults.push(`accepts the parameter ${key}`);
    else faults.push(...schemaFaults(parameter.schema, parameterValue(parameter, value)));
  }
  const schema = bodySchema(operation);
  if (schema === undefined) return faults;
  if (request.body === undefined || request.body.bytes.length === 0) {
    return operation.requestBody?.required ? [...faults, 'accepts a missing body'] : faults;
  }
  return [...faults, ...bodyFaults(request.body.bytes, schema, schemaFaults)];
}

function parameterValue({ schema }: Parameter, text: string): unknown {
  switch (resolved(schema).type) {
    case 'integer':
      return /^\d+$/.test(text) ? Number(text) : text;
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : text;
    default:
      return text;
  }
}

function bodyFaults(bytes: Uint8Array, schema: Schema, schemaFaults: SchemaFaults): string[] {
  // A byte order mark may stand before JSON (RFC 8259, 8.1): the decoder takes it away.
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
    return schemaFaults(schema, JSON.parse(text)).map((fault) => `accepts a body: ${fault}`);
  } catch (error) {
    return [`accepts a body that is not JSON: ${String(error)}`];
  }
}

/** The request as a human reads it. */
export function shown({ method, target, headers, body }: HostileRequest): string {
  const text = body === undefined ? '' : new TextDecoder('latin1').decode(body.bytes);
  const cut = text.length > 3000 ? `${text.slice(0, 3000)}... (${text.length} bytes)` : text;
  const what = body === undefined ? '' : `\n${body.name}: ${JSON.stringify(cut)}`;
  const heads = JSON.stringify(headers);
  return `${method} ${target.slice(0, 500)}\n${heads.slice(0, 1000)}${what}`;
}
