// The JSON bodies that the API takes, read strictly: what is not listed here is refused.

import {
  boolean,
  list,
  nullable,
  number,
  object,
  oneOf,
  type Reader,
  Refusal,
  record,
  string,
} from '../base/strict.ts';

const text = string();
const texts = list(text, 1_000);

const named = <T>(reader: Reader<T>): Reader<Record<string, T | null>> => record(nullable(reader));

const envVar = object({ type: oneOf('plain_text', 'secret_text'), value: text });

const environmentConfig = object(
  {},
  {
    env_vars: named(envVar),
    compatibility_date: string(/^\d{4}-\d{2}-\d{2}$/),
    compatibility_flags: texts,
    always_use_latest_compatibility_date: boolean,
    build_image_major_version: number(1, 3),
    fail_open: boolean,
    limits: object({ cpu_ms: number(1, 300_000) }),
    placement: object({ mode: text }),
    usage_model: oneOf('standard', 'bundled', 'unbound'),
    wrangler_config_hash: text,
    ai_bindings: named(object({ project_id: text })),
    analytics_engine_datasets: named(object({ dataset: text })),
    browsers: named(object({})),
    d1_databases: named(object({ id: text })),
    durable_object_namespaces: named(object({ namespace_id: text })),
    hyperdrive_bindings: named(object({ id: text })),
    kv_namespaces: named(object({ namespace_id: text })),
    mtls_certificates: named(object({ certificate_id: text })),
    queue_producers: named(object({ name: text })),
    r2_buckets: named(object({ name: text }, { jurisdiction: nullable(text) })),
    services: named(object({ service: text }, { entrypoint: nullable(text), environment: text })),
    vectorize_bindings: named(object({ index_name: text })),
  },
);

const buildConfig = object(
  {},
  {
    build_caching: boolean,
    build_command: text,
    destination_dir: text,
    root_dir: text,
    web_analytics_tag: nullable(text),
    web_analytics_token: nullable(text),
  },
);

const gitFields = {
  deployments_enabled: boolean,
  owner_id: text,
  path_excludes: texts,
  path_includes: texts,
  pr_comments_enabled: boolean,
  preview_branch_excludes: texts,
  preview_branch_includes: texts,
  preview_deployment_setting: oneOf('all', 'none', 'custom'),
  production_branch: text,
  production_deployments_enabled: boolean,
  repo_id: text,
};

const provider = oneOf('github', 'gitlab');
const repository = { owner: string(/./), repo_name: string(/./) };

const settings = {
  build_config: buildConfig,
  deployment_configs: object({}, { preview: environmentConfig, production: environmentConfig }),
};

/** POST projects. A new git connection must name its owner and repository. */
export const createProjectBody = object(
  { name: text, production_branch: string(/./) },
  { ...settings, source: object({ type: provider, config: object(repository, gitFields) }) },
);

/** PATCH project. */
export const editProjectBody = object(
  {},
  {
    ...settings,
    name: text,
    production_branch: string(/./),
    source: object({ type: provider, config: object({}, { ...repository, ...gitFields }) }),
  },
);

/** POST deploy_hooks. */
export const hookBody = object({ name: string(/./), branch: string(/./) });

/** POST domains. */
export const domainBody = object({ name: text });

/** What POST projects takes. */
export type ProjectBody = ReturnType<typeof createProjectBody>;

/** A git connection as PATCH takes it. */
export type SourceChange = NonNullable<ReturnType<typeof editProjectBody>['source']>;

/** The fields of one environment, as sent. */
export type EnvironmentBody = ReturnType<typeof environmentConfig>;

const hash = string(/^[0-9a-f]{32}$/);

/** POST check-missing and upsert-hashes. */
export const hashesBody = object({ hashes: list(hash, 100_000) });

// The bytes that a text in base64 stands for; any other spelling of them is refused.
const base64: Reader<Uint8Array> = (value, pointer) => {
  const sent = text(value, pointer);
  const bytes = Buffer.from(sent, 'base64');
  if (bytes.toString('base64') !== sent) throw new Refusal(pointer, 'must be base64');
  return bytes;
};

/** POST upload; `value` is read as bytes. */
export const uploadBody = list(
  object({
    key: hash,
    value: base64,
    metadata: object({ contentType: string(/^[^\s/]+\/[^\s/].*$/) }),
    base64: oneOf(true),
  }),
  5_000,
);

/** The `manifest` part of POST deployments: a path from the root to a hash. */
export const manifestBody = record(hash);
