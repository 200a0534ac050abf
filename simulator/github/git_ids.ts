// The ids that git gives to what it stores.

import { createHash } from 'node:crypto';
import type { CommitFile } from '../runner/contract.ts';

/** The id that git gives to an object. */
export function gitId(type: 'blob' | 'tree' | 'commit', content: Uint8Array): string {
  return createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex');
}

/** The git tree id of the files below `prefix` (empty, or ending in `/`). */
export function treeId(files: readonly CommitFile[], prefix: string): string {
  const entries = new Map<string, { sort: string; mode: string; id: string }>();
  for (const file of files) {
    if (!file.path.startsWith(prefix)) continue;
    const [name = '', ...rest] = file.path.slice(prefix.length).split('/');
    if (entries.has(name)) continue;
    if (rest.length === 0) {
      const mode = file.executable ? '100755' : '100644';
      entries.set(name, { sort: name, mode, id: file.blob });
    } else {
      const id = treeId(files, `${prefix}${name}/`);
      entries.set(name, { sort: `${name}/`, mode: '40000', id });
    }
  }
  const sorted = [...entries].sort((a, b) => (a[1].sort < b[1].sort ? -1 : 1));
  const parts = sorted.flatMap(([name, { mode, id }]) => [
    Buffer.from(`${mode} ${name}\0`),
    Buffer.from(id, 'hex'),
  ]);
  return gitId('tree', Buffer.concat(parts));
}
