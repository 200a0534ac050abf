// Evaluation of `${{ ... }}` as GitHub Actions does it: the parser and evaluator are GitHub's own,
// here are the contexts that are handed in and the functions that depend on the job.

import { createHash } from 'node:crypto';
import { globSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { truthy } from '@actions/expressions/result';

/** A plain JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** How things went so far, as `success()`, `failure()` and `cancelled()` see it. */
export type Progress = 'success' | 'failure' | 'cancelled' | 'skipped';

/** What an expression may see. A context that is not named here is an error, as on GitHub. */
export interface Scope {
  readonly contexts: Readonly<Record<string, Json>>;
  /** Present where the status functions are allowed. */
  readonly progress?: Progress;
  /** Present where `hashFiles` is allowed: the directory that it reads. */
  readonly workspace?: string;
}

type Definition = ConstructorParameters<typeof Parser>[2][number] & {
  call: (...args: data.ExpressionData[]) => data.ExpressionData;
};

const STATUS_FUNCTIONS = ['success', 'failure', 'always', 'cancelled'];

/** The value of one expression (without `${{ }}`). Throws ExpressionError for a bad one. */
export function evaluate(expression: string, scope: Scope): Json {
  return toJson(run(expression, scope));
}

/**
 * A text in which every `${{ }}` is replaced. A text that is one expression keeps its type.
 * Throws ExpressionError.
 */
export function interpolate(text: string, scope: Scope): Json {
  const parts = split(text);
  const [first] = parts;
  if (parts.length === 1 && first?.expression) return evaluate(first.text, scope);
  return parts.map((part) => (part.expression ? asText(part.text, scope) : part.text)).join('');
}

/** Like `interpolate`, always text: true is `true`, null is empty. */
export function interpolateText(value: unknown, scope: Scope): string {
  const text = value === null || value === undefined ? '' : String(value);
  return split(text)
    .map((part) => (part.expression ? asText(part.text, scope) : part.text))
    .join('');
}

/** `interpolate` for every text in a YAML value, keys left alone. */
export function interpolateDeep(value: Json, scope: Scope): Json {
  if (typeof value === 'string') return interpolate(value, scope);
  if (Array.isArray(value)) return value.map((item) => interpolateDeep(item, scope));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, item]) => [key, interpolateDeep(item, scope)]);
  return Object.fromEntries(entries) as Json;
}

/** The truth of an `if:`; without a status function `success() &&` is understood before it. */
export function condition(text: string | undefined, scope: Scope): boolean {
  const parts = split(text ?? '');
  const [first] = parts;
  const expression = parts.length === 1 && first?.expression ? first.text : (text ?? '').trim();
  if (parts.some((part) => part.expression) && expression !== first?.text) {
    return (scope.progress ?? 'success') === 'success' && interpolateText(text, scope) !== '';
  }
  if (expression === '') return (scope.progress ?? 'success') === 'success';
  const tokens = new Lexer(expression).lex().tokens.map((token) => token.lexeme.toLowerCase());
  const asks = tokens.some((name, i) => STATUS_FUNCTIONS.includes(name) && tokens[i + 1] === '(');
  if (!asks && (scope.progress ?? 'success') !== 'success') return false;
  return truthy(run(expression, scope));
}

function run(expression: string, scope: Scope): data.ExpressionData {
  const functions = definitions(scope);
  const { tokens } = new Lexer(expression).lex();
  const parser = new Parser(tokens, Object.keys(scope.contexts), [...functions.values()]);
  const context = toData(scope.contexts);
  if (!(context instanceof data.Dictionary)) throw new TypeError('contexts are a dictionary');
  return new Evaluator(parser.parse(), context, functions).evaluate();
}

function definitions(scope: Scope): Map<string, Definition> {
  const found = new Map<string, Definition>();
  const define = (name: string, maxArgs: number, call: Definition['call']): unknown =>
    found.set(name.toLowerCase(), { name, minArgs: maxArgs === 0 ? 0 : 1, maxArgs, call });
  const { progress, workspace } = scope;
  if (progress !== undefined) {
    define('always', 0, () => new data.BooleanData(true));
    for (const name of ['success', 'failure', 'cancelled']) {
      define(name, 0, () => new data.BooleanData(progress === name));
    }
  }
  if (workspace !== undefined) {
    define('hashFiles', 255, (...globs) => {
      const patterns = globs.map((glob) => glob.coerceString());
      return new data.StringData(hashFiles(workspace, patterns));
    });
  }
  return found;
}

function hashFiles(workspace: string, patterns: string[]): string {
  const wanted = patterns.filter((pattern) => !pattern.startsWith('!'));
  const unwanted = patterns.filter((pattern) => pattern.startsWith('!'));
  const exclude = unwanted.map((pattern) => pattern.slice(1));
  const paths = globSync(wanted, { cwd: workspace, exclude }).sort();
  const files = paths
    .map((path) => join(workspace, path))
    .filter((path) => statSync(path).isFile());
  if (files.length === 0) return '';
  const total = createHash('sha256');
  for (const file of files) total.update(createHash('sha256').update(readFileSync(file)).digest());
  return total.digest('hex');
}

function asText(expression: string, scope: Scope): string {
  return run(expression, scope).coerceString();
}

function toData(value: unknown): data.ExpressionData {
  return JSON.parse(JSON.stringify(value), data.reviver) as data.ExpressionData;
}

function toJson(value: data.ExpressionData): Json {
  return JSON.parse(JSON.stringify(value, data.replacer)) as Json;
}

/** Splits at `${{` and the `}}` that ends it; `}}` inside a quoted text does not end it. */
function split(text: string): { expression: boolean; text: string }[] {
  const parts: { expression: boolean; text: string }[] = [];
  let rest = text;
  for (;;) {
    const open = rest.indexOf('${{');
    const close = open < 0 ? -1 : closing(rest, open + 3);
    if (close < 0) break;
    if (open > 0) parts.push({ expression: false, text: rest.slice(0, open) });
    parts.push({ expression: true, text: rest.slice(open + 3, close).trim() });
    rest = rest.slice(close + 2);
  }
  if (rest !== '' || parts.length === 0) parts.push({ expression: false, text: rest });
  return parts;
}

function closing(text: string, from: number): number {
  let quoted = false;
  for (let i = from; i < text.length; i++) {
    if (text[i] === "'") quoted = !quoted;
    if (!quoted && text.startsWith('}}', i)) return i;
  }
  return -1;
}
