// Where a deployment stands at a given time, and which deployment an alias serves. Everything here
// follows from stored records and the clock: nothing has to run for time to pass.

import type { Deployment, Project } from './model.ts';
import { type StageName, stageNames } from './options.ts';

/** One stage as the API shows it. */
export interface Stage {
  name: StageName;
  status: 'success' | 'idle' | 'active' | 'failure' | 'skipped';
  started_on: string | null;
  ended_on: string | null;
}

/** All stages at `now_ms`. */
export function stagesAt(deployment: Deployment, now_ms: number): Stage[] {
  if (deployment.skip_reason !== undefined) return skippedStages();
  let start_ms = deployment.created_ms;
  let over = false;
  return stageNames.map((name): Stage => {
    const begun = start_ms;
    const end_ms = begun + deployment.stages_ms[name];
    if (over || now_ms < begun) return { name, status: 'idle', started_on: null, ended_on: null };
    start_ms = end_ms;
    const started_on = iso(begun);
    if (now_ms < end_ms) {
      over = true;
      return { name, status: 'active', started_on, ended_on: null };
    }
    over = deployment.fails_at === name;
    return { name, status: over ? 'failure' : 'success', started_on, ended_on: iso(end_ms) };
  });
}

/** The last stage that has begun. */
export function latestStage(stages: Stage[]): Stage {
  const begun = stages.filter((stage) => stage.status !== 'idle');
  const last = begun.at(-1) ?? stages[0];
  if (last === undefined) throw new RangeError('a deployment without stages');
  return last;
}

/** When the deployment succeeds, or undefined when it never does. */
export function successAt(deployment: Deployment): number | undefined {
  if (deployment.fails_at !== undefined || deployment.skip_reason !== undefined) return undefined;
  return stageNames.reduce((at, name) => at + deployment.stages_ms[name], deployment.created_ms);
}

/** The production deployment that is canonical at `now_ms`: the last one that became so. */
export function canonicalAt(
  project: Project,
  deployments: Deployment[],
  now_ms: number,
): Deployment | undefined {
  return latestActivation(project, deployments, now_ms, () => 0);
}

/** The production deployment that the production alias serves at `now_ms`. */
export function servedAt(
  project: Project,
  deployments: Deployment[],
  now_ms: number,
): Deployment | undefined {
  const fresh = deployments.filter((deployment) => deployment.serves !== 'old');
  return latestActivation(project, fresh, now_ms, (deployment) => deployment.propagation_ms);
}

/** The last successful deployment of the branch whose alias is `alias`. */
export function branchServedAt(
  deployments: Deployment[],
  alias: string,
  now_ms: number,
): Deployment | undefined {
  return deployments.findLast((deployment) => {
    const at = successAt(deployment);
    return branchAlias(deployment.branch) === alias && at !== undefined && at <= now_ms;
  });
}

/** The alias of a branch: lowercase, other characters as dashes, 28 at most. */
export function branchAlias(branch: string): string {
  return branch
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 28)
    .replaceAll(/^-+|-+$/g, '');
}

/** `at_ms` as the API writes times. */
export function iso(at_ms: number): string {
  return new Date(at_ms).toISOString();
}

function skippedStages(): Stage[] {
  return stageNames.map((name) => {
    const status = name === 'queued' ? 'skipped' : 'idle';
    return { name, status, started_on: null, ended_on: null };
  });
}

function latestActivation(
  project: Project,
  deployments: Deployment[],
  now_ms: number,
  delay_ms: (deployment: Deployment) => number,
): Deployment | undefined {
  const production = deployments.filter((deployment) => deployment.environment === 'production');
  const byId = new Map(production.map((deployment) => [deployment.id, deployment]));
  const first = production.map((deployment) => ({ deployment, at_ms: successAt(deployment) }));
  const again = project.rollbacks.map(({ deployment, at_ms }) => ({
    deployment: byId.get(deployment),
    at_ms,
  }));
  let best: { deployment: Deployment; at_ms: number } | undefined;
  for (const { deployment, at_ms } of [...first, ...again]) {
    if (deployment === undefined || at_ms === undefined) continue;
    if (at_ms + delay_ms(deployment) > now_ms) continue;
    if (best === undefined || at_ms >= best.at_ms) best = { deployment, at_ms };
  }
  return best?.deployment;
}
