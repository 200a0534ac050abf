// What the variables and secrets mean that are about GitHub, its App and whose tokens of jobs are
// believed, and about two tokens of one account. All of them remember what was answered, from one
// invocation to the next.
import type { OidcTrust } from './auth/oidc.ts';
import type { Isolate } from './isolate.ts';
import {
  address,
  type Credential,
  cloudflareTokens,
  type Keys,
  keysOf,
  text,
  texts,
  type Upstreams,
  upstreamsOf,
  type Variables,
} from './settings.ts';
import { signInOf } from './sign_in_settings.ts';
import type { GithubApp } from './upstream/github_app.ts';
import type { TokenSource } from './upstream/token_source.ts';

/**
 * The upstreams with the credentials of a GitHub App, where there is one, and with both tokens of
 * accounts that have two. @throws SettingError
 */
export function openUpstreams(variables: Variables, isolate: Isolate): Upstreams {
  const upstreams = upstreamsOf(variables);
  const sources = appTokens(variables, upstreams.github_url, isolate);
  const credentials = new Map<string, Credential>([...upstreams.credentials, ...sources]);
  for (const [credential, [token, previous]] of cloudflareTokens(variables)) {
    if (previous !== undefined) {
      credentials.set(credential, isolate.tokenPair(credential, token, previous));
    }
  }
  return { ...upstreams, credentials };
}

/** The keys of callers, and whose tokens are believed. @throws SettingError */
export function openKeys(variables: Variables, isolate: Isolate): Keys {
  const oidc = oidcOf(variables, isolate);
  const sign_in = signInOf(variables, isolate);
  return { ...keysOf(variables), ...(oidc === undefined ? {} : { oidc }), sign_in };
}

// The credentials of a GitHub App, which go before a token. One starts and follows the builder, and
// nothing else; the other reads sources, wherever the App is installed.
function appTokens(
  variables: Variables,
  url: string,
  isolate: Isolate,
): (readonly [string, TokenSource])[] {
  const issuer = text(variables, 'GITHUB_APP_ID');
  const private_keys = texts(variables, [
    'GITHUB_APP_PRIVATE_KEY',
    'GITHUB_APP_PRIVATE_KEY_PREVIOUS',
  ]);
  if (issuer === undefined || private_keys.length === 0) {
    return [];
  }
  const installation = text(variables, 'GITHUB_APP_INSTALLATION_ID');
  const { owner, repository } = builderOf(variables);
  const place = installation === undefined ? {} : { installation };
  const app: GithubApp = { url, issuer, private_keys, owner, repository, ...place };
  const tokens = isolate.installation_tokens;
  const builds = { actions: 'write', metadata: 'read' } as const;
  const reads = { contents: 'read', metadata: 'read' } as const;
  return [
    ['github', tokens.source(app, { permissions: builds, repositories: [repository] })],
    ['github:contents', tokens.source(app, { permissions: reads })],
  ];
}

// Ids say which repository is meant; a name may come to belong to somebody else.
function oidcOf(variables: Variables, isolate: Isolate): OidcTrust | undefined {
  const audience = text(variables, 'GITHUB_OIDC_AUDIENCE')?.replace(/\/+$/, '');
  const owner_id = text(variables, 'GITHUB_OWNER_ID');
  const repository_id = text(variables, 'GITHUB_BUILDER_REPOSITORY_ID');
  if (audience === undefined || owner_id === undefined || repository_id === undefined) {
    return undefined;
  }
  const origin = address(
    variables,
    'GITHUB_OIDC_URL',
    'https://token.actions.githubusercontent.com',
  );
  const { owner, repository } = builderOf(variables);
  return {
    keys: isolate.keySet(`${origin}/.well-known/jwks`),
    audience,
    repository: `${owner}/${repository}`,
    repository_id,
    owner_id,
    workflow: text(variables, 'GITHUB_BUILDER_WORKFLOW') ?? '',
    branch: text(variables, 'GITHUB_BUILDER_REF') ?? '',
  };
}

function builderOf(variables: Variables): { owner: string; repository: string } {
  return {
    owner: text(variables, 'GITHUB_OWNER') ?? '',
    repository: text(variables, 'GITHUB_BUILDER_REPOSITORY') ?? '',
  };
}
