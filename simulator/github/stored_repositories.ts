// Repositories that live in the store: planted whole, then moved by commits. They have branches and
// a history, unlike those that are directories.

import type { Clock, Store } from '../base/contract.ts';
import type { Commit, CommitFile } from '../runner/contract.ts';
import { gitId, treeId } from './git_ids.ts';

/** What is said about a repository beside its files. */
export interface RepositoryInfo {
  default_branch: string;
  archived: boolean;
  private: boolean;
  created_ms: number;
  /** The last push. */
  pushed_ms: number;
}

/** A repository to be made. */
export interface PlantedRepository {
  /** Text by path: the content of its default branch. */
  files: Record<string, string>;
  /** `main` when absent. */
  default_branch?: string;
  archived?: boolean;
  /** True when absent. */
  private?: boolean;
}

/** A commit to be made. */
export interface RepositoryChange {
  /** The default branch when absent. A new branch begins at the default one. */
  branch?: string;
  /** Text by path; null removes the file. */
  files?: Record<string, string | null>;
  message?: string;
}

interface Stored extends RepositoryInfo {
  /** The commit of each branch. */
  branches: Record<string, string>;
}

/** The repositories of a store. */
export interface StoredRepositories {
  has(repository: string): boolean;
  /** Full names, sorted. */
  names(): string[];
  info(repository: string): RepositoryInfo;
  /** The commit of a branch (with or without `refs/heads/`), or one that was seen. */
  resolve(repository: string, ref: string): Commit | undefined;
  /** Makes a repository, or replaces it with all of its branches. */
  plant(repository: string, planted: PlantedRepository): Commit;
  /** Commits to a branch, be it nothing. An archived repository throws RangeError. */
  commit(repository: string, change: RepositoryChange): Commit;
}

const PREFIX = 'github/repository/';

/** Opens the repositories kept in `store`. Nothing is cached, so two openings agree. */
export function storedRepositories(store: Store, clock: Clock): StoredRepositories {
  const find = (repository: string): Stored | undefined => store.get<Stored>(PREFIX + repository);
  const known = (repository: string): Stored => {
    const found = find(repository);
    if (found === undefined) throw new RangeError(`no repository ${repository}`);
    return found;
  };
  const keep = (repository: string, commit: Commit): void =>
    store.put(`github/commit/${repository}/${commit.sha}`, commit);
  const seen = (repository: string, sha: string): Commit | undefined =>
    store.get<Commit>(`github/commit/${repository}/${sha}`);

  return {
    has: (repository) => find(repository) !== undefined,
    names: () => store.list(PREFIX).map((key) => key.slice(PREFIX.length)),
    info(repository) {
      const { branches: _, ...info } = known(repository);
      return info;
    },
    resolve(repository, ref) {
      const { branches, default_branch } = known(repository);
      const branch = ref === '' ? default_branch : ref.replace(/^refs\/heads\//, '');
      const sha = Object.hasOwn(branches, branch) ? branches[branch] : undefined;
      const wanted = sha ?? (/^[0-9a-f]{40}$/.test(ref) ? ref : undefined);
      return wanted === undefined ? undefined : seen(repository, wanted);
    },
    plant(repository, planted) {
      if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
        throw new RangeError(`${repository} is not owner/name`);
      }
      const { default_branch = 'main', archived = false } = planted;
      const files = Object.entries(planted.files).map(([path, text]) => track(store, path, text));
      const now_ms = clock.now();
      const commit = commitOf(now_ms, { files, message: 'First commit' });
      keep(repository, commit);
      store.put(PREFIX + repository, {
        default_branch,
        archived,
        private: planted.private ?? true,
        created_ms: now_ms,
        pushed_ms: now_ms,
        branches: { [default_branch]: commit.sha },
      } satisfies Stored);
      return commit;
    },
    commit(repository, change) {
      const stored = known(repository);
      if (stored.archived) throw new RangeError(`${repository} is archived`);
      const { branch = stored.default_branch, message = 'Change' } = change;
      const parent = stored.branches[branch] ?? stored.branches[stored.default_branch] ?? '';
      const files = new Map(seen(repository, parent)?.files.map((file) => [file.path, file]));
      for (const [path, text] of Object.entries(change.files ?? {})) {
        if (text === null) files.delete(path);
        else files.set(path, track(store, path, text));
      }
      const commit = commitOf(clock.now(), { files: [...files.values()], message, parent });
      keep(repository, commit);
      const branches = { ...stored.branches, [branch]: commit.sha };
      store.put(PREFIX + repository, { ...stored, branches, pushed_ms: clock.now() });
      return commit;
    },
  };
}

function track(store: Store, path: string, text: string): CommitFile {
  const bytes = Buffer.from(text);
  const blob = gitId('blob', bytes);
  store.putBytes(`github/blob/${blob}`, bytes);
  return { path, blob, size: bytes.length, executable: false };
}

function commitOf(
  now_ms: number,
  { files, message, parent }: { files: CommitFile[]; message: string; parent?: string },
): Commit {
  files.sort((a, b) => (a.path < b.path ? -1 : 1));
  const origin = parent === undefined ? '' : `parent ${parent}\n`;
  const who = `Slipway <slipway@localhost> ${Math.floor(now_ms / 1000)} +0000`;
  const head = `tree ${treeId(files, '')}\n${origin}author ${who}\ncommitter ${who}\n`;
  return { sha: gitId('commit', Buffer.from(`${head}\n${message}\n`)), files, message };
}
