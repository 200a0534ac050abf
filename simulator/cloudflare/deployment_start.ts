// Stores a new deployment: its stages begin with it, and follow from the clock.

import { refusal } from './errors.ts';
import {
  type Content,
  type Deployment,
  findProject,
  keys,
  type Project,
  saveProject,
  takeBehaviour,
  type World,
} from './model.ts';

/** What is to be deployed. */
export type Wanted = Pick<
  Deployment,
  'trigger' | 'branch' | 'commit_hash' | 'commit_message' | 'commit_dirty' | 'uses_functions'
> &
  Partial<Pick<Deployment, 'fails_at' | 'skip_reason' | 'serves'>> & {
    /** The key of the content, or what makes it for the new deployment. */
    content: string | ((made: Made) => Produced);
  };

/** A deployment that has an address but no content yet. */
export type Made = Pick<Deployment, 'id' | 'environment' | 'env_vars'> & {
  /** Whether it gets as far as its build; where it does not, nothing is to be run. */
  isBuilt: boolean;
};

/** What a build has made. */
export interface Produced {
  /** The key of the content. */
  content: string;
  /** What the log of the build stage says. */
  lines?: string[];
  isFailed?: boolean;
}

/**
 * Stores a deployment that begins now. The project is read again, because reading an upload takes
 * time in which another one may have been stored; 8000119 where the project is to be blocked.
 */
export function startDeployment(
  world: World,
  from: Project,
  wanted: Wanted,
): { project: Project; deployment: Deployment } {
  const project = findProject(world, from.account_id, from.name);
  if (project?.id !== from.id) throw refusal('projectNotFound');
  const behaviour = wanted.skip_reason === undefined ? takeBehaviour(world, project.name) : {};
  if (behaviour.blocked === true) throw refusal('projectBlocked');
  const { limits } = world;
  const pulls = wanted.trigger !== 'ad_hoc';
  if (pulls && wanted.skip_reason === undefined) leaveQueue(world, project, wanted.branch);
  const environment = wanted.branch === project.production_branch ? 'production' : 'preview';
  const { env_vars } = project.configs[environment];
  const own = { id: world.ids.uuid(), environment, env_vars } as const;
  const failure = behaviour.outcome === 'failure' ? (behaviour.fails_at ?? 'deploy') : undefined;
  const planned = wanted.fails_at ?? failure;
  const isBuilt = wanted.skip_reason === undefined && (planned ?? 'deploy') === 'deploy';
  const produced = producedBy(wanted, { ...own, isBuilt });
  const fails_at = produced.isFailed === true ? 'build' : planned;
  const deployment: Deployment = {
    ...wanted,
    ...own,
    content: produced.content,
    created_ms: world.clock.now(),
    stages_ms: {
      queued: pulls ? limits.queued_ms : 0,
      initialize: pulls ? limits.initialize_ms : 0,
      clone_repo: pulls ? limits.clone_repo_ms : 0,
      build: pulls ? limits.build_ms : 0,
      deploy: behaviour.deploy_ms ?? limits.deploy_ms,
    },
    ...(fails_at === undefined ? {} : { fails_at }),
    serves: wanted.serves ?? behaviour.serves ?? 'new',
    propagation_ms: behaviour.propagation_ms ?? limits.propagation_ms,
  };
  if (produced.lines !== undefined) {
    world.store.put(keys.buildLog(project.id, deployment.id), produced.lines);
  }
  world.store.put(keys.deployment(project.id, deployment.id), deployment);
  project.deployments.push(deployment.id);
  saveProject(world, project);
  return { project, deployment };
}

// A build that is still in the queue gives way to a newer one of its branch.
function leaveQueue(world: World, project: Project, branch: string): void {
  const now_ms = world.clock.now();
  for (const id of project.deployments) {
    const key = keys.deployment(project.id, id);
    const waiting = world.store.get<Deployment>(key);
    if (waiting === undefined || waiting.trigger === 'ad_hoc' || waiting.branch !== branch)
      continue;
    const isQueued = now_ms < waiting.created_ms + waiting.stages_ms.queued;
    if (!isQueued || waiting.skip_reason !== undefined) continue;
    world.store.put(key, { ...waiting, skip_reason: 'superseded_queued_build' });
  }
}

function producedBy({ content }: Wanted, made: Made): Produced {
  return typeof content === 'string' ? { content } : content(made);
}

/** Stores content and returns its key. */
export function saveContent(world: World, project: Project, content: Content): string {
  const id = world.ids.uuid();
  world.store.put(keys.content(project.id, id), content);
  return id;
}
