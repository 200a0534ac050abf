// What the tests of credentials share: a GitHub App with two keys, a fleet that uses it, and ports
// whose outside is one function.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { stableId } from '../../../simulator/base/random.ts';
import type { AppOptions } from '../../../simulator/github/apps.ts';
import type { Run } from '../../../simulator/runner/contract.ts';
import type { Ports } from '../../../worker-shim/ports.ts';
import { memoryPorts } from '../support/memory_ports.ts';
import { openSqliteDb } from '../support/sqlite_db.ts';

/** The builder's repository. */
export const builder = 'neutrino-io/nno-platform-builder';

/** A key pair as GitHub hands it out. */
export interface AppKey {
  readonly privateKey: KeyObject;
  /** PKCS#1, as GitHub's file is. */
  readonly pem: string;
  readonly publicPem: string;
}

/** A new key. */
export function makeKey(): AppKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    privateKey,
    pem: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

/** The App's key, and one that GitHub does not know. */
export const [known, unknown] = [makeKey(), makeKey()];

/** An App that is installed on the builder's repository and one more. */
export const app: AppOptions = {
  id: 1234,
  client_id: 'Iv23liSlipway',
  public_keys: [known.publicPem],
  installation_id: 987_654,
  repositories: [builder, 'neutrino-io/other'],
  permissions: { actions: 'write', contents: 'write', metadata: 'read' },
};

/** The variables of an instance with the App and without a token. */
export const by_app: Readonly<Record<string, string>> = {
  GITHUB_TOKEN: '',
  GITHUB_APP_ID: app.client_id,
  GITHUB_APP_PRIVATE_KEY: known.pem,
  GITHUB_APP_INSTALLATION_ID: String(app.installation_id),
};

/** Ports with a clock of their own, whose every fetch is answered by `answer`. */
export function portsTo(
  answer: (request: Request) => Response | Promise<Response>,
): Ports & { readonly clock: { now_ms: number } } {
  return memoryPorts({ db: openSqliteDb(), fetch: async (request) => await answer(request) });
}

/** A JSON answer. */
export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers });
}

/** A run of the builder's workflow, as far as its tokens tell of it. */
export function builderRun(id: number): Run {
  return {
    id,
    number: 7,
    repository: builder,
    path: '.github/workflows/build.yml',
    workflowName: 'Build and Deploy Platform',
    branch: 'main',
    sha: 'a'.repeat(40),
    actor: 'slipway[bot]',
  } as Run;
}

/** The variables that have an instance at `audience` believe GitHub's tokens for the builder. */
export function believing(audience: string): Readonly<Record<string, string>> {
  return {
    GITHUB_OWNER: 'neutrino-io',
    GITHUB_BUILDER_REPOSITORY: 'nno-platform-builder',
    GITHUB_BUILDER_WORKFLOW: 'build.yml',
    GITHUB_BUILDER_REF: 'main',
    GITHUB_OWNER_ID: String(stableId('neutrino-io')),
    GITHUB_BUILDER_REPOSITORY_ID: String(stableId(builder)),
    GITHUB_OIDC_URL: 'http://oidc.test',
    GITHUB_OIDC_AUDIENCE: audience,
  };
}
