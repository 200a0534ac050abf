// Which platforms there are before the migration: their names, environments and styles, all of
// which follow from the seed.

import { derivedSeed, seededRandom } from '../base/random.ts';
import {
  authStyles,
  envStyles,
  featuresStyles,
  type PlatformFacts,
  type SourceKind,
} from './sources.ts';

/** A platform's environment. */
export type Environment = 'dev' | 'stg' | 'prod';

/** One platform as it will be planted. */
export interface Platform extends PlatformFacts {
  environments: readonly Environment[];
  default_branch: string;
  archived: boolean;
  /** Where the configuration lies: empty for the root, else ending in `/`. */
  folder: string;
  /** Configuration files by name; a missing one is absent. */
  configs: Record<string, string>;
  sources: Record<'features' | 'env' | 'auth', SourceKind>;
}

const firsts = 'amber birch cedar delta ember fjord grove harbor iris juniper kite linden'.split(
  ' ',
);
const seconds = 'works labs freight bank media health foods energy studio motors press air'.split(
  ' ',
);
const featureNames = ['billing', 'reports', 'team-chat', 'search', 'exports'];
const environmentSets: readonly (readonly Environment[])[] = [
  ['dev', 'stg', 'prod'],
  ['dev', 'prod'],
  ['prod'],
];

/** `count` platforms. Any six in a row show every style of every file. */
export function platformsOf(count: number, seed: number): Platform[] {
  const first = Math.floor(seededRandom(derivedSeed(seed, 'phase1'))() * 1_000);
  return Array.from({ length: count }, (_, index) => platformAt(index, first + index));
}

function platformAt(index: number, turn: number): Platform {
  const platformId = idAt(turn, index);
  const title = titleOf(platformId);
  const features = featureNames.slice(turn % 3, (turn % 3) + 2 + (turn % 2));
  const facts = { platformId, title, features };
  const styles = {
    features: pick(featuresStyles, turn),
    env: pick(envStyles, turn),
    auth: pick(authStyles, turn + 2),
  };
  const configs = Object.entries(styles).flatMap(([name, style]) => {
    const text = style.write(facts);
    return text === undefined ? [] : [[`${name}.config.ts`, text]];
  });
  return {
    ...facts,
    environments: pick(environmentSets, turn),
    default_branch: turn % 9 === 4 ? 'master' : 'main',
    archived: turn % 10 === 9,
    folder: turn % 4 === 3 ? '' : 'src/config/',
    configs: Object.fromEntries(configs),
    sources: {
      features: styles.features.kind,
      env: styles.env.kind,
      auth: styles.auth.kind,
    },
  };
}

// Every pair of words once, then with a number.
function idAt(turn: number, index: number): string {
  const pairs = firsts.length * seconds.length;
  const pair = (turn * 5) % pairs;
  const words = `${pick(firsts, pair)}-${pick(seconds, Math.floor(pair / firsts.length))}`;
  return index < pairs ? words : `${words}-${Math.floor(index / pairs) + 1}`;
}

function titleOf(platformId: string): string {
  const words = platformId.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return words.join(platformId.includes('-foods') ? " & Sons' " : ' ');
}

function pick<T>(items: readonly T[], turn: number): T {
  const item = items[turn % items.length];
  if (item === undefined) throw new RangeError('there is nothing to pick from');
  return item;
}
