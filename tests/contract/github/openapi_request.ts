// Holds a request to GitHub to GitHub's own OpenAPI description: the operation, its parameters, its
// headers and its body. What the description leaves open but warns of in words counts, too.

import { api, referred, schemaFaults } from './openapi.ts';
import { version } from './openapi_scope.ts';
import { at, type Step, type Tree } from './openapi_tree.ts';

/** A request as it is sent, or about to be: then its credential is not there yet. */
export interface Asked {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Empty without one. */
  readonly text: string;
}

/** An operation of the description. */
export interface Operation {
  /** `method path`, as in the description. */
  readonly name: string;
  readonly steps: readonly Step[];
  readonly method: string;
  readonly pattern: RegExp;
  readonly parameters: readonly Parameter[];
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required?: boolean;
  readonly description?: string;
  /** Where its schema lies. */
  readonly steps: readonly Step[];
}

/** Every operation that the extract has. */
export const operations: readonly Operation[] = Object.entries(api.paths as Tree).flatMap(
  ([path, methods]) => Object.keys(methods as Tree).map((method) => operationOf(path, method)),
);

/** The operation that the request calls; undefined for none. */
export function operationFor({ method, path }: Asked): Operation | undefined {
  const [bare = ''] = path.split('?');
  const fitting = operations.filter(({ pattern }) => pattern.test(bare));
  return fitting.find((operation) => operation.method === method.toLowerCase());
}

/** What the description has against the request; empty for one that it allows. */
export function requestFaults(asked: Asked): string[] {
  const operation = operationFor(asked);
  if (operation === undefined) return [`no operation is called by ${asked.method} ${asked.path}`];
  const faults = [
    ...pathFaults(operation, asked),
    ...queryFaults(operation, asked),
    ...headerFaults(operation, asked),
    ...bodyFaults(operation, asked),
  ];
  return faults.map((fault) => `${operation.name}: ${fault}`);
}

/** A request of the platform's kind, as far as the description speaks of it. */
export async function askedBy(request: Request, base = ''): Promise<Asked> {
  const { pathname, search } = new URL(request.url);
  return {
    method: request.method,
    path: `${pathname.slice(base.length)}${search}`,
    headers: Object.fromEntries(request.headers),
    text: await request.clone().text(),
  };
}

function operationOf(path: string, method: string): Operation {
  const steps = ['paths', path, method];
  const listed = (at(api, [...steps, 'parameters']) ?? []) as Tree[];
  const parameters = listed.map((parameter, index) => {
    const reference = parameter.$ref;
    const place =
      typeof reference === 'string'
        ? reference.split('/').slice(1)
        : [...steps, 'parameters', String(index)];
    return { ...referred(parameter), steps: [...place, 'schema'] } as unknown as Parameter;
  });
  const many = parameters.filter((parameter) => 'x-multi-segment' in parameter);
  // "If you omit the path parameter, you will receive the contents of the root directory."
  const source = path.replaceAll('.', '\\.').replaceAll(/\/\{(\w+)\}/g, (_, name: string) => {
    return many.some((each) => each.name === name) ? '(?:/(.+))?' : '/([^/]+)';
  });
  const pattern = new RegExp(`^${source}$`);
  return { name: `${method} ${path}`, steps, method, pattern, parameters };
}

function pathFaults({ name, pattern, parameters }: Operation, { path }: Asked): string[] {
  const names = [...name.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter);
  const values = pattern.exec(path.split('?')[0] ?? '')?.slice(1) ?? [];
  return names.flatMap((parameter, index) => {
    const known = parameters.find((each) => each.name === parameter && each.in === 'path');
    const value = values[index];
    if (value === undefined) return [];
    return known === undefined ? [`{${parameter}} has no schema`] : valueFaults(known, value);
  });
}

function queryFaults({ parameters }: Operation, { path }: Asked): string[] {
  const query = new URLSearchParams(path.split('?')[1] ?? '');
  const known = parameters.filter((parameter) => parameter.in === 'query');
  const names = [...query.keys()];
  return [
    ...known
      .filter(({ name, required }) => required === true && !query.has(name))
      .map(({ name }) => `?${name} is missing`),
    ...names
      .filter((name, index) => names.indexOf(name) !== index)
      .map((name) => `?${name} comes twice`),
    ...[...query].flatMap(([name, value]) => {
      const parameter = known.find((each) => each.name === name);
      return parameter === undefined ? [`?${name} is unknown`] : valueFaults(parameter, value);
    }),
  ];
}

// Text stands for a number or a boolean, too, where the schema wants one. Where the words say that
// it is a range in the syntax of searches, the schema speaks of its ends.
function valueFaults({ name, steps, description = '' }: Parameter, text: string): string[] {
  const decoded = decodeURIComponent(text);
  const isRange = description.includes('Understanding the search syntax');
  const values = isRange ? decoded.split('..').map((end) => end.replace(/^[<>]=?/, '')) : [decoded];
  const most = /\(max (\d+)\)/.exec(description)?.[1];
  const faults = values.flatMap((value) => {
    const meant = /^(0|[1-9]\d*|true|false)$/.test(value) ? JSON.parse(value) : value;
    const plain = schemaFaults(steps, value);
    return plain.length === 0 ? [] : schemaFaults(steps, meant);
  });
  if (most !== undefined && Number(decoded) > Number(most)) faults.push(` is more than ${most}`);
  return faults.map((fault) => `${name}${fault}`);
}

function headerFaults(operation: Operation, { headers, text }: Asked): string[] {
  const { accept = '', 'content-type': type, 'x-github-api-version': asked } = headers;
  const hasBody = text !== '';
  return [
    ...(accept === 'application/vnd.github+json' || isOffered(operation, accept)
      ? []
      : [`accept ${accept} is not offered`]),
    ...(asked === version ? [] : [`the API version is ${asked}`]),
    ...(hasBody && type !== 'application/json' ? [`the body's type is ${type}`] : []),
    ...(!hasBody && type !== undefined ? ['there is a type without a body'] : []),
  ];
}

// Media types stand with the answers, or in the description's words.
function isOffered({ steps }: Operation, accept: string): boolean {
  const answers = Object.values(at(api, [...steps, 'responses']) as Tree).map(referred);
  const types = answers.flatMap(({ content }) => Object.keys((content ?? {}) as Tree));
  const words = String(at(api, [...steps, 'description']));
  return types.includes(accept) || words.includes(`\`${accept}\``);
}

function bodyFaults({ steps }: Operation, { text }: Asked): string[] {
  const place = [...steps, 'requestBody'];
  const wanted = at(api, place) as Tree | undefined;
  if (text === '') return wanted?.required === true ? ['the body is missing'] : [];
  if (wanted === undefined) return ['it takes no body'];
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return ['the body is not JSON'];
  }
  const schema = [...place, 'content', 'application/json', 'schema'];
  return [...schemaFaults(schema, body), ...unknownMembers(at(api, schema), body, '')];
}

// GitHub answers 422 to members that it does not know, where the description is silent.
function unknownMembers(schema: unknown, value: unknown, where: string): string[] {
  const { properties, additionalProperties } = referred(schema);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  if (properties === undefined || additionalProperties === true) return [];
  return Object.entries(value).flatMap(([name, item]) => {
    const known = at(properties, [name]);
    const here = `${where}/${name}`;
    return known === undefined ? [`${here} is unknown`] : unknownMembers(known, item, here);
  });
}
