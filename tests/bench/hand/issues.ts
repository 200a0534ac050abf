// What is wrong with a document, as the core words it.

/** One fault: a JSON Pointer, a stable code, a sentence. */
export interface Issue {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** The core lists no more. */
export const issues_max = 100;

/** Appends a fault, up to the core's limit. */
export function report(issues: Issue[], pointer: string, code: string, detail: string): void {
  if (issues.length < issues_max) {
    issues.push({ pointer, code, detail });
  }
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

/** Appends `field.unknown`. */
export function unknown(at: string, name: string, issues: Issue[]): void {
  report(issues, pointerTo(at, name), 'field.unknown', 'is not a known field');
}
