// A Vite plugin: writes /.well-known/slipway.json, by which a deployed site proves what it serves.

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Plugin } from 'vite';
import type { Build } from './build-variables.ts';

/** Served path (`/assets/...`) to SHA-256 of the file's bytes in 64 hex digits, sorted by path. */
export function digestAssets(outDir: string): Record<string, string> {
  const files = readdirSync(join(outDir, 'assets'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const digests = files.map((file): [string, string] => [
    `/${relative(outDir, file).split(sep).join('/')}`,
    createHash('sha256').update(readFileSync(file)).digest('hex'),
  ]);
  return Object.fromEntries(digests.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The manifest holds no time and no absolute path: the same input gives the same bytes. */
export function slipwayManifest(build: Build): Plugin {
  return {
    name: 'slipway-manifest',
    apply: 'build',
    // The last hook of a successful build: every file, the public ones included, is on the disk.
    writeBundle: {
      order: 'post',
      sequential: true,
      handler(output): void {
        const outDir = output.dir ?? 'dist';
        const manifest = {
          deployment: build.deployment,
          platform: build.platform,
          environment: build.environment,
          version: build.version,
          shell_sha: build.shellSha,
          files: digestAssets(outDir),
        };
        mkdirSync(join(outDir, '.well-known'), { recursive: true });
        const file = join(outDir, '.well-known', 'slipway.json');
        writeFileSync(file, `${JSON.stringify(manifest, undefined, 2)}\n`);
      },
    },
  };
}
