// What the variables about signing in mean. Where one that is needed is empty, nobody is let in.
import type { SigningAlgorithm } from './auth/key_set.ts';
import type { SignIn, TokenTrust } from './auth/user.ts';
import type { Isolate } from './isolate.ts';
import { address, SettingError, text, type Variables } from './settings.ts';

const algorithms: readonly SigningAlgorithm[] = ['ES256', 'RS256', 'EdDSA'];

/** How users sign in to this instance. @throws SettingError */
export function signInOf(variables: Variables, isolate: Isolate): SignIn {
  const tokens = issuerOf(variables, isolate);
  const access = accessOf(variables, isolate);
  const url = text(variables, 'SIGN_IN_URL');
  if (url !== undefined && !/^https?:\/\/[^/?#].*\{return\}/.test(url)) {
    throw new SettingError('SIGN_IN_URL must begin with https:// or http:// and hold {return}');
  }
  return { ...(tokens && { tokens }), ...(access && { access }), ...(url && { url }) };
}

function issuerOf(variables: Variables, isolate: Isolate): TokenTrust | undefined {
  const issuer = text(variables, 'SIGN_IN_ISSUER');
  const audience = text(variables, 'SIGN_IN_AUDIENCE');
  if (issuer === undefined || audience === undefined) {
    return undefined;
  }
  const named = text(variables, 'SIGN_IN_ALGORITHM') ?? 'ES256';
  const algorithm = algorithms.find((each) => each === named);
  if (algorithm === undefined) {
    throw new SettingError(`SIGN_IN_ALGORITHM must be one of ${algorithms.join(', ')}`);
  }
  const usual = `${issuer.replace(/\/+$/, '')}/.well-known/jwks.json`;
  const url = address(variables, 'SIGN_IN_JWKS_URL', usual);
  return { keys: isolate.keySet(url, algorithm), issuer, audience, algorithm };
}

function accessOf(variables: Variables, isolate: Isolate): TokenTrust | undefined {
  const audience = text(variables, 'ACCESS_AUDIENCE');
  if (text(variables, 'ACCESS_TEAM') === undefined || audience === undefined) {
    return undefined;
  }
  const issuer = address(variables, 'ACCESS_TEAM', '');
  const algorithm = 'RS256';
  const keys = isolate.keySet(`${issuer}/cdn-cgi/access/certs`, algorithm);
  return { keys, issuer, audience, algorithm };
}
