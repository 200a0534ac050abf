// The files through which a step talks to its runner: environment, outputs, path and summary.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The command files of one step. */
export interface CommandFiles {
  /** The variables that name the files. */
  readonly env: Readonly<Record<string, string>>;
  /** What the step wrote. Throws SyntaxError for a malformed file. */
  read(): { env: [string, string][]; outputs: [string, string][]; path: string[]; summary: string };
  remove(): void;
}

const NAMES = ['GITHUB_ENV', 'GITHUB_OUTPUT', 'GITHUB_PATH', 'GITHUB_STEP_SUMMARY'] as const;

/** Makes empty command files in a new directory. */
export function commandFiles(directory: string): CommandFiles {
  mkdirSync(directory, { recursive: true });
  const path = (name: (typeof NAMES)[number]): string => join(directory, name.toLowerCase());
  for (const name of NAMES) writeFileSync(path(name), '');
  const text = (name: (typeof NAMES)[number]): string => readFileSync(path(name), 'utf8');
  return {
    env: Object.fromEntries(NAMES.map((name) => [name, path(name)])),
    read: () => ({
      env: parsePairs(text('GITHUB_ENV')),
      outputs: parsePairs(text('GITHUB_OUTPUT')),
      path: text('GITHUB_PATH')
        .split('\n')
        .filter((line) => line !== ''),
      summary: text('GITHUB_STEP_SUMMARY'),
    }),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Reads `name=value` lines and `name<<END` ... `END` blocks. Throws SyntaxError. */
export function parsePairs(text: string): [string, string][] {
  const pairs: [string, string][] = [];
  const lines = text.split(/\r?\n/);
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    if (line === '') continue;
    const [, name = '', mark = '', rest = ''] = /^([^=<]*?)(=|<<)(.*)$/.exec(line) ?? [];
    if (name === '') throw new SyntaxError(`Invalid format '${line}'`);
    if (mark === '=') {
      pairs.push([name, rest]);
      continue;
    }
    const end = lines.indexOf(rest, i + 1);
    if (end < 0) throw new SyntaxError(`Matching delimiter not found '${rest}'`);
    pairs.push([name, lines.slice(i + 1, end).join('\n')]);
    i = end;
  }
  return pairs;
}
