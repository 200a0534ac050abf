// The compiler as a judge of values: whether they are what the official client's types say.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A type of the client by file, below `cloudflare/resources/pages`, and name; and a value. */
export type Typed = readonly [type: readonly [file: string, name: string], value: unknown];

const root = join(import.meta.dirname, '../../..');
const resources = join(root, 'node_modules/cloudflare/resources/pages');

// The type with members that it does not know, everywhere, and where nothing was built from a
// repository, without the repository: the client says of `source` that it is always there.
const loose = `type Loose<T> = T extends (infer U)[] ? Loose<U>[] : T extends object
  ? { [K in keyof T as Exclude<K, 'source'>]: Loose<T[K]> }
    & { [K in keyof T as Extract<K, 'source'>]?: Loose<T[K]> } & { [name: string]: unknown } : T;`;

/** What the compiler has against values as the client's types; empty where it takes them. */
export function compiled(values: readonly Typed[], more: 'unknown' | 'known' = 'known'): string {
  const directory = mkdtempSync(join(tmpdir(), 'sdk-types-'));
  try {
    const lines = values.map(([[file, name], value], index) => {
      const type = `import('${resources}/${file}').${name}`;
      const wanted = more === 'known' ? type : `Loose<${type}>`;
      return `export const v${index}: ${wanted} = ${JSON.stringify(value)};`;
    });
    writeFileSync(join(directory, 'values.ts'), `${loose}\n${lines.join('\n')}\n`);
    const flags = ['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck'];
    const target = ['--target', 'es2024', '--module', 'esnext', '--moduleResolution', 'bundler'];
    const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/typescript/bin/tsc'),
        ...['--ignoreConfig', '--pretty', 'false', ...flags, ...target, ...types],
        join(directory, 'values.ts'),
      ],
      { encoding: 'utf8' },
    );
    return status === 0 ? '' : `${stdout}${stderr}` || `tsc ended with ${status}`;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
