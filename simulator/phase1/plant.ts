// The world before the migration: one repository per platform, one git-connected Pages project per
// environment, and the custom domains that people attached by hand.

import { number, object, type Reader, string } from '../base/strict.ts';
import type { Cloudflare } from '../cloudflare/index.ts';
import type { EnvVar } from '../cloudflare/model.ts';
import type { Github } from '../github/index.ts';
import { type Environment, type Platform, platformsOf } from './platforms.ts';
import { shellFiles } from './repository.ts';

export type { Environment } from './platforms.ts';

/** What is to be planted. */
export interface Phase1Options {
  /** How many platforms. */
  count: number;
  /** The Cloudflare account that holds all of the projects; its project limit does not hold. */
  account: string;
  /** Who owns the repositories; `neutrino-io` when absent. */
  owner?: string;
  /** 1 when absent. */
  seed?: number;
}

/** Accepts Phase1Options. */
export const phase1Options: Reader<Phase1Options> = object(
  { count: number(1, 10_000), account: string(/./) },
  { owner: string(/^[\w.-]+$/), seed: number(0, 2 ** 32 - 1) },
);

/** A project that was planted. */
export interface Phase1Project {
  environment: Environment;
  account: string;
  name: string;
  subdomain: string;
  /** Custom domains; `cname` where the record is kept outside of Cloudflare, by hand. */
  domains: { name: string; cname?: string }[];
}

/** A platform that was planted. */
export interface Phase1Platform
  extends Pick<Platform, 'platformId' | 'archived' | 'default_branch' | 'folder' | 'sources'> {
  /** `owner/{platformId}-platform-console`. */
  repository: string;
  projects: Phase1Project[];
}

/** The services that the world is planted into. */
export interface Phase1World {
  github: Pick<Github, 'repositories'>;
  cloudflare: Pick<Cloudflare, 'plant' | 'domain'>;
}

/**
 * Plants the platforms and returns them, the same for the same seed. A repository or project that
 * is there already stays as it is, so that planting again only adds what is missing.
 */
export function plantPhase1(world: Phase1World, options: Phase1Options): Phase1Platform[] {
  const { count, owner = 'neutrino-io', seed = 1 } = options;
  return platformsOf(count, seed).map((platform, index) => {
    const { platformId, archived, default_branch, folder, sources } = platform;
    const repository = `${owner}/${platformId}-platform-console`;
    const { repositories } = world.github;
    if (!repositories.has(repository)) {
      repositories.plant(repository, { files: filesOf(platform), default_branch, archived });
    }
    const projects = platform.environments.map((environment) =>
      plantProject(world, options.account, { platform, repository, environment, index }),
    );
    return { platformId, repository, archived, default_branch, folder, sources, projects };
  });
}

function filesOf(platform: Platform): Record<string, string> {
  const { platformId, default_branch, folder, configs } = platform;
  const named = Object.entries(configs).map(([name, text]) => [folder + name, text]);
  return { ...shellFiles(platformId, default_branch, folder), ...Object.fromEntries(named) };
}

interface Place {
  platform: Platform;
  repository: string;
  environment: Environment;
  index: number;
}

function plantProject(world: Phase1World, account: string, place: Place): Phase1Project {
  const { platform, repository, environment, index } = place;
  const { platformId, default_branch } = platform;
  const name = `${platformId}-${environment}-portal`;
  const domain = `portal.${platformId}.example`;
  const hasDomain = environment === 'prod' && index % 2 === 0;
  const [owner = '', repo_name = ''] = repository.split('/');
  const env_vars: Record<string, EnvVar> = {
    PLATFORM_ID: { type: 'plain_text', value: platformId },
    NNO_ENV: { type: 'plain_text', value: environment },
    ...(index % 3 === 0 ? { SENTRY_AUTH_TOKEN: { type: 'secret_text', value: 'hidden' } } : {}),
  };
  const subdomain = world.cloudflare.plant(account, {
    body: {
      name,
      production_branch: default_branch,
      build_config: { build_command: 'pnpm build', destination_dir: 'dist', root_dir: '' },
      deployment_configs: { production: { env_vars }, preview: { env_vars } },
      source: { type: 'github', config: { owner, repo_name } },
    },
    domains: hasDomain ? [domain] : [],
  });
  const byHand = hasDomain && index % 4 === 0;
  if (byHand) world.cloudflare.domain(domain, { cname: subdomain });
  const domains = hasDomain ? [{ name: domain, ...(byHand ? { cname: subdomain } : {}) }] : [];
  return { environment, account, name, subdomain, domains };
}
