// Where the simulated world lives: in memory for tests, or in files so that a restart continues.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Store } from './contract.ts';
import { KeyIndex } from './key_index.ts';

/** A store that ends with the process. JSON and bytes under one key are separate values. */
export function memoryStore(): Store {
  const documents = new Map<string, string>();
  const blobs = new Map<string, Uint8Array>();
  const keys = new KeyIndex();
  return {
    get<T>(key: string): T | undefined {
      const text = documents.get(key);
      return text === undefined ? undefined : (JSON.parse(text) as T);
    },
    put(key, value) {
      documents.set(key, toJson(key, value));
      keys.add(key);
    },
    delete(key) {
      documents.delete(key);
      blobs.delete(key);
      keys.delete(key);
    },
    list: (prefix) => keys.list(prefix),
    count: (prefix) => keys.count(prefix),
    getBytes: (key) => blobs.get(key)?.slice(),
    putBytes(key, bytes) {
      blobs.set(key, bytes.slice());
      keys.add(key);
    },
  };
}

/**
 * A store in the folder `dir`, made if it is missing: one file a value, written beside its place
 * and renamed, so that a process killed at any point leaves the old value or the new one. One
 * process may have the folder open at a time.
 */
export function diskStore(dir: string): Store {
  mkdirSync(dir, { recursive: true });
  const keys = new KeyIndex();
  for (const key of storedKeys(dir, '')) keys.add(key);
  const documents = new Map<string, string>();
  return {
    get<T>(key: string): T | undefined {
      const text = documents.get(key) ?? readIfThere(pathOf(dir, key, 'json'))?.toString('utf8');
      if (text === undefined) return undefined;
      documents.set(key, text);
      return JSON.parse(text) as T;
    },
    put(key, value) {
      const text = toJson(key, value);
      writeAtomically(pathOf(dir, key, 'json'), text);
      documents.set(key, text);
      keys.add(key);
    },
    delete(key) {
      rmSync(pathOf(dir, key, 'json'), { force: true });
      rmSync(pathOf(dir, key, 'bin'), { force: true });
      documents.delete(key);
      keys.delete(key);
    },
    list: (prefix) => keys.list(prefix),
    count: (prefix) => keys.count(prefix),
    getBytes(key) {
      const bytes = readIfThere(pathOf(dir, key, 'bin'));
      return bytes === undefined ? undefined : new Uint8Array(bytes);
    },
    putBytes(key, bytes) {
      writeAtomically(pathOf(dir, key, 'bin'), bytes);
      keys.add(key);
    },
  };
}

function toJson(key: string, value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`the value under ${key} is not JSON`);
  return text;
}

// Each part of a key becomes one file name. A plain part stands as it is; every other byte is
// written %XX, dots included, so that no part can mean a parent folder or a file type.
function pathOf(dir: string, key: string, type: 'json' | 'bin'): string {
  const parts = key.split('/');
  if (parts.some((part) => part === ''))
    throw new RangeError(`a store key has an empty part: ${key}`);
  return `${join(dir, ...parts.map(escapePart))}.${type}`;
}

function escapePart(part: string): string {
  let escaped = '';
  for (const byte of Buffer.from(part, 'utf8')) {
    const letter = String.fromCharCode(byte);
    escaped += /[A-Za-z0-9_-]/.test(letter)
      ? letter
      : `%${byte.toString(16).padStart(2, '0').toUpperCase()}`;
  }
  return escaped;
}

function storedKeys(dir: string, prefix: string): string[] {
  return readdirSync(join(dir, prefix), { withFileTypes: true }).flatMap((entry) => {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) return storedKeys(dir, path);
    const key = /^(.*)\.(json|bin)$/.exec(path)?.[1];
    return key === undefined ? [] : [key.split('/').map(decodeURIComponent).join('/')];
  });
}

function readIfThere(path: string): Buffer | undefined {
  return existsSync(path) ? readFileSync(path) : undefined;
}

function writeAtomically(path: string, data: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.new`;
  writeFileSync(beside, data);
  renameSync(beside, path);
}
