// Deploy hooks: addresses that build one branch of a git-connected project for whoever knows them.

import { hookBody } from './bodies.ts';
import { type Call, jsonBody, projectOf, requireUnblocked } from './call.ts';
import { startDeployment } from './deployment_start.ts';
import { invalidBody, ok, refusal } from './errors.ts';
import { buildOf } from './git_build.ts';
import { requireConnected } from './git_source.ts';
import { type Hook, hooksOf, keys, type Project, projectsOf, type World } from './model.ts';
import { iso } from './stages.ts';

/** POST deploy_hooks: every call makes another hook, whatever its name. */
export async function createHook(call: Call): Promise<Response> {
  const { world, account } = call;
  requireUnblocked(call);
  const { name, branch } = await jsonBody(call, hookBody);
  const project = projectOf(call);
  if (project.source === undefined) {
    throw invalidBody('', 'a Direct Upload project has nothing that a hook could build');
  }
  requireConnected(account, project);
  const owner = { account_id: account.id, project_id: project.id };
  const hook: Hook = {
    id: world.ids.uuid(),
    ...owner,
    name,
    branch,
    created_ms: world.clock.now(),
  };
  world.store.put(keys.hook(hook.id), hook);
  return ok({ hook_id: hook.id });
}

/** GET deploy_hooks; a route that is not there unless the options say so. */
export function listHooks(call: Call): Response {
  if (!call.world.deployHooks.listed) throw refusal('noRoute');
  const hooks = hooksOf(call.world, projectOf(call));
  return ok(
    hooks.map(({ id, name, branch, created_ms }) => ({
      hook_id: id,
      name,
      branch,
      created_on: iso(created_ms),
    })),
  );
}

/** DELETE one hook; a route that is not there unless the options say so. */
export function deleteHook(call: Call): Response {
  if (!call.world.deployHooks.deletable) throw refusal('noRoute');
  requireUnblocked(call);
  const project = projectOf(call);
  const found = hooksOf(call.world, project).find(({ id }) => id === call.params.hook);
  if (found === undefined) throw refusal('hookNotFound');
  call.world.store.delete(keys.hook(found.id));
  return ok(null);
}

/** POST webhooks/deploy_hooks: builds the hook's branch and answers the deployment's id only. */
export function triggerHook(call: Call): Response {
  const { world, account } = call;
  requireUnblocked(call);
  const { project, hook } = findHook(world, call.params.hook ?? '') ?? {};
  if (project === undefined || hook === undefined) throw refusal('hookNotFound');
  requireConnected(account, project);
  const { branch } = hook;
  const wanted = buildOf(world, project, { trigger: 'deploy_hook', branch, ref: branch });
  return ok({ id: startDeployment(world, project, wanted).deployment.id });
}

/** The hook with this id and its project, or undefined. */
export function findHook(world: World, id: string): { hook: Hook; project: Project } | undefined {
  const hook = world.store.get<Hook>(keys.hook(id));
  if (hook === undefined) return undefined;
  const project = projectsOf(world, hook.account_id).find((each) => each.id === hook.project_id);
  return project && { hook, project };
}
