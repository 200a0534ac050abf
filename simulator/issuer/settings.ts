// What an issuer can be set to, and the bodies that it takes, read strictly.

import { list, number, object, oneOf, type Reader, record, string } from '../base/strict.ts';
import { type Algorithm, algorithms } from './keys.ts';

/** A person who can sign in on the page. */
export interface DemoUser {
  /** The `sub` of the person's tokens. */
  user: string;
  name: string;
  /** Who that is, for the reader of the page. */
  about: string;
}

/** The settings of both issuers. */
export interface IssuerSettings {
  /** Where the simulator is found: `http://127.0.0.1:8788`. As the caller writes it when absent. */
  url?: string;
  /** `slipway` when absent. */
  audience?: string;
  /** `ES256` when absent. Access signs with RS256 always. */
  algorithm?: Algorithm;
  /** The audience of Access; `slipway-access` when absent. */
  accessAudience?: string;
  /** Ada, Ben and Cleo when absent. */
  users?: DemoUser[];
}

const text = string(/./);

/** Accepts the `issuer` part of a configuration file. */
export const issuerSettings: Reader<IssuerSettings> = object(
  {},
  {
    url: string(/^https?:\/\/[^/]+$/),
    audience: text,
    algorithm: oneOf(...algorithms),
    accessAudience: text,
    users: list(object({ user: text, name: text, about: text }), 100),
  },
);

const anything: Reader<unknown> = (value) => value;
const YEAR_S = 366 * 86_400;

/** A token that is asked for. */
export interface TokenWish {
  /** The `sub`; the e-mail address at Access. */
  user: string;
  /** How long it is valid, an hour when absent; one below zero has expired. */
  ttl_s?: number;
  /** Claims in place of, or beside, the ordinary ones; null leaves one out. */
  claims?: Record<string, unknown>;
}

/** Accepts a TokenWish. */
export const tokenWish: Reader<TokenWish> = object(
  { user: text },
  { ttl_s: number(-YEAR_S, YEAR_S), claims: record(anything) },
);

/** Who is there to sign in when the settings name nobody. */
export const demoUsers: readonly DemoUser[] = [
  { user: 'ada', name: 'Ada', about: 'Administrator of Aurora Books and Borealis Bikes' },
  { user: 'ben', name: 'Ben', about: 'Member of Aurora Books' },
  { user: 'cleo', name: 'Cleo', about: 'Member of no org' },
];
