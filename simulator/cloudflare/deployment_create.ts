// Everything that makes a deployment: an upload, a git build, a retry.

import { readJson } from '../base/strict.ts';
import { assetHash, assetMatches, storedHashes } from './assets.ts';
import { manifestBody } from './bodies.ts';
import { type Call, projectOf, requireUnblocked } from './call.ts';
import { ApiError, invalidBody, ok, refusal } from './errors.ts';
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
import { deploymentView } from './views.ts';

const textParts = new Set([
  'manifest',
  'branch',
  'commit_message',
  'commit_hash',
  'commit_dirty',
  'wrangler_config_hash',
  'pages_build_output_dir',
]);
const functionParts = ['_worker.js', '_worker.bundle', 'functions-filepath-routing-config.json'];
const fileParts = new Set(['_headers', '_redirects', '_routes.json', ...functionParts]);

/** What a request asks to be deployed. */
export type Wanted = Pick<
  Deployment,
  | 'trigger'
  | 'branch'
  | 'commit_hash'
  | 'commit_message'
  | 'commit_dirty'
  | 'uses_functions'
  | 'content'
>;

/** POST deployments: a Direct Upload's manifest, or the head of a branch of a git project. */
export async function createDeployment(call: Call): Promise<Response> {
  const { world } = call;
  requireUnblocked(call);
  const form = await readForm(call.request);
  const project = projectOf(call);
  const uploads =
    project.source === undefined || (form.has('manifest') && world.uploadsIntoGitProjects);
  const wanted = uploads ? await uploaded(world, project, form) : built(world, project, form);
  return ok(startDeployment(world, project, wanted));
}

/**
 * Stores a deployment that begins now and returns it as the API shows it. The project is read
 * again, because reading an upload takes time in which another one may have been stored.
 */
export function startDeployment(world: World, from: Project, wanted: Wanted): object {
  const project = findProject(world, from.account_id, from.name);
  if (project?.id !== from.id) throw refusal('projectNotFound');
  const behaviour = takeBehaviour(world, project.name);
  const { limits } = world;
  const pulls = wanted.trigger !== 'ad_hoc';
  const environment = wanted.branch === project.production_branch ? 'production' : 'preview';
  const deployment: Deployment = {
    ...wanted,
    id: world.ids.uuid(),
    environment,
    created_ms: world.clock.now(),
    stages_ms: {
      queued: pulls ? limits.queued_ms : 0,
      initialize: pulls ? limits.initialize_ms : 0,
      clone_repo: pulls ? limits.clone_repo_ms : 0,
      build: pulls ? limits.build_ms : 0,
      deploy: behaviour.deploy_ms ?? limits.deploy_ms,
    },
    ...(behaviour.outcome === 'failure' ? { fails_at: behaviour.fails_at ?? 'deploy' } : {}),
    serves: behaviour.serves ?? 'new',
    propagation_ms: behaviour.propagation_ms ?? limits.propagation_ms,
    env_vars: project.configs[environment].env_vars,
  };
  world.store.put(keys.deployment(project.id, deployment.id), deployment);
  saveProject(world, { ...project, deployments: [...project.deployments, deployment.id] });
  return deploymentView(project, deployment, world.clock.now());
}

async function uploaded(world: World, project: Project, form: FormData): Promise<Wanted> {
  const manifestText = textPart(form, 'manifest');
  if (manifestText === undefined) throw refusal('manifestMissing');
  const manifest = readJson(manifestText, manifestBody);
  checkManifest(world, project, manifest);
  const content: Content = {
    manifest,
    headers: await fileText(form, '_headers'),
    redirects: await fileText(form, '_redirects'),
  };
  return {
    ...commit(project, form),
    trigger: 'ad_hoc',
    uses_functions: functionParts.some((name) => form.has(name)),
    content: saveContent(world, project, content),
  };
}

// There is no repository to build, so a git build yields one page that names what was built.
function built(world: World, project: Project, form: FormData): Wanted {
  for (const name of form.keys()) {
    if (name !== 'branch') throw invalidBody('', `a git-connected project takes no part "${name}"`);
  }
  const from = commit(project, form);
  const page = Buffer.from(`<!doctype html>\n<title>${project.name}</title>\n`);
  const hash = assetHash('/index.html', page);
  world.store.putBytes(keys.asset(project.id, hash), page);
  const content = { manifest: { '/index.html': hash }, headers: '', redirects: '' };
  return {
    ...from,
    commit_hash: world.ids.uuid().replaceAll('-', ''),
    trigger: 'github:push',
    uses_functions: false,
    content: saveContent(world, project, content),
  };
}

type Commit = Pick<Wanted, 'branch' | 'commit_hash' | 'commit_message' | 'commit_dirty'>;

function commit(project: Project, form: FormData): Commit {
  const message = textPart(form, 'commit_message') ?? '';
  const ascii = [...message].every((letter) => letter.charCodeAt(0) < 128);
  if (!ascii) throw refusal('commitMessage');
  const dirty = textPart(form, 'commit_dirty') ?? 'false';
  if (dirty !== 'true' && dirty !== 'false') {
    throw invalidBody('/commit_dirty', 'must be "true" or "false"');
  }
  return {
    branch: textPart(form, 'branch') || project.production_branch,
    commit_hash: textPart(form, 'commit_hash') ?? '',
    commit_message: message,
    commit_dirty: dirty === 'true',
  };
}

function checkManifest(world: World, project: Project, manifest: Record<string, string>): void {
  const paths = Object.entries(manifest);
  if (paths.length > world.limits.files) throw invalidBody('/manifest', 'too many files');
  const stored = storedHashes(world, project.id);
  for (const [path, hash] of paths) {
    const refuse = (why: string): ApiError => invalidBody('/manifest', `${path}: ${why}`);
    const parts = path.split('/');
    if (parts.shift() !== '' || parts.some((part) => ['', '.', '..'].includes(part))) {
      throw refuse('must be a plain path from the root');
    }
    if (!stored.has(hash)) throw refuse('this file was never uploaded');
    if (!assetMatches(world, project.id, path, hash)) throw refuse('the bytes have another hash');
  }
}

function saveContent(world: World, project: Project, content: Content): string {
  const id = world.ids.uuid();
  world.store.put(keys.content(project.id, id), content);
  return id;
}

async function readForm(request: Request): Promise<FormData> {
  const type = request.headers.get('content-type') ?? '';
  if (!/^multipart\/form-data\s*;/i.test(type)) {
    const rest = await request.arrayBuffer();
    if (rest.byteLength === 0) return new FormData();
    throw new ApiError(415, 10001, 'The content type must be multipart/form-data');
  }
  const form = await request.formData().catch(() => undefined);
  if (form === undefined) throw invalidBody('', 'the multipart body is malformed');
  const seen = new Set<string>();
  for (const [name, value] of form) {
    if (!textParts.has(name) && !fileParts.has(name)) {
      throw invalidBody('', `unknown part "${name}"`);
    }
    if (seen.has(name)) throw invalidBody('', `part "${name}" comes twice`);
    if (textParts.has(name) && typeof value !== 'string') {
      throw invalidBody('', `part "${name}" must be text`);
    }
    seen.add(name);
  }
  return form;
}

function textPart(form: FormData, name: string): string | undefined {
  const value = form.get(name);
  return typeof value === 'string' ? value : undefined;
}

async function fileText(form: FormData, name: string): Promise<string> {
  const value = form.get(name);
  if (value === null) return '';
  return typeof value === 'string' ? value : await value.text();
}
