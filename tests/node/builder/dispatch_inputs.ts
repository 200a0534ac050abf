// The inputs of the builder's workflow that the Worker sends with a dispatch: exactly these, all as
// text. The core writes them in src/upstream/github.cpp.

/** Their names. GitHub refuses a dispatch with one that the workflow does not declare. */
export const DISPATCH_INPUTS = ['dispatchKey', 'env', 'account', 'shards'] as const;
