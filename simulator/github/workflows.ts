// The workflow files of a repository and whether they are enabled.

import type { Clock, Store } from '../base/contract.ts';
import type { Commit } from '../runner/contract.ts';
import { readWorkflow, type Workflow } from '../runner/workflow.ts';
import type { RepositoryBook } from './repositories.ts';
import { workflowId } from './shapes.ts';

/** `disabled_manually` is set by PUT disable; the others by nobody but a test. */
export type WorkflowState = 'active' | 'disabled_manually' | 'disabled_inactivity';

/** A workflow file as found at the head of the branch. */
export interface WorkflowFile {
  readonly id: number;
  readonly path: string;
  readonly name: string;
  readonly state: WorkflowState;
  readonly updated_ms: number;
  /** The repository's default branch, and its present commit. */
  readonly branch: string;
  readonly commit: Commit;
  /** Throws WorkflowError where the file cannot be a workflow. */
  parsed(): Workflow;
}

/** The workflow files of all repositories. */
export interface WorkflowFiles {
  /** By numeric id or file name. */
  find(repository: string, idOrName: string): WorkflowFile | undefined;
  /** Enables or disables; durable when the call returns. */
  setState(repository: string, path: string, state: WorkflowState): void;
}

const FOLDER = '.github/workflows/';

// A blob's name is the digest of its bytes: one parse serves every simulator of the process.
const parsed = new Map<string, Workflow>();

/** The workflow files of `repositories`; their states are kept in the store. */
export function workflowFiles(
  repositories: RepositoryBook,
  store: Store,
  clock: Clock,
): WorkflowFiles {
  const parse = (blob: string): Workflow => {
    const known = parsed.get(blob);
    if (known) return known;
    const fresh = readWorkflow(Buffer.from(repositories.read(blob)).toString('utf8'));
    parsed.set(blob, fresh);
    return fresh;
  };
  const nameOf = (blob: string, path: string): string => {
    try {
      return parse(blob).name ?? path;
    } catch {
      return path;
    }
  };
  const stateKey = (repository: string, path: string): string =>
    `github/workflow/${repository}/${path}`;

  return {
    find(repository, idOrName) {
      const commit = repositories.head(repository);
      const file = commit.files.find(
        ({ path }) =>
          path.startsWith(FOLDER) &&
          /\.ya?ml$/.test(path) &&
          (path === FOLDER + idOrName || String(workflowId(repository, path)) === idOrName),
      );
      if (!file) return undefined;
      const { path, blob } = file;
      type Stored = { state: WorkflowState; updated_ms: number };
      const stored = store.get<Stored>(stateKey(repository, path));
      const { state, updated_ms } = stored ?? { state: 'active', updated_ms: 0 };
      const id = workflowId(repository, path);
      const name = nameOf(blob, path);
      const branch = repositories.info(repository).default_branch;
      return { id, path, name, state, updated_ms, branch, commit, parsed: () => parse(blob) };
    },
    setState(repository, path, state) {
      store.put(stateKey(repository, path), { state, updated_ms: clock.now() });
    },
  };
}
