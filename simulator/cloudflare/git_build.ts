// What a build of a commit yields. A project with a build command has it run; otherwise nothing is
// run: the repository's own files where they are a finished site, else a page made from its
// configuration and the project's variables.

import { assetHash } from './assets.ts';
import { type Made, type Produced, saveContent, type Wanted } from './deployment_start.ts';
import { buildPage } from './git_page.ts';
import { repositoryOf } from './git_source.ts';
import { type Deployment, type EnvVar, keys, type Project, type World } from './model.ts';
import { type BuildFile, runBuild } from './real_build.ts';

/** What to build. */
export interface Build {
  trigger: Deployment['trigger'];
  branch: string;
  /** The branch, or a commit. */
  ref: string;
}

interface Source {
  sha: string;
  message: string;
  files: BuildFile[];
}

/** The deployment that a build becomes. Without such a commit it fails where it is cloned. */
export function buildOf(world: World, project: Project, { trigger, branch, ref }: Build): Wanted {
  const commit = findCommit(world, project, ref);
  return {
    trigger,
    branch,
    commit_hash: commit?.sha ?? '',
    commit_message: commit?.message ?? '',
    commit_dirty: false,
    uses_functions: false,
    ...(commit === undefined ? { fails_at: 'clone_repo' } : {}),
    content: (made) => produce(world, project, { branch, made, commit }),
  };
}

function findCommit(world: World, project: Project, ref: string): Source | undefined {
  const { git } = world;
  if (git === undefined || project.source === undefined) {
    return { sha: world.ids.uuid().replaceAll('-', ''), message: '', files: [] };
  }
  const repository = repositoryOf(project.source);
  const commit = git.has(repository) ? git.resolve(repository, ref) : undefined;
  if (commit === undefined) return undefined;
  const files = commit.files.map(({ path, blob, executable }) => ({
    path,
    executable,
    bytes: () => git.read(blob),
  }));
  return { sha: commit.sha, message: commit.message ?? '', files };
}

type Site = Map<string, Uint8Array>;

interface Started {
  branch: string;
  made: Made;
  commit: Source | undefined;
}

// What a planted project would need to be built is not here, so that its builds are modelled.
function produce(world: World, project: Project, started: Started): Produced {
  const { commit, made } = started;
  const command = project.planted === true ? '' : (project.build_config.build_command ?? '');
  if (typeof command !== 'string' || command.trim() === '' || commit === undefined) {
    return { content: saveSite(world, project, siteOf(project, started)) };
  }
  if (!made.isBuilt) return { content: saveSite(world, project, new Map()) };
  const { lines, site } = runBuild({
    files: commit.files,
    command,
    root: folder(project.build_config.root_dir),
    destination: folder(project.build_config.destination_dir),
    variables: {
      ...valuesOf(made, ['plain_text', 'secret_text']),
      ...pagesVariables(project, started, commit),
    },
    limits: world.limits,
  });
  const content = saveSite(world, project, site ?? new Map());
  return { content, lines, isFailed: site === undefined };
}

// The files below the destination folder are a finished site. Otherwise those below `public` are
// taken as they are, beside a page that is made here.
function siteOf(project: Project, started: Started): Site {
  const { commit, made } = started;
  if (commit === undefined) return new Map();
  const root = folder(project.build_config.root_dir);
  const destination = folder(project.build_config.destination_dir);
  const finished = destination === '' ? new Map() : below(commit, root + destination);
  if (finished.size > 0) return finished;
  const site = below(commit, `${root}public/`);
  const facts = {
    project: project.name,
    repository: project.source === undefined ? '' : repositoryOf(project.source),
    environment: made.environment,
    variables: {
      ...valuesOf(made, ['plain_text']),
      ...pagesVariables(project, started, commit),
    },
  };
  const configs = commit.files
    .filter(({ path }) => path.startsWith(root) && /\.config\.ts$/.test(path))
    .map(({ path, bytes }) => ({ path, text: Buffer.from(bytes()).toString('utf8') }));
  if (!site.has('/index.html')) {
    site.set('/index.html', Buffer.from(buildPage({ ...facts, configs })));
  }
  site.set('/build.json', Buffer.from(`${JSON.stringify(facts)}\n`));
  return site;
}

function pagesVariables(
  project: Project,
  { branch, made }: Started,
  commit: Source,
): Record<string, string> {
  return {
    CF_PAGES: '1',
    CF_PAGES_BRANCH: branch,
    CF_PAGES_COMMIT_SHA: commit.sha,
    CF_PAGES_URL: `https://${made.id.slice(0, 8)}.${project.label}.pages.dev`,
  };
}

function valuesOf(made: Made, types: EnvVar['type'][]): Record<string, string> {
  const entries = Object.entries(made.env_vars).flatMap(([name, { type, value }]) =>
    types.includes(type) ? [[name, value] as const] : [],
  );
  return Object.fromEntries(entries);
}

function below(commit: Source, prefix: string): Site {
  const files = commit.files.filter(({ path }) => path.startsWith(prefix));
  return new Map(files.map(({ path, bytes }) => [path.slice(prefix.length - 1), bytes()]));
}

function folder(setting: unknown): string {
  const name = typeof setting === 'string' ? setting.replaceAll(/^[./]+|\/+$/g, '') : '';
  return name === '' ? '' : `${name}/`;
}

function saveSite(world: World, project: Project, site: Site): string {
  const manifest: Record<string, string> = {};
  for (const [path, bytes] of site) {
    const hash = assetHash(path, bytes);
    manifest[path] = hash;
    world.store.putBytes(keys.asset(project.id, hash), bytes);
  }
  const text = (path: string): string => Buffer.from(site.get(path) ?? []).toString('utf8');
  const [headers, redirects] = [text('/_headers'), text('/_redirects')];
  return saveContent(world, project, { manifest, headers, redirects });
}
