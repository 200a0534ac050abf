// GitHub's own check of a workflow file. The package is bundled first: as it is published, it
// imports JSON in a way that Node does not take.

import { createRequire } from 'node:module';
import { build } from 'esbuild';
import { ROOT } from './fake_runner.ts';

interface Diagnostic {
  readonly message: string;
  readonly range: { readonly start: { readonly line: number } };
}

interface LanguageService {
  readonly TextDocument: {
    create(uri: string, language: string, version: number, text: string): unknown;
  };
  validate(document: unknown): Promise<Diagnostic[]>;
  registerLogger(logger: Record<'log' | 'info' | 'warn' | 'error', (text: string) => void>): void;
}

const PARTS = `
export { registerLogger, validate } from '@actions/languageservice';
export { TextDocument } from 'vscode-languageserver-textdocument';
`;

async function load(): Promise<LanguageService> {
  const { outputFiles } = await build({
    stdin: { contents: PARTS, resolveDir: ROOT },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
    logLevel: 'silent',
  });
  const module = { exports: {} };
  const text = outputFiles[0]?.text ?? '';
  const run = new Function('module', 'require', text);
  run(module, createRequire(import.meta.url));
  return module.exports as LanguageService;
}

/** Gives a function that names what is wrong with a workflow, `line: message` each. */
export async function workflowChecker(): Promise<(text: string) => Promise<string[]>> {
  const { registerLogger, TextDocument, validate } = await load();
  const troubles: string[] = [];
  const ignore = (): void => undefined;
  // What the check itself stumbles over it only logs.
  const error = (text: string): unknown => troubles.push(text);
  registerLogger({ log: ignore, info: ignore, warn: ignore, error });
  let count = 0;
  return async (text) => {
    // It keeps what it has read by the address: each check has one of its own.
    count += 1;
    const uri = `file:///${count}/.github/workflows/build.yml`;
    const found = await validate(TextDocument.create(uri, 'yaml', 1, text));
    const lines = found.map(({ message, range }) => `${range.start.line + 1}: ${message}`);
    return [...lines, ...troubles.splice(0)];
  };
}
