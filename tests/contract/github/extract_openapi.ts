// Takes the operations and events that Slipway and its simulator know out of GitHub's own OpenAPI
// description, with all that they refer to. Nothing is changed but what the description itself says
// to change for the version of the API that Slipway asks for (`x-github-breaking-changes`):
//   npm pack @octokit/openapi@23.0.2 && tar xzf octokit-openapi-23.0.2.tgz
//   node tests/contract/github/extract_openapi.ts package/generated/api.github.com.json
//   npx biome format --write tests/contract/github
// The package is 385 MB unpacked, so it is no dependency: what is committed is this extract.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { file, operations, version, webhooks } from './openapi_scope.ts';
import { at, type Step, type Tree } from './openapi_tree.ts';

const source = {
  package: '@octokit/openapi',
  version: '23.0.2',
  file: 'generated/api.github.com.json',
  license: 'MIT',
  copyright: 'Copyright (c) 2020 Octokit contributors',
  'api-version': version,
};

interface Change {
  readonly version: string;
  /** A JSON Patch, or a JSON merge patch. */
  readonly patch: Tree | readonly Edit[];
}

interface Edit {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

function treeAt(tree: unknown, ...steps: Step[]): Tree {
  const found = at(tree, steps);
  if (typeof found !== 'object' || found === null) throw new Error(`no ${steps.join(' ')}`);
  return found as Tree;
}

/** The value with every change up to the version, and without the lists of changes. */
export function patched(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(patched);
  if (typeof value !== 'object' || value === null) return value;
  const { 'x-github-breaking-changes': changes, 'x-octokit': _, ...rest } = value as Tree;
  const due = ((changes ?? []) as Change[]).filter((change) => change.version <= version);
  const changed = due.reduce<Tree>((tree, { patch }) => {
    return isEdits(patch) ? patch.reduce(edited, tree) : merged(tree, patch);
  }, structuredClone(rest));
  return Object.fromEntries(Object.entries(changed).map(([key, item]) => [key, patched(item)]));
}

function isEdits(patch: Tree | readonly Edit[]): patch is readonly Edit[] {
  return Array.isArray(patch);
}

function edited(tree: Tree, { op, path, value }: Edit): Tree {
  const steps = path.slice(1).split('/');
  const names = steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = names.pop() ?? '';
  const parent = treeAt(tree, ...names);
  if (op === 'remove') delete parent[last];
  else if (op === 'replace' || op === 'add') parent[last] = value;
  else throw new Error(`the description has a patch with ${op}`);
  return tree;
}

function merged(tree: Tree, patch: Tree): Tree {
  const out = { ...tree };
  for (const [key, value] of Object.entries(patch)) {
    const below = out[key];
    if (value === null) delete out[key];
    else if (isTree(value) && isTree(below)) out[key] = merged(below, value);
    else out[key] = value;
  }
  return out;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The extract of the whole, patched description. @throws for an operation that it lacks. */
export function extract(whole: Tree, sha256: string): Tree {
  const paths: Record<string, Tree> = {};
  for (const name of operations) {
    const [method = '', path = ''] = name.split(' ');
    paths[path] = { ...paths[path], [method]: treeAt(whole, 'paths', path, method) };
  }
  const events = webhooks.map((name) => [name, treeAt(whole, 'x-webhooks', name)] as const);
  const { description: _, ...info } = treeAt(whole, 'info');
  return {
    openapi: whole.openapi,
    info,
    'x-source': { ...source, sha256 },
    servers: whole.servers,
    paths,
    'x-webhooks': Object.fromEntries(events),
    components: componentsOf(whole, [paths, Object.fromEntries(events)]),
  };
}

// Everything that is referred to, and what that refers to, in the order of the description.
function componentsOf(whole: Tree, roots: unknown[]): Tree {
  const wanted = new Set<string>();
  const pending = roots.flatMap(referencesIn);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (wanted.has(next)) continue;
    wanted.add(next);
    pending.push(...referencesIn(treeAt(whole, ...next.split('/').slice(1))));
  }
  const kept = Object.entries(treeAt(whole, 'components')).map(([kind, named]) => {
    const entries = Object.entries(named as Tree);
    const used = entries.filter(([name]) => wanted.has(`#/components/${kind}/${name}`));
    return [kind, Object.fromEntries(used)] as const;
  });
  return Object.fromEntries(kept.filter(([, named]) => Object.keys(named).length > 0));
}

function referencesIn(value: unknown): string[] {
  if (typeof value === 'string') return /^#\/components\/\w+\/[\w-]+$/.test(value) ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(referencesIn);
}

if (import.meta.main) {
  const bytes = readFileSync(process.argv[2] ?? '');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const whole = patched(JSON.parse(bytes.toString('utf8'))) as Tree;
  const tree = extract(whole, sha256);
  writeFileSync(file, `${JSON.stringify(tree, null, 2)}\n`);
}
