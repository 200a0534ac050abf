// bindings/generated/openapi.json as tests ask it: operations by name, schemas by reference.
import { openapi } from '../../../worker-shim/openapi.ts';

/** A JSON Schema, as far as the document uses them. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | false;
}

/** A response of an operation, or a reference to one that many share. */
export interface Promised {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, { required?: boolean; $ref?: string }>>;
  readonly content?: Readonly<Record<string, { schema: Schema }>>;
}

/** A parameter of an operation. */
export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: Schema;
}

/** An operation. */
export interface Documented {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: {
    readonly required: boolean;
    readonly content: { readonly 'application/json': { readonly schema: Schema } };
  };
  readonly responses: Readonly<Record<string, Promised>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Documented>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly responses: Readonly<Record<string, Promised>>;
    readonly headers: Readonly<Record<string, { required?: boolean }>>;
  };
}

/** The document. */
export const document: Document = JSON.parse(openapi);

const by_id = new Map(
  Object.values(document.paths)
    .flatMap((methods) => Object.values(methods))
    .map((operation) => [operation.operationId, operation]),
);

/** The operation of that name. @throws Error where it is not documented. */
export function documented(name: string): Documented {
  const found = by_id.get(name);
  if (found === undefined) throw new Error(`${name} is not documented`);
  return found;
}

/** The last part of a local reference. */
export function referred(reference: string | undefined): string {
  return reference?.split('/').at(-1) ?? '';
}

/** The schema itself where it is a reference. */
export function resolved(schema: Schema): Schema {
  return document.components.schemas[referred(schema.$ref)] ?? schema;
}

/** The schema of the operation's body; undefined where it takes none. */
export function bodySchema(operation: Documented): Schema | undefined {
  return operation.requestBody?.content['application/json'].schema;
}
