// The inputs of each piece, by the label that the table shows.
import type { PieceName } from '../contender.ts';
import { configBytes, configDocuments } from './config.ts';
import { deploymentsPage, projectWish, runsPage } from './upstream.ts';

/** One input of a piece. */
export interface Sample {
  /** Size, and what is special about it, such as `4 KB, wrong shape`. */
  readonly label: string;
  readonly bytes: Uint8Array;
}

const encoder = new TextEncoder();
const kb = 1024;

/** A configuration with an unknown, a missing and two mistyped members. */
function misshapen(bytes: number): Uint8Array {
  const { features, env, auth } = configDocuments(bytes);
  const scopes = ['openid', 7];
  const documents = {
    features: { features: features.features, stack: {} },
    env: { dev: env.dev, prod: { ...env.prod, RETRIES: null } },
    auth: { ...auth, default: { ...auth.default, scopes } },
  };
  return encoder.encode(JSON.stringify(documents));
}

/** A configuration with a name that looks secret, a bad id, a bad URL and a missing client. */
function unruly(bytes: number): Uint8Array {
  const { features, env, auth } = configDocuments(bytes);
  const documents = {
    features: { ...features, stacks: { 'Not-an-id': { enabled: true } } },
    env: { ...env, prod: { API_TOKEN: 'x' } },
    auth: { ...auth, default: { provider: 'oidc', issuer: 'http://login.example.com' } },
  };
  return encoder.encode(JSON.stringify(documents));
}

const lists: Readonly<Record<PieceName, () => readonly Sample[]>> = {
  'config.validate': () => [
    { label: '1 KB', bytes: configBytes(kb) },
    { label: '4 KB', bytes: configBytes(4 * kb) },
    { label: '64 KB', bytes: configBytes(64 * kb) },
    { label: '1 MB', bytes: configBytes(kb * kb) },
    { label: '4 KB, wrong shape', bytes: misshapen(4 * kb) },
    { label: '4 KB, wrong values', bytes: unruly(4 * kb) },
  ],
  'github.runs': () => [
    { label: '12 KB, 1 run', bytes: runsPage(1) },
    { label: '64 KB, 5 runs', bytes: runsPage(5) },
    { label: '1.2 MB, 100 runs', bytes: runsPage(100) },
  ],
  'pages.deployments': () => [
    { label: '2 KB, 1 item', bytes: deploymentsPage(1) },
    { label: '4 KB, 2 items', bytes: deploymentsPage(2) },
    { label: '40 KB, 25 items', bytes: deploymentsPage(25) },
  ],
  'pages.create_project': () => [{ label: '0.1 KB', bytes: projectWish() }],
};

/** The inputs of the piece, the same in every run and on every host. */
export function samplesOf(piece: PieceName): readonly Sample[] {
  return lists[piece]();
}
