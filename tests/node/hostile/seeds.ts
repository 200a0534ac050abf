// Sound bodies of an operation, made from the schema that the document has for it: what hostile
// bodies are changes of. A new operation has its seeds by itself.
import { bodySchema, documented, resolved, type Schema } from '../support/openapi.ts';

/** Values by the name of the member that they suit, where a mere example would not be found. */
export type Hints = Readonly<Record<string, unknown>>;

/** A deploy hook as a person pastes it. */
const pasted = {
  deployHookUrl:
    'https://api.cloudflare.com/client/v4/pages/webhooks/deploy_hooks/an-obvious-value',
  projectName: 'aurora-old',
};

/** What suits every world. */
const common: Hints = {
  platformId: 'acme',
  featureId: 'billing',
  stackId: 'search',
  env: 'dev',
  outcome: 'building',
  environments: ['dev'],
  runId: '9001',
  runAttempt: 1,
  name: 'Acme',
  scopes: ['deploy'],
  platforms: ['acme'],
  expiresInDays: 30,
  issuer: 'https://login.example.com',
  provider: 'none',
  requires: [],
  orgId: 'org-aurora',
  userId: 'ben',
  deployHookUrl: pasted.deployHookUrl,
  projectName: pasted.projectName,
};

const documents = {
  features: {
    features: {
      billing: { enabled: true, options: { PLAN: 'basic' }, requires: ['stack:search'] },
    },
    stacks: { search: { enabled: true } },
  },
  env: { default: { APP_NAME: 'Acme', RETRIES: 3 }, prod: { APP_NAME: 'Acme Ltd' } },
  auth: { default: { provider: 'none' } },
};

// Bodies whose members depend on each other, which no schema says. An operation without any here
// begins with what its schema says alone.
const extra: Readonly<Record<string, readonly object[]>> = {
  platform_create: [{ platformId: 'umbrella', environments: ['dev', 'prod'], config: documents }],
  config_write: [
    documents,
    {
      featuresConfig: 'export const featuresConfig = { features: {} };\n',
      envConfig: 'export const envConfig = { APP_NAME: "Acme" };\n',
      authConfig: 'export const authConfig = { provider: "none" };\n',
      reason: 'imported',
    },
  ],
  org_put: [
    { orgId: 'org-aurora', name: 'Aurora Books', members: [{ userId: 'ada', role: 'admin' }] },
  ],
  manual_hook_put: [pasted],
  my_manual_hook_put: [pasted],
  batch_claim: [{ platformId: 'acme', env: 'dev', runId: '9001', runAttempt: 1 }],
};

// Texts of which one should match any pattern.
const texts = [
  ...[
    'acme',
    'dev',
    '9001',
    'a'.repeat(40),
    '0'.repeat(64),
    '0'.repeat(32),
    '2026-01-01T00:00:00.000Z',
  ],
  '01KDY03VK0SBHWGQM72GBSXSMN',
];

function isOf(value: unknown, type: Schema['type']): boolean {
  if (Array.isArray(value)) return type === 'array';
  return [type].flat().includes(typeof value === 'number' ? 'integer' : typeof value);
}

// `full`: with the members that may be absent.
function sample(schema: Schema, name: string, full: boolean, hints: Hints): unknown {
  const { type, pattern, items, ...rest } = resolved(schema);
  const hint = hints[name] ?? common[name];
  if (hint !== undefined && isOf(hint, type)) return structuredClone(hint);
  if (rest.enum !== undefined) return rest.enum[0];
  if (type === 'integer' || type === 'number') return 1;
  if (type === 'boolean') return true;
  if (type === 'array') return items === undefined ? [] : [sample(items, name, full, hints)];
  if (type === 'object') return sampleObject(resolved(schema), full, hints);
  return texts.find((text) => new RegExp(pattern ?? '').test(text)) ?? 'x';
}

function sampleObject(schema: Schema, full: boolean, hints: Hints): object {
  const { properties = {}, required = [], additionalProperties } = schema;
  const names = Object.keys(properties).filter((name) => full || required.includes(name));
  const members = names.map((name) => [name, sample(properties[name] ?? {}, name, full, hints)]);
  if (full && typeof additionalProperties === 'object') {
    members.push(['sample', sample(additionalProperties, 'sample', full, hints)]);
  }
  return Object.fromEntries(members);
}

/** Sound bodies, the smallest and one with every member among them; none where it takes none. */
export function seedsOf(operation: string, hints: Hints): readonly object[] {
  const schema = bodySchema(documented(operation));
  if (schema === undefined) return [];
  const sampled = [false, true].map((full) => sampleObject(resolved(schema), full, hints));
  return [...(extra[operation] ?? []), ...sampled];
}
