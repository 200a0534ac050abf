// The three configuration files of a platform, in the styles in which people have written them.
// Literal ones can be read without running them; opaque ones cannot.

/** How a file can be read. */
export type SourceKind = 'literal' | 'opaque' | 'missing';

/** What the files say about a platform. */
export interface PlatformFacts {
  platformId: string;
  /** Its name for people. */
  title: string;
  features: readonly string[];
}

/** One way of writing a file. */
export interface Style {
  kind: SourceKind;
  /** The file's text; undefined where it is missing. */
  write(facts: PlatformFacts): string | undefined;
}

const missing: Style = { kind: 'missing', write: () => undefined };

const style = (kind: SourceKind, write: (facts: PlatformFacts) => string[]): Style => ({
  kind,
  write: (facts) => `${write(facts).join('\n')}\n`,
});

/** The styles of `features.config.ts`. */
export const featuresStyles: readonly Style[] = [
  style('literal', ({ features }) => [
    '// Written by the CLI. Edits are kept.',
    'export const featuresConfig = {',
    '  "features": {',
    features.map((name) => `    "${name}": { "enabled": true }`).join(',\n'),
    '  }',
    '};',
  ]),
  style('literal', ({ features }) => [
    '/* What this platform has. */',
    'export const featuresConfig = {',
    '  features: {',
    ...features.map((name) => `    '${name}': { enabled: true, options: { max: 1_000 } }, // on`),
    '  },',
    '  stacks: { crm: { enabled: false } },',
    '};',
  ]),
  style('opaque', ({ features }) => [
    "import { defineFeatures } from '@nno/config';",
    '',
    'export const featuresConfig = defineFeatures({',
    `  features: [${features.map((name) => `'${name}'`).join(', ')}],`,
    '});',
  ]),
  style('literal', ({ features }) => [
    "import type { FeaturesConfig } from '@nno/config';",
    '',
    'const featuresConfig: FeaturesConfig = {',
    '  features: {',
    ...features.map((name) => `    '${name}': { enabled: true as const },`),
    '  },',
    '  // beta: { enabled: true },',
    '};',
    '',
    'export default featuresConfig;',
  ]),
  missing,
  style('literal', ({ features }) => [
    "import type { FeaturesConfig } from '@nno/config'",
    'export const featuresConfig = {',
    '\tfeatures: {',
    ...features.map((name) => `\t\t"${name}": {enabled: ${name.length % 2 === 0}},`),
    '\t},',
    '} satisfies FeaturesConfig',
  ]),
];

/** The styles of `env.config.ts`. */
export const envStyles: readonly Style[] = [
  style('literal', ({ platformId, title }) => [
    'export const envConfig = {',
    `  APP_NAME: ${JSON.stringify(title)},`,
    `  SUPPORT_EMAIL: 'support@${platformId}.example',`,
    '  API_TIMEOUT_MS: 8_000,',
    '};',
  ]),
  style('opaque', ({ title }) => [
    'export const envConfig = {',
    `  APP_NAME: ${JSON.stringify(title)},`,
    "  API_URL: process.env.API_URL ?? 'https://api.example.com',",
    '};',
  ]),
  style('literal', ({ title }) => [
    '// One value a line, please.',
    'export default {',
    `  'APP_NAME': '${title.replaceAll("'", "\\'")}',`,
    "  'DEBUG': false,",
    '  "RETRIES": 3,',
    '} as const;',
  ]),
  style('opaque', ({ platformId }) => [
    `const tenant = '${platformId}';`,
    '',
    'export const envConfig = {',
    '  APP_NAME: tenant.toUpperCase(),',
    `  API_URL: \`https://\${tenant}.api.example.com\`,`,
    '};',
  ]),
  style('literal', ({ title }) => [`export const envConfig = { APP_NAME: \`${title}\` }`]),
];

/** The styles of `auth.config.ts`. */
export const authStyles: readonly Style[] = [
  style('literal', () => ["export const authConfig = { provider: 'none' };"]),
  style('literal', ({ platformId }) => [
    'export const authConfig = {',
    '  provider: "oidc",',
    `  issuer: "https://login.${platformId}.example",`,
    `  clientId: "${platformId}-console",`,
    '  scopes: ["openid", \'email\'],',
    '};',
  ]),
  missing,
  style('opaque', () => [
    "import { oidc } from '@nno/auth';",
    '',
    'export const authConfig = oidc({ clientId: import.meta.env.VITE_CLIENT_ID });',
  ]),
  style('literal', ({ platformId }) => [
    'const authConfig = {',
    "  provider: 'oidc' as const,",
    `  issuer: 'https://login.${platformId}.example/', // keep the slash`,
    `  clientId: '${platformId}',`,
    '};',
    'export { authConfig };',
  ]),
];
