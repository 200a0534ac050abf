// The source tree as the house rules see it, and what a rule is. No rule lives here.
import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One text file: its path relative to the root, with forward slashes, and its whole text. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** One place where a rule is broken; `line` counts from 1. */
export interface Finding {
  readonly path: string;
  readonly line: number;
  readonly why: string;
}

/**
 * A house rule. `planted` are files that break it, each on its own: the rule's self-test.
 * `allowed` are near misses that it must let pass.
 */
export interface Rule {
  readonly name: string;
  readonly check: (file: SourceFile) => readonly Finding[];
  readonly planted: readonly SourceFile[];
  readonly allowed: readonly SourceFile[];
}

/** The repository's root, with a trailing slash. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url));

/** Every text file that is committed or would be: `git ls-files` plus untracked, not ignored. */
export function sourceTree(): SourceFile[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
  const paths = [...new Set(listed.split('\0'))].filter((path) => path !== '').sort();
  return paths.flatMap((path) => {
    const absolute = join(root, path);
    if (!existsSync(absolute) || !lstatSync(absolute).isFile()) return [];
    const bytes = readFileSync(absolute);
    return bytes.includes(0) ? [] : [{ path, text: bytes.toString('utf8') }];
  });
}

/** Whether the file is code that people write: generated files and locks are not. */
export function isCode(file: SourceFile): boolean {
  if (/(^|\/)((generated|golden|corpus)\/|pnpm-lock\.yaml$)/.test(file.path)) return false;
  return /\.(cpp|hpp|c|h|ts|tsx|mjs|js|css|html|sql|yml|yaml|sh|cmake)$/.test(file.path);
}

/** A finding for every line that `broken` explains; lines come without their newline. */
export function eachLine(
  file: SourceFile,
  broken: (line: string) => string | undefined,
): Finding[] {
  return file.text.split('\n').flatMap((text, index) => {
    const why = broken(text);
    return why === undefined ? [] : [{ path: file.path, line: index + 1, why }];
  });
}

/** A finding for every line in which `pattern` matches, after comments and strings are blanked. */
export function eachCodeLine(file: SourceFile, pattern: RegExp, why: string): Finding[] {
  const code = { path: file.path, text: withoutComments(file.text) };
  return eachLine(code, (line) => (pattern.test(withoutStrings(line)) ? why : undefined));
}

/** C-style comments blanked, newlines kept. A `//` after a colon (a URL) is not a comment. */
export function withoutComments(text: string): string {
  const blocks = text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
  return blocks.replace(/(^|[^:'"`\\])\/\/[^\n]*/gm, '$1');
}

/** String literals that begin and end on this line, emptied. */
function withoutStrings(line: string): string {
  return line.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g, '""');
}
