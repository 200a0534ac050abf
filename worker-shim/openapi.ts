// The document behind /openapi.json: paths, methods and parameters of the operation list.
import { operations } from '../bindings/generated/operations.ts';

/** The OpenAPI document as JSON text. */
export const openapi: string = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'Slipway', version: '1' },
  paths: Object.fromEntries(
    [...Map.groupBy(operations, (operation) => operation.path)].map(([path, sharing]) => [
      path,
      {
        parameters: [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
          name,
          in: 'path',
          required: true,
          schema: { type: 'string' },
        })),
        ...Object.fromEntries(
          sharing.map(({ name, method }) => [
            method.toLowerCase(),
            {
              operationId: name,
              responses: { default: { description: 'See the documentation.' } },
            },
          ]),
        ),
      },
    ]),
  ),
});
