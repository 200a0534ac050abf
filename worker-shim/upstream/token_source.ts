// A credential that has to be fetched before it can be sent.
import type { Ports } from '../ports.ts';

/** What came of asking for a token. */
export type TokenOutcome =
  | { readonly outcome: 'token'; readonly token: string }
  | {
      /** Nobody will give one: what the request would have been told, had it been sent. */
      readonly outcome: 'refused';
      readonly status: number;
      readonly headers: Headers;
      readonly message: string;
    }
  /** None was to be had now. */
  | { readonly outcome: 'unavailable' };

/** Where tokens come from. */
export interface TokenSource {
  /**
   * A bearer token that is good for some minutes; another one than `refused`, which an upstream has
   * answered 401. Never rejects.
   */
  token(ports: Ports, refused?: string): Promise<TokenOutcome>;
}
