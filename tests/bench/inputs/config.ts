// Configuration documents as an operator sends them: features with options, plain variables,
// sign-in. They keep within the rules of src/domain/config.cpp unless a fault is asked for.
import { pick, randomFrom } from './random.ts';

type Scalar = string | number | boolean;
type Scalars = Record<string, Scalar>;

interface Switch {
  enabled: boolean;
  options?: Scalars;
}

/** The documents of one configuration. */
export interface ConfigDocuments {
  features: { features: Record<string, Switch>; stacks: Record<string, Switch> };
  env: { default: Scalars; dev: Scalars; stg: Scalars; prod: Scalars };
  auth: Record<'default' | 'prod', Record<string, string | string[]>>;
}

// Of the core's 200, so that no map has too many.
const names_max = 190;
const encoder = new TextEncoder();

const subjects = ['billing', 'orders', 'stock', 'reports', 'search', 'chat', 'maps', 'calendar'];
const aspects = ['overview', 'export', 'sync', 'editor', 'alerts', 'archive', 'import', 'widgets'];
const settings = ['maxItems', 'refreshSeconds', 'showBanner', 'theme', 'startPage', 'label'];
const variables = ['API_BASE_URL', 'SUPPORT_EMAIL', 'REGION', 'LOCALE', 'CDN_URL', 'MAP_STYLE'];
const words = ['Monthly', 'figures', 'for', 'the', 'sales', 'team', 'in', 'every', 'branch', 'and'];

function sentence(random: () => number): string {
  const count = 3 + Math.floor(random() * 9);
  const text = Array.from({ length: count }, () => pick(random, words)).join(' ');
  // Now and then what has to be escaped, and letters beyond ASCII.
  if (random() < 0.04) return `${text}: "${pick(random, words)}"\n`;
  return random() < 0.04 ? `${text}, Z\u00fcrich` : text;
}

function scalar(random: () => number): Scalar {
  const kind = random();
  if (kind < 0.2) return random() < 0.5;
  if (kind < 0.4) return Math.floor(random() * 5000);
  if (kind < 0.45) return Math.floor(random() * 1000) / 8;
  if (kind < 0.65)
    return `https://${pick(random, subjects)}.example.com/v2/${pick(random, aspects)}`;
  return kind < 0.8 ? pick(random, words) : sentence(random);
}

const numbered = (names: readonly string[], index: number, joint: string): string => {
  const name = names[index % names.length] ?? '';
  const round = Math.floor(index / names.length);
  return round === 0 ? name : `${name}${joint}${round}`;
};

const ids: readonly string[] = subjects.flatMap((subject) =>
  aspects.map((aspect) => `${subject}-${aspect}`),
);

/** A valid configuration whose JSON has about `bytes` bytes, from 700 to two million. */
export function configDocuments(bytes: number): ConfigDocuments {
  const random = randomFrom(bytes);
  const documents: ConfigDocuments = {
    features: { features: {}, stacks: {} },
    env: { default: { APP_NAME: 'Acme Portal' }, dev: {}, stg: {}, prod: {} },
    auth: {
      default: {
        provider: 'oidc',
        issuer: 'https://login.example.com/realms/acme',
        clientId: 'acme-portal',
        scopes: ['openid', 'profile', 'email'],
      },
      prod: { issuer: 'https://login.example.com/realms/acme-prod' },
    },
  };
  let left = bytes - JSON.stringify(documents).length;
  const put = <Value>(into: Record<string, Value>, name: string, value: Value): void => {
    into[name] = value;
    left -= encoder.encode(JSON.stringify({ [name]: value })).length - 1;
  };
  const switches: Switch[] = [];
  for (let turn = 0; left > 0; turn += 1) {
    const { features, stacks } = documents.features;
    if (turn < names_max) {
      const into = turn % 4 === 3 ? stacks : features;
      const added: Switch = { enabled: random() < 0.8 };
      put(into, numbered(ids, turn, '-'), added);
      switches.push(added);
      for (const name of ['default', 'default', 'dev', 'stg', 'prod'] as const) {
        const variable = numbered(variables, Object.keys(documents.env[name]).length, '_');
        const full = Object.keys(documents.env[name]).length >= names_max;
        if (!full && random() < 0.6) put(documents.env[name], variable, scalar(random));
      }
    }
    for (let count = turn < names_max ? 2 : 200; count > 0 && left > 0; count -= 1) {
      const one = pick(random, switches);
      one.options ??= {};
      put(one.options, numbered(settings, Object.keys(one.options).length, ''), scalar(random));
    }
  }
  return documents;
}

/** The JSON of `configDocuments(bytes)`. */
export function configBytes(bytes: number): Uint8Array {
  return encoder.encode(JSON.stringify(configDocuments(bytes)));
}
