// Faults of a configuration, each with the place and the code under which it must be told, and the
// sound documents that they are planted in. Faults of one kind do not hide each other.

type Members = Record<string, unknown>;

/** Documents as they are sent; faults change them. */
export interface Documents {
  features: { features: Record<string, Members>; stacks: Record<string, Members> };
  env: Record<'default' | 'dev' | 'prod', Members>;
  auth: Record<'default' | 'dev' | 'prod', Members>;
}

/** A fault: it is planted once for each number, every time in a place of its own. */
export interface Fault {
  readonly name: string;
  /** Plants it and gives the `pointer code` of each issue that must come of it. */
  plant(documents: Documents, number: number): readonly string[];
}

/** Documents without a fault. */
export function soundDocuments(): Documents {
  const features: Record<string, Members> = {
    billing: { enabled: true, options: { PLAN: 'basic', SEATS: 5 }, requires: ['stack:search'] },
    beta: { enabled: false },
  };
  return {
    features: { features, stacks: { search: { enabled: true } } },
    env: { default: { APP_NAME: 'Acme' }, dev: { APP_NAME: 'Acme (dev)' }, prod: {} },
    auth: { default: { provider: 'none' }, dev: {}, prod: {} },
  };
}

type EnvName = keyof Documents['env'];
const env_names: readonly EnvName[] = ['default', 'dev', 'prod'];
const environmentFor = (number: number): EnvName => env_names[number % 3] ?? 'default';

function variable(name: string, value: unknown, code: string): Fault['plant'] {
  return ({ env }, number) => {
    const where = environmentFor(number);
    env[where][name + number] = value;
    return [`/env/${where}/${name}${number} ${code}`];
  };
}

function option(name: string, value: unknown, code: string): Fault['plant'] {
  return ({ features }, number) => {
    const id = `option-${name.toLowerCase().replaceAll('_', '-')}-${number}`;
    features.features[id] = { enabled: true, options: { [name]: value } };
    return [`/features/features/${id}/options/${name} ${code}`];
  };
}

// `plant` by the kind of switch, which changes from number to number.
function switchFault(
  change: (switches: Record<string, Members>, id: string) => readonly string[],
): Fault['plant'] {
  return ({ features }, number) => {
    const kind = number % 2 === 0 ? 'features' : 'stacks';
    const issues = change(features[kind], `planted-${number}`);
    return issues.map((issue) => `/features/${kind}${issue}`);
  };
}

const named = (name: string, plant: Fault['plant']): Fault => ({ name, plant });

/** Values that have the right shape and break a rule. */
export const rule_faults: readonly Fault[] = [
  named('a name that looks secret', variable('API_TOKEN_', 'x', 'config.secret')),
  named('a name that is none', variable('not-a-name-', 'x', 'config.name')),
  named('a name with marks', variable('a/b~', 'x', 'config.name')),
  named('a text that is too long', variable('LONG', 'x'.repeat(4097), 'config.too_long')),
  named('a number that is rounded', variable('BIG', 9_007_199_254_740_994, 'config.number')),
  named('a secret among options', option('CLIENT_SECRET', 'x', 'config.secret')),
  named('a long text among options', option('TEXT', 'x'.repeat(5000), 'config.too_long')),
  named(
    'an id that is none',
    switchFault((switches, id) => {
      switches[`${id}_X`] = { enabled: true };
      return [`/${id}_X config.name`];
    }),
  ),
  named(
    'a requirement that does not exist',
    switchFault((switches, id) => {
      switches[id] = { enabled: true, requires: ['billing', `${id}-nowhere`] };
      return [`/${id}/requires/1 config.requires`];
    }),
  ),
  named(
    'a requirement that is off',
    switchFault((switches, id) => {
      switches[`${id}-off`] = { enabled: true, requires: ['beta'] };
      return [`/${id}-off/requires/0 config.requires`];
    }),
  ),
];

/** Rules of single places; each can be broken once. */
export const single_faults: readonly Fault[] = [
  named('an issuer that is no URL', ({ auth }) => {
    auth.dev.issuer = 'http://login.example.com';
    return ['/auth/dev/issuer config.url'];
  }),
  named('an empty client', ({ auth }) => {
    auth.prod.clientId = '';
    return ['/auth/prod/clientId config.too_long'];
  }),
  named('too many scopes', ({ auth }) => {
    auth.default.scopes = Array.from({ length: 33 }, (_, index) => `s${index}`);
    return ['/auth/default/scopes config.too_many'];
  }),
  named('a sign-in that lacks what it needs', ({ auth }) => {
    auth.prod.provider = 'oidc';
    return ['/auth config.auth_incomplete'];
  }),
];

function unknownField(at: (documents: Documents) => Members, pointer: string): Fault['plant'] {
  return (documents, number) => {
    at(documents)[`more${number}`] = { a: [1, {}] };
    return [`${pointer}/more${number} field.unknown`];
  };
}

/** What is not of the right shape. */
export const shape_faults: readonly Fault[] = [
  named(
    'an unknown document',
    unknownField((documents) => documents as unknown as Members, ''),
  ),
  named(
    'an unknown field of a setting',
    unknownField(({ auth }) => auth.default, '/auth/default'),
  ),
  named(
    'an unknown environment',
    unknownField(({ env }) => env, '/env'),
  ),
  named('a value that is no leaf', variable('NESTED', { a: 1 }, 'field.type')),
  named('a value that is nothing', variable('NULL', null, 'field.type')),
  named('an option that is a list', option('LIST', [1], 'field.type')),
  named(
    'a switch without its state',
    switchFault((switches, id) => {
      switches[id] = { options: {} };
      return [`/${id}/enabled field.missing`];
    }),
  ),
  named(
    'a switch of words',
    switchFault((switches, id) => {
      switches[id] = { enabled: 'yes', requires: 'billing', enabeld: true };
      return [
        `/${id}/enabled field.type`,
        `/${id}/requires field.type`,
        `/${id}/enabeld field.unknown`,
      ];
    }),
  ),
  named(
    'a requirement that is no text',
    switchFault((switches, id) => {
      switches[id] = { enabled: true, requires: ['billing', 7, null] };
      return [`/${id}/requires/1 field.type`, `/${id}/requires/2 field.type`];
    }),
  ),
];
