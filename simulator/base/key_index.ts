// The keys of a store as a tree of folders, so that listing one folder never walks the others.

interface Folder {
  /** Names in the folder, without the folder's own. */
  readonly names: Set<string>;
  readonly folders: Map<string, Folder>;
}

/** A set of `/`-separated keys that can be listed by prefix. */
export class KeyIndex {
  readonly #root = emptyFolder();

  /** Adds a key; one that is there already changes nothing. */
  add(key: string): void {
    const parts = key.split('/');
    const name = parts.pop() ?? '';
    let folder = this.#root;
    for (const part of parts) {
      let next = folder.folders.get(part);
      if (next === undefined) {
        next = emptyFolder();
        folder.folders.set(part, next);
      }
      folder = next;
    }
    folder.names.add(name);
  }

  /** Removes a key; one that is not there changes nothing. */
  delete(key: string): void {
    const parts = key.split('/');
    const name = parts.pop() ?? '';
    const way = [this.#root];
    for (const part of parts) {
      const next = way.at(-1)?.folders.get(part);
      if (next === undefined) return;
      way.push(next);
    }
    way.at(-1)?.names.delete(name);
    for (let depth = way.length - 1; depth > 0; depth -= 1) {
      const folder = way[depth];
      if (folder === undefined || folder.names.size > 0 || folder.folders.size > 0) return;
      way[depth - 1]?.folders.delete(parts[depth - 1] ?? '');
    }
  }

  /** The keys that begin with `prefix`, sorted. */
  list(prefix: string): string[] {
    const found: string[] = [];
    const { folder, path, rest } = this.#reach(prefix);
    if (folder === undefined) return found;
    for (const name of folder.names) if (name.startsWith(rest)) found.push(path + name);
    for (const [name, below] of folder.folders) {
      if (name.startsWith(rest)) collect(below, `${path}${name}/`, found);
    }
    return found.sort();
  }

  /** How many keys begin with `prefix`. */
  count(prefix: string): number {
    const { folder, rest } = this.#reach(prefix);
    if (folder === undefined) return 0;
    if (rest === '' && folder.folders.size === 0) return folder.names.size;
    return this.list(prefix).length;
  }

  // The folder that the prefix ends in, and what it says about the names there.
  #reach(prefix: string): { folder: Folder | undefined; path: string; rest: string } {
    const parts = prefix.split('/');
    const rest = parts.pop() ?? '';
    let folder: Folder | undefined = this.#root;
    for (const part of parts) folder = folder?.folders.get(part);
    return { folder, path: prefix.slice(0, prefix.length - rest.length), rest };
  }
}

function emptyFolder(): Folder {
  return { names: new Set(), folders: new Map() };
}

function collect(folder: Folder, path: string, found: string[]): void {
  for (const name of folder.names) found.push(path + name);
  for (const [name, below] of folder.folders) collect(below, `${path}${name}/`, found);
}
