// The document behind /openapi.json: generated from the operation list and the field tables.
import document from '../bindings/generated/openapi.json' with { type: 'json' };

/** The OpenAPI document as JSON text. */
export const openapi: string = JSON.stringify(document);
