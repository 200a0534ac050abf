// ajv's validators for Node, and the code of the same for a host that cannot compile.
import { Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import type { Validators } from './ajv.ts';
import { ajv_options, json_schemas } from './json_schemas.ts';

/** Compiles the schemas. */
export function compiledValidators(): Validators {
  const ajv = new Ajv(ajv_options);
  return {
    config: ajv.compile(json_schemas.config),
    runs: ajv.compile(json_schemas.runs),
    deployments: ajv.compile(json_schemas.deployments),
    wish: ajv.compile(json_schemas.wish),
  };
}

/** An ES module that exports one validator for each schema by its name. */
export function validatorsCode(): string {
  const names = Object.keys(json_schemas);
  const schemas = Object.entries(json_schemas).map(([$id, schema]) => ({ $id, ...schema }));
  const ajv = new Ajv({ ...ajv_options, schemas, code: { source: true, esm: true } });
  return standaloneCode(ajv, Object.fromEntries(names.map((name) => [name, name])));
}
