// What is played to record the golden files: every way of the main job, and every way off it.
import type { Core } from '../../../bindings/js/core.ts';
import { playAccounts } from './scenarios_accounts.ts';
import { playApi } from './scenarios_api.ts';
import { playBuilder } from './scenarios_builder.ts';
import { playConfig } from './scenarios_config.ts';
import { playControl } from './scenarios_control.ts';
import { playMigration } from './scenarios_migration.ts';
import { playOrgs } from './scenarios_orgs.ts';
import { playPlatforms } from './scenarios_platforms.ts';
import { playProofs } from './scenarios_proofs.ts';
import { playTokens } from './scenarios_tokens.ts';
import { playUpkeep } from './scenarios_upkeep.ts';
import { playCloudflare, playGithub } from './scenarios_upstream.ts';

/** Plays stories with this core, whatever comes of them. */
export type PlayedScenario = (core: Core) => Promise<void>;

/** All of them, in a fixed order. */
export const scenarios: readonly PlayedScenario[] = [
  playApi,
  playBuilder,
  playProofs,
  playConfig,
  playPlatforms,
  playCloudflare,
  playGithub,
  playTokens,
  playAccounts,
  playUpkeep,
  playMigration,
  playControl,
  playOrgs,
];
