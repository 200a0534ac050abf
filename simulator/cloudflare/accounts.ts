// What a token can learn about itself and its accounts.

import { type Call, pageAnswer } from './call.ts';
import { ok } from './errors.ts';

/** GET user/tokens/verify. */
export function verifyToken(call: Call): Response {
  return ok({ id: `token-of-${call.account.user ?? call.account.id}`, status: 'active' });
}

/** GET accounts: those that the token may use. */
export function listAccounts(call: Call): Response {
  return pageAnswer(call, call.visibleAccounts, 50, ({ id }) => ({
    id,
    name: id,
    type: 'standard',
    settings: {},
  }));
}
