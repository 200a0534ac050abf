// The deciding round of a platform's creation: everything that it needs is known.
import type { RequestInput } from '../../../bindings/js/control.ts';
import { type Arrival, type Gathered, openTranscript } from '../../../bindings/js/transcript.ts';
import { configDocuments } from '../inputs/config.ts';

/** The same moment in every run. */
export const now_ms = 1_795_279_428_404;
/** The same random bits in every run. */
export const entropy = '9f1c27b84d3e5a60718293a4b5c6d7e8';

/** The plain variables of the instance. */
export const settings: Readonly<Record<string, string>> = {
  CONFIG_STORE: 'd1',
  CF_ACCOUNT_NAME: 'main',
  CF_ACCOUNT_ID: '0123456789abcdef0123456789abcdef',
  GITHUB_OWNER: 'neutrino-io',
  GITHUB_BUILDER_REPOSITORY: 'nno-platform-builder',
  GITHUB_BUILDER_WORKFLOW: 'build.yml',
  GITHUB_BUILDER_REF: 'main',
  SHELL_SHA: '8f3b2c1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b',
};

const encoder = new TextEncoder();

/** The accounts as the storage answers them. */
export const stored_accounts: string = JSON.stringify([
  {
    seq: 1,
    name: 'main',
    cloudflare_id: '0123456789abcdef0123456789abcdef',
    capacity: 100,
  },
]);

/** What was read before: no platform of that name, one account. */
export const facts: readonly Gathered[] = [
  { key: 'row:platform:acme', outcome: 'absent' },
  { key: 'query:accounts[]', outcome: 'found', bytes: encoder.encode(stored_accounts) },
];

/** The request as the routes hand it over. */
export const input: RequestInput = {
  kind: 'request',
  operation: 'platform_create',
  params: {},
  query: [],
  headers: {},
  principal: { kind: 'admin' },
  body_too_large: false,
};

/** The body of the request; `config_bytes` 0: without a configuration. */
export function createBody(config_bytes: number): Uint8Array {
  const config = config_bytes === 0 ? {} : { config: configDocuments(config_bytes) };
  const name = 'Acme GmbH & Co';
  const environments = ['dev', 'stg', 'prod'];
  return encoder.encode(JSON.stringify({ platformId: 'acme', name, environments, ...config }));
}

/** The input frame of the deciding round. */
export function createFrame(body: Uint8Array): Uint8Array {
  const credentials = ['github', 'cloudflare:main'];
  const opening = { now_ms, received_ms: now_ms, entropy, settings, credentials };
  const arrival: Arrival = { body };
  const transcript = openTranscript(opening, input, arrival.body);
  transcript.add(facts);
  return transcript.frame();
}
