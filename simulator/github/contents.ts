// The Contents API: one file, or the entries of one directory.

import type { CommitFile } from '../runner/contract.ts';
import { type Call, json, refuse } from './answers.ts';
import { treeId } from './git_ids.ts';
import type { RepositoryBook } from './repositories.ts';

const LARGEST_INLINE_BYTES = 1_048_576;
const MOST_ENTRIES = 1_000;

/**
 * Answers GET contents of `path` (no slash at either end; empty is the root) at `?ref=`. The media
 * types are `raw` (a file's bytes), `object` (a directory as an object with its entries) and the
 * ordinary one.
 */
export function contents(call: Call, repositories: RepositoryBook, path: string): Response {
  const ref = call.url.searchParams.get('ref') ?? '';
  const shownRef = ref || repositories.info(call.repository).default_branch;
  const commit = repositories.resolve(call.repository, ref);
  if (!commit) return refuse(404, `No commit found for the ref ${ref}`);
  const file = commit.files.find((each) => each.path === path);
  if (file) return fileAnswer(call, repositories, file, shownRef);
  const entries = directory(commit.files, path === '' ? '' : `${path}/`);
  if (entries.length === 0) return refuse(404, 'Not Found');
  const shown = entries.map((entry) => entryShape(call, entry, shownRef)).slice(0, MOST_ENTRIES);
  if (!accepts(call, 'object')) return json(shown);
  const sha = treeId(commit.files, path === '' ? '' : `${path}/`);
  const self = entryShape(call, { type: 'dir', path, sha, size: 0 }, shownRef);
  return json({ ...self, entries: shown });
}

interface Entry {
  readonly type: 'file' | 'dir';
  readonly path: string;
  readonly sha: string;
  readonly size: number;
}

function fileAnswer(
  call: Call,
  repositories: RepositoryBook,
  file: CommitFile,
  ref: string,
): Response {
  const bytes = repositories.read(file.blob);
  if (accepts(call, 'raw')) {
    return new Response(new Uint8Array(bytes), {
      headers: { 'content-type': 'application/vnd.github.raw+json; charset=utf-8' },
    });
  }
  const entry: Entry = { type: 'file', path: file.path, sha: file.blob, size: file.size };
  const inline = bytes.length <= LARGEST_INLINE_BYTES;
  const text = inline ? Buffer.from(bytes).toString('base64').replace(/.{60}/g, '$&\n') : '';
  const content = text === '' || text.endsWith('\n') ? text : `${text}\n`;
  const encoding = inline ? 'base64' : 'none';
  return json({ ...entryShape(call, entry, ref), content, encoding });
}

function accepts(call: Call, media: string): boolean {
  return new RegExp(`\\b${media}\\b`).test(call.request.headers.get('accept') ?? '');
}

function directory(files: readonly CommitFile[], prefix: string): Entry[] {
  const entries = new Map<string, Entry>();
  for (const file of files) {
    if (!file.path.startsWith(prefix)) continue;
    const [name = '', ...rest] = file.path.slice(prefix.length).split('/');
    const path = prefix + name;
    if (rest.length === 0) {
      entries.set(path, { type: 'file', path, sha: file.blob, size: file.size });
    } else if (!entries.has(path)) {
      entries.set(path, { type: 'dir', path, sha: treeId(files, `${path}/`), size: 0 });
    }
  }
  return [...entries.values()];
}

function entryShape(call: Call, entry: Entry, ref: string): object {
  const query = `?ref=${encodeURIComponent(ref)}`;
  const encoded = entry.path.split('/').map(encodeURIComponent).join('/');
  const url = `${call.api}/repos/${call.repository}/contents/${encoded}${query}`;
  const kind = entry.type === 'dir' ? 'tree' : 'blob';
  const git_url = `${call.api}/repos/${call.repository}/git/${kind}s/${entry.sha}`;
  const html_url = `${call.web}/${call.repository}/${kind}/${ref}/${encoded}`;
  return {
    name: entry.path.split('/').at(-1),
    path: entry.path,
    sha: entry.sha,
    size: entry.size,
    url,
    html_url,
    git_url,
    download_url: entry.type === 'dir' ? null : html_url,
    type: entry.type,
    _links: { self: url, git: git_url, html: html_url },
  };
}
