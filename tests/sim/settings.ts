// The instance that is simulated: its variables, and its secrets, each of which has the same text
// in it, so that one search finds any of them where it must not be.
import {
  account_id,
  environmentsOf,
  type FleetAccount,
  tokensOf,
  variables,
} from '../node/crash/fleet_options.ts';
import type { Plan } from './plan.ts';

/** What every secret contains. */
export const marker = 'mark3d-s3cret';

/** The secret that webhooks are signed with. */
export const webhook_secret = `${marker}-webhook`;

/** The operators' key. */
export const admin_key = `${marker}-admin`;

/** The token of the account `main`. */
export const main_token = `${marker}-cloudflare`;

/** The GitHub token. */
export const github_token = `${marker}-github`;

/** The key of builders. */
export const internal_key = `${marker}-internal`;

/** Accounts beside `main`. */
export const further_accounts: readonly FleetAccount[] = [
  { name: 'second', id: '2'.repeat(32), token: `${marker}-second` },
  { name: 'third', id: '3'.repeat(32), token: `${marker}-third` },
];

/** The variables of the instance. */
export function variablesOf(plan: Plan): Record<string, string> {
  return {
    ...variables,
    ...tokensOf(further_accounts),
    CONFIG_STORE: plan.store,
    GITHUB_TOKEN: github_token,
    CF_API_TOKEN: main_token,
    SLIPWAY_ADMIN_KEY: admin_key,
    NNO_INTERNAL_API_KEY: internal_key,
    GITHUB_WEBHOOK_SECRET: webhook_secret,
    BUILD_DEBOUNCE_S: '5',
    BUILD_WAIT_MAX_S: '60',
    DRIFT_SAMPLE: plan.seed % 3 === 0 ? '2' : '0',
    SEALING_KEY: '5ea1'.repeat(16),
    PUBLISHING_GITHUB_OWNER: 'neutrino-io',
    PUBLISHING_GITHUB_REPOSITORY: 'ark-site',
    SIGN_IN_ISSUER: 'http://issuer.test/issuer',
    SIGN_IN_AUDIENCE: 'slipway',
  };
}

/** The secrets of the builder's jobs, by GitHub environment. */
export function environments(): Record<string, Record<string, string>> {
  const all = environmentsOf(further_accounts);
  return Object.fromEntries(
    Object.entries(all).map(([name, secrets]) => {
      const token = name.startsWith('main-') ? { CF_API_TOKEN: main_token } : {};
      return [name, { ...secrets, ...token, NNO_INTERNAL_API_KEY: internal_key }];
    }),
  );
}

export { account_id };
