// A configuration with its members in the order of the field tables, as the core writes them.
import type { AuthSettings, ConfigDocuments, FeatureSwitch } from './config_rules.ts';

type Switches = Readonly<Record<string, FeatureSwitch>>;

function isOrdered(one: FeatureSwitch): boolean {
  for (const name in one) {
    return name === 'enabled';
  }
  return true;
}

/** The switches with `enabled` first: the same object where it stands so already. */
function orderedSwitches(switches: Switches): Switches {
  for (const id in switches) {
    const one = switches[id];
    if (one !== undefined && !isOrdered(one)) {
      const entries = Object.entries(switches);
      return Object.fromEntries(
        entries.map(([name, { enabled, options }]) => [name, { enabled, options }]),
      );
    }
  }
  return switches;
}

function orderedSettings(settings: AuthSettings): AuthSettings {
  const { provider, issuer, clientId, scopes } = settings;
  return { provider, issuer, clientId, scopes };
}

/** The documents in order; the shape must have been checked. */
export function orderedConfig({ features, env, auth }: ConfigDocuments): ConfigDocuments {
  const { stacks } = features;
  return {
    features: {
      features: orderedSwitches(features.features),
      stacks: stacks && orderedSwitches(stacks),
    },
    env: { default: env.default, dev: env.dev, stg: env.stg, prod: env.prod },
    auth: {
      default: orderedSettings(auth.default),
      dev: auth.dev && orderedSettings(auth.dev),
      stg: auth.stg && orderedSettings(auth.stg),
      prod: auth.prod && orderedSettings(auth.prod),
    },
  };
}
