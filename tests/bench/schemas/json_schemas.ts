// The shapes of the pieces' inputs as JSON Schemas, for ajv.

const text = { type: 'string' } as const;
const maybe_text = { type: ['string', 'null'] } as const;
const scalars = {
  type: 'object',
  additionalProperties: { type: ['string', 'number', 'boolean'] },
} as const;

/** An object with exactly these members; those in `required` must be there. */
function exactly(properties: object, required: readonly string[]): object {
  return { type: 'object', properties, required, additionalProperties: false };
}

const switches = {
  type: 'object',
  additionalProperties: exactly(
    {
      enabled: { type: 'boolean' },
      options: scalars,
      requires: { type: 'array', items: { type: 'string' } },
    },
    ['enabled'],
  ),
};
const settings = exactly(
  {
    provider: { type: 'string', enum: ['none', 'oidc'] },
    issuer: text,
    clientId: text,
    scopes: { type: 'array', items: text },
  },
  [],
);

/** A map by environment, the default required. */
function byEnvironment(item: object): object {
  return exactly({ default: item, dev: item, stg: item, prod: item }, ['default']);
}

/** An object, or null, of which only these members are looked at. */
function atLeast(properties: object): object {
  return { type: ['object', 'null'], properties };
}

const run = {
  type: 'object',
  properties: {
    id: { type: 'integer', minimum: -(2 ** 53 - 1), maximum: 2 ** 53 - 1 },
    display_title: text,
    status: maybe_text,
    conclusion: maybe_text,
    html_url: maybe_text,
  },
  required: ['id', 'display_title'],
};
const deployment = {
  type: 'object',
  properties: {
    id: text,
    url: maybe_text,
    latest_stage: atLeast({ name: maybe_text, status: maybe_text }),
    is_skipped: { type: ['boolean', 'null'] },
    aliases: { type: ['array', 'null'], items: { type: 'string' } },
    deployment_trigger: atLeast({ metadata: atLeast({ commit_message: maybe_text }) }),
  },
  required: ['id'],
};

/** An object of which only this list is looked at. */
function page(name: string, items: object): object {
  return { type: 'object', properties: { [name]: { type: 'array', items } }, required: [name] };
}

/** The schemas by the name of their validator. */
export const json_schemas = {
  config: exactly(
    {
      features: exactly({ features: switches, stacks: switches }, ['features']),
      env: byEnvironment(scalars),
      auth: byEnvironment(settings),
    },
    ['features', 'env', 'auth'],
  ),
  runs: page('workflow_runs', run),
  deployments: page('result', deployment),
  wish: exactly({ credential: text, accountId: text, project: text, site: text }, [
    ...['credential', 'accountId', 'project', 'site'],
  ]),
} as const;

/** The names of the validators. */
export type SchemaName = keyof typeof json_schemas;

/** ajv's options: every fault is wanted, and the rule against mixed types is off. */
export const ajv_options = { allErrors: true, allowUnionTypes: true } as const;
