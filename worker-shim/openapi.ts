// The documents that describe the API, generated from the operation list and the field tables.
import schema from '../bindings/generated/config.schema.json' with { type: 'json' };
import document from '../bindings/generated/openapi.json' with { type: 'json' };

/** The OpenAPI document as JSON text. */
export const openapi: string = JSON.stringify(document);

/** The JSON Schema of a configuration as JSON text: the shape, not every rule. */
export const config_schema: string = JSON.stringify(schema);
