// What the builder says about this build, in environment variables. All are absent in development.

/** The identity of one build. */
export interface Build {
  /** Deployment id, or `local` outside the builder. */
  readonly deployment: string;
  /** Platform id, or `starter` outside the builder. */
  readonly platform: string;
  /** `dev`, `stg` or `prod`. */
  readonly environment: string;
  /** Config version, 1 or more; 0 outside the builder. */
  readonly version: number;
  /** The starter's commit, 40 hex digits, or empty when unknown. */
  readonly shellSha: string;
}

/**
 * Reads the SLIPWAY_* variables.
 * @throws Error when SLIPWAY_CONFIG_VERSION is not a whole number.
 */
export function readBuild(env: Readonly<Record<string, string | undefined>>): Build {
  const version = env.SLIPWAY_CONFIG_VERSION || '0';
  if (!/^\d{1,15}$/.test(version)) {
    throw new Error(`SLIPWAY_CONFIG_VERSION is not a whole number: ${version}`);
  }
  return {
    deployment: env.SLIPWAY_DEPLOYMENT || 'local',
    platform: env.SLIPWAY_PLATFORM || 'starter',
    environment: env.SLIPWAY_ENVIRONMENT || 'dev',
    version: Number(version),
    shellSha: env.SLIPWAY_SHELL_SHA || '',
  };
}
