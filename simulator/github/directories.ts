// Local directories as repositories with one branch, `main`. Every state that is seen is kept in
// the store under its git ids, so that an earlier state can be checked out again.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Store } from '../base/contract.ts';
import type { Commit, CommitFile, Repositories } from '../runner/contract.ts';
import { gitId, treeId } from './git_ids.ts';

/** The only branch of a directory. */
export const BRANCH = 'main';

const NEVER_TRACKED = ['.git', 'node_modules'];
const AUTHOR = 'Slipway <slipway@localhost> 0 +0000';

/** The repositories by full name (`owner/name`); each is a directory on this machine. */
export function directoryRepositories(
  directories: Record<string, { directory: string }>,
  store: Store,
): Pick<Repositories, 'has' | 'head' | 'resolve'> {
  const seen = new Map<string, { stamp: string; file: CommitFile }>();

  const track = (root: string, path: string): CommitFile => {
    const full = join(root, path);
    const { size, mtimeMs, mode } = statSync(full);
    const stamp = `${size} ${mtimeMs} ${mode}`;
    const known = seen.get(full);
    if (known?.stamp === stamp) return known.file;
    const bytes = readFileSync(full);
    const blob = gitId('blob', bytes);
    if (!store.getBytes(`github/blob/${blob}`)) store.putBytes(`github/blob/${blob}`, bytes);
    const file = { path, blob, size: bytes.length, executable: (mode & 0o100) !== 0 };
    seen.set(full, { stamp, file });
    return file;
  };
  const headOf = (repository: string): Commit => {
    const root = directories[repository]?.directory;
    if (root === undefined) throw new RangeError(`no repository ${repository}`);
    const files = walk(root, '', ignored(root)).map((path) => track(root, path));
    const commit = { sha: commitId(treeId(files, '')), files };
    const key = `github/commit/${repository}/${commit.sha}`;
    if (!store.get(key)) store.put(key, commit);
    return commit;
  };

  return {
    has: (repository) => Object.hasOwn(directories, repository),
    head: headOf,
    resolve(repository, ref) {
      const now = headOf(repository);
      if (['', BRANCH, `refs/heads/${BRANCH}`, now.sha].includes(ref)) return now;
      if (!/^[0-9a-f]{40}$/.test(ref)) return undefined;
      return store.get<Commit>(`github/commit/${repository}/${ref}`);
    },
  };
}

function commitId(tree: string): string {
  const text = `tree ${tree}\nauthor ${AUTHOR}\ncommitter ${AUTHOR}\n\nSnapshot\n`;
  return gitId('commit', Buffer.from(text));
}

/** Plain names (`dist`, `dist/`, `/dist`) of the root's .gitignore; patterns are not understood. */
function ignored(root: string): Set<string> {
  const file = join(root, '.gitignore');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const names = lines.map((line) => line.trim().replace(/^\/|\/$/g, ''));
  return new Set([...NEVER_TRACKED, ...names.filter((name) => /^[\w.-]+$/.test(name))]);
}

function walk(root: string, folder: string, skip: Set<string>): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  const paths = entries.flatMap((entry) => {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (skip.has(entry.name)) return [];
    if (entry.isDirectory()) return walk(root, path, skip);
    return entry.isFile() ? [path] : [];
  });
  return paths.sort();
}
