// A configuration with its members in the order of the field tables, as the core writes them.
import type { AuthSettings, ConfigDocuments, FeatureSwitch } from './config_rules.ts';

type Switches = Readonly<Record<string, FeatureSwitch>>;

const switch_names: readonly string[] = ['enabled', 'options', 'requires'];

function isOrdered(one: FeatureSwitch): boolean {
  let next = 0;
  for (const name in one) {
    const place = switch_names.indexOf(name, next);
    if (place < 0) return false;
    next = place + 1;
  }
  return true;
}

/** The switches with their members in order: the same object where it stands so already. */
function orderedSwitches(switches: Switches): Switches {
  for (const id in switches) {
    const one = switches[id];
    if (one !== undefined && !isOrdered(one)) {
      const entries = Object.entries(switches);
      return Object.fromEntries(
        entries.map(([name, { enabled, options, requires }]) => [
          name,
          { enabled, options, requires },
        ]),
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
