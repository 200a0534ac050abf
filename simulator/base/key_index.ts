// The keys of a store, grouped by folder, so that listing one folder never walks the others.

/** A set of `/`-separated keys that can be listed by prefix. */
export class KeyIndex {
  readonly #folders = new Map<string, Set<string>>();

  /** Adds a key; one that is there already changes nothing. */
  add(key: string): void {
    const folder = folderOf(key);
    const keys = this.#folders.get(folder);
    if (keys === undefined) this.#folders.set(folder, new Set([key]));
    else keys.add(key);
  }

  /** Removes a key; one that is not there changes nothing. */
  delete(key: string): void {
    const folder = folderOf(key);
    const keys = this.#folders.get(folder);
    if (keys?.delete(key) === true && keys.size === 0) this.#folders.delete(folder);
  }

  /** The keys that begin with `prefix`, sorted. */
  list(prefix: string): string[] {
    const found: string[] = [];
    for (const [folder, keys] of this.#folders) {
      if (!folder.startsWith(prefix) && !prefix.startsWith(folder)) continue;
      for (const key of keys) if (key.startsWith(prefix)) found.push(key);
    }
    return found.sort();
  }
}

function folderOf(key: string): string {
  return key.slice(0, key.lastIndexOf('/') + 1);
}
