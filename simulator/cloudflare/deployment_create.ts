// POST deployments: a Direct Upload's manifest, or the head of a branch of a git-connected project.

import { readJson } from '../base/strict.ts';
import { assetMatches, storedHashes } from './assets.ts';
import { manifestBody } from './bodies.ts';
import { type Call, projectOf, requireUnblocked } from './call.ts';
import { saveContent, startDeployment, type Wanted } from './deployment_start.ts';
import { ApiError, invalidBody, ok, refusal } from './errors.ts';
import { buildOf } from './git_build.ts';
import { requireConnected } from './git_source.ts';
import type { Content, Project, World } from './model.ts';
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

/** POST deployments. */
export async function createDeployment(call: Call): Promise<Response> {
  const { world, account } = call;
  requireUnblocked(call);
  const form = await readForm(call.request);
  const project = projectOf(call);
  const { gitUploads = 'refused' } = account;
  const uploads =
    project.source === undefined || (form.has('manifest') && gitUploads !== 'refused');
  if (!uploads) requireConnected(account, project);
  const wanted = uploads ? await uploaded(world, project, form) : built(world, project, form);
  if (uploads && project.source !== undefined && gitUploads === 'not_served') wanted.serves = 'old';
  const made = startDeployment(world, project, wanted);
  return ok(deploymentView(made.project, made.deployment, world.clock.now()));
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

function built(world: World, project: Project, form: FormData): Wanted {
  for (const name of form.keys()) {
    if (name !== 'branch') throw invalidBody('', `a git-connected project takes no part "${name}"`);
  }
  const branch = textPart(form, 'branch') || project.production_branch;
  return buildOf(world, project, { trigger: 'github:push', branch, ref: branch });
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
