// What is wrong with a document, as the core words it.
import { knownFields, nearest } from './nearest.ts';

/** One fault: a JSON Pointer, a stable code, a sentence, the known name that was meant. */
export interface Issue {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
  readonly suggestion?: string | undefined;
}

/** The core lists no more. */
export const issues_max = 100;

/** Appends a fault, up to the core's limit. */
export function report(
  issues: Issue[],
  pointer: string,
  code: string,
  detail: string,
  suggestion?: string,
): void {
  if (issues.length < issues_max) {
    issues.push({ pointer, code, detail, suggestion });
  }
}

// The core suggests names for so many faults of a document.
const suggestions_max = 20;

/** The one of the known names that was probably meant; undefined after too many searches. */
export function suggest(
  issues: readonly Issue[],
  given: string,
  known: readonly string[],
): string | undefined {
  const searched = issues.filter(
    ({ code, detail }) =>
      code === 'field.unknown' ||
      detail.startsWith('must be one of') ||
      detail.endsWith('does not exist'),
  );
  return searched.length < suggestions_max ? nearest(given, known) : undefined;
}

/** Appends `field.type`; `expected` completes "must be". */
export function reportType(issues: Issue[], pointer: string, expected: string): void {
  report(issues, pointer, 'field.type', `must be ${expected}`);
}

/** The pointer one level down (RFC 6901). */
export function pointerTo(pointer: string, name: string): string {
  return `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** A parsed object. */
export type Json = Readonly<Record<string, unknown>>;

/** Whether the value is an object; reports it where not. */
export function isObject(value: unknown, at: string, issues: Issue[]): value is Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return true;
  reportType(issues, at, 'an object');
  return false;
}

/** Appends `field.missing`. */
export function missing(at: string, name: string, issues: Issue[]): void {
  report(issues, `${at}/${name}`, 'field.missing', 'is required');
}

/** Appends `field.unknown`; `root` are the document's own fields, if it is no configuration. */
export function unknown(at: string, name: string, issues: Issue[], root?: readonly string[]): void {
  const suggestion = suggest(issues, name, knownFields(at, root));
  report(issues, pointerTo(at, name), 'field.unknown', 'is not a known field', suggestion);
}

/** Appends `field.value` for a value that is none of the allowed ones. */
export function notOneOf(
  at: string,
  value: string,
  allowed: readonly string[],
  issues: Issue[],
): void {
  const detail = `must be one of: ${allowed.join(', ')}`;
  report(issues, at, 'field.value', detail, suggest(issues, value, allowed));
}
