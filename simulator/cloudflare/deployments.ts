// The operations on deployments that exist.

import { type Call, flag, pageAnswer, projectOf, requireUnblocked } from './call.ts';
import { startDeployment, type Wanted } from './deployment_start.ts';
import { invalidBody, ok, refusal } from './errors.ts';
import { buildOf } from './git_build.ts';
import { requireConnected } from './git_source.ts';
import {
  type Deployment,
  deploymentsOf,
  keys,
  type Project,
  saveProject,
  type World,
} from './model.ts';
import {
  branchAlias,
  branchServedAt,
  canonicalAt,
  iso,
  type Stage,
  stagesAt,
  successAt,
} from './stages.ts';
import { deploymentView } from './views.ts';

/** GET deployments: newest first, at most 25 a page, of one environment when `env` is given. */
export function listDeployments(call: Call): Response {
  const { world } = call;
  const project = projectOf(call);
  const env = call.query.get('env');
  if (env !== null && env !== 'production' && env !== 'preview') throw refusal('listOptions');
  const shown = deploymentsOf(world, project)
    .filter((deployment) => env === null || deployment.environment === env)
    .reverse();
  const now_ms = world.clock.now();
  return pageAnswer(call, shown, 25, (item) => deploymentView(project, item, now_ms));
}

/** GET one deployment. */
export function getDeployment(call: Call): Response {
  const project = projectOf(call);
  return ok(deploymentView(project, deploymentOf(call, project), call.world.clock.now()));
}

/** DELETE a deployment: never the canonical one, an aliased one only by force. */
export function deleteDeployment(call: Call): Response {
  const { world } = call;
  requireUnblocked(call);
  const project = projectOf(call);
  const deployment = deploymentOf(call, project);
  const all = deploymentsOf(world, project);
  const now_ms = world.clock.now();
  if (canonicalAt(project, all, now_ms)?.id === deployment.id) throw refusal('activeProduction');
  const alias = branchAlias(deployment.branch);
  const aliased =
    deployment.environment === 'preview' &&
    branchServedAt(all, alias, now_ms)?.id === deployment.id;
  if (aliased && !flag(call, 'force')) throw refusal('aliased');
  const deployments = project.deployments.filter((id) => id !== deployment.id);
  saveProject(world, { ...project, deployments });
  world.store.delete(keys.deployment(project.id, deployment.id));
  world.store.delete(keys.buildLog(project.id, deployment.id));
  return ok(null);
}

/**
 * GET history/logs: one line for every stage that has begun or ended, and what a build command
 * wrote, spread over the time of its stage.
 */
export function getLogs(call: Call): Response {
  const project = projectOf(call);
  const deployment = deploymentOf(call, project);
  const data = stagesAt(deployment, call.world.clock.now()).flatMap((stage) => [
    ...(stage.started_on === null
      ? []
      : [{ ts: stage.started_on, line: `${stage.name}: started` }]),
    ...(stage.name === 'build' ? builtLines(call.world, project, deployment, stage) : []),
    ...(stage.ended_on === null
      ? []
      : [{ ts: stage.ended_on, line: `${stage.name}: ${stage.status}` }]),
  ]);
  return ok({ total: data.length, includes_container_logs: project.source !== undefined, data });
}

/** POST retry: a new deployment of the same files, or another build of the same commit. */
export function retryDeployment(call: Call): Response {
  const { world, account } = call;
  requireUnblocked(call);
  const project = projectOf(call);
  const before = deploymentOf(call, project);
  requireConnected(account, project);
  const { trigger, branch, commit_hash: ref } = before;
  const wanted =
    trigger === 'ad_hoc' ? contentOf(before) : buildOf(world, project, { trigger, branch, ref });
  const made = startDeployment(world, project, wanted);
  return ok(deploymentView(made.project, made.deployment, world.clock.now()));
}

/** POST rollback: an earlier successful production deployment becomes canonical again. */
export function rollbackDeployment(call: Call): Response {
  const { world } = call;
  requireUnblocked(call);
  const project = projectOf(call);
  const deployment = deploymentOf(call, project);
  const now_ms = world.clock.now();
  const at_ms = successAt(deployment);
  if (deployment.environment !== 'production' || at_ms === undefined || at_ms > now_ms) {
    throw invalidBody('', 'only a successful production deployment can be rolled back to');
  }
  const current = canonicalAt(project, deploymentsOf(world, project), now_ms);
  if (current?.id === deployment.id) {
    throw invalidBody('', 'this deployment is already the active one');
  }
  const rollbacks = [...project.rollbacks, { deployment: deployment.id, at_ms: now_ms }];
  saveProject(world, { ...project, rollbacks });
  return ok(deploymentView(project, deployment, now_ms));
}

function builtLines(
  world: World,
  project: Project,
  deployment: Deployment,
  { started_on }: Stage,
): { ts: string; line: string }[] {
  if (started_on === null) return [];
  const lines = world.store.get<string[]>(keys.buildLog(project.id, deployment.id)) ?? [];
  const begun = Date.parse(started_on);
  const step_ms = deployment.stages_ms.build / (lines.length + 1);
  const now_ms = world.clock.now();
  return lines.flatMap((line, index) => {
    const at_ms = begun + Math.floor(step_ms * (index + 1));
    return at_ms > now_ms ? [] : [{ ts: iso(at_ms), line }];
  });
}

function deploymentOf(call: Call, project: Project): Deployment {
  const id = call.params.deployment ?? '';
  const found = project.deployments.includes(id)
    ? call.world.store.get<Deployment>(keys.deployment(project.id, id))
    : undefined;
  if (found === undefined) throw refusal('deploymentNotFound');
  return found;
}

function contentOf(deployment: Deployment): Wanted {
  const { trigger, branch, commit_hash, commit_message, commit_dirty, uses_functions, content } =
    deployment;
  const commit = { branch, commit_hash, commit_message, commit_dirty };
  return { ...commit, trigger, uses_functions, content };
}
