// All repositories: the local directories and those that live in the store.

import type { Clock, Store } from '../base/contract.ts';
import type { Repositories } from '../runner/contract.ts';
import { BRANCH, directoryRepositories } from './directories.ts';
import { type StoredRepositories, storedRepositories } from './stored_repositories.ts';

/** The repositories, and how those in the store are made and changed. */
export type RepositoryBook = Repositories &
  Pick<StoredRepositories, 'names' | 'info' | 'plant' | 'commit'>;

/**
 * The repositories by full name (`owner/name`): the given directories of this machine, and those
 * kept in the store. A name that is both is the directory.
 */
export function openRepositories(
  directories: Record<string, { directory: string }>,
  store: Store,
  clock: Clock,
): RepositoryBook {
  const stored = storedRepositories(store, clock);
  const local = directoryRepositories(directories, store);
  const refuseDirectory = (repository: string): void => {
    if (local.has(repository)) throw new RangeError(`${repository} is a directory; change that`);
  };

  return {
    has: (repository) => local.has(repository) || stored.has(repository),
    names: () => [...new Set([...Object.keys(directories), ...stored.names()])].sort(),
    info(repository) {
      if (!local.has(repository)) return stored.info(repository);
      const times = { created_ms: 0, pushed_ms: 0 };
      return { default_branch: BRANCH, archived: false, private: true, ...times };
    },
    plant(repository, planted) {
      refuseDirectory(repository);
      return stored.plant(repository, planted);
    },
    commit(repository, change) {
      if (!local.has(repository)) return stored.commit(repository, change);
      const { branch = BRANCH, files = {} } = change;
      if (branch !== BRANCH || Object.keys(files).length > 0) refuseDirectory(repository);
      return { ...local.head(repository), message: change.message ?? '' };
    },
    head(repository) {
      if (local.has(repository)) return local.head(repository);
      const commit = stored.resolve(repository, '');
      if (commit === undefined) throw new RangeError(`${repository} has no commit`);
      return commit;
    },
    resolve: (repository, ref) => (local.has(repository) ? local : stored).resolve(repository, ref),
    read(blob) {
      const bytes = store.getBytes(`github/blob/${blob}`);
      if (!bytes) throw new RangeError(`no blob ${blob}`);
      return bytes;
    },
  };
}
