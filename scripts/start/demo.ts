// The demo platforms: one in dev, one in dev and prod, with configurations that can be told apart.

/** A platform as the API takes it. */
export interface DemoPlatform {
  readonly platformId: string;
  readonly name: string;
  readonly environments: readonly string[];
  readonly config?: object;
}

/** Taken live by the real runner. */
export const demo_platforms: readonly DemoPlatform[] = [
  {
    platformId: 'acme',
    name: 'Acme Tools',
    environments: ['dev'],
    config: {
      features: {
        features: {
          catalogue: { enabled: true, options: { pageSize: 24 } },
          quotes: { enabled: true },
          wholesale: { enabled: false },
        },
        stacks: { 'order-desk': { enabled: true } },
      },
      env: { default: { APP_NAME: 'Acme Tools', SUPPORT_EMAIL: 'help@acme.example' } },
      auth: { default: { provider: 'none' } },
    },
  },
  {
    platformId: 'globex',
    name: 'Globex Energy',
    environments: ['dev', 'prod'],
    config: {
      features: {
        features: { metering: { enabled: true }, billing: { enabled: true } },
        stacks: {},
      },
      env: {
        default: { APP_NAME: 'Globex Energy (dev)', TARIFF_COUNT: 3 },
        prod: { APP_NAME: 'Globex Energy' },
      },
      auth: {
        default: {
          provider: 'oidc',
          issuer: 'https://login.globex.example',
          clientId: 'globex-portal',
          scopes: ['openid', 'email'],
        },
      },
    },
  },
];

/** `count` platforms for the modelled runner, half of them in dev, half in prod: two batches. */
export function fleetPlatforms(count: number): DemoPlatform[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(3, '0');
    const environments = [index < count / 2 ? 'prod' : 'dev'];
    return { platformId: `fleet-${number}`, name: `Fleet ${number}`, environments };
  });
}
