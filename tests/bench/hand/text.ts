// Bytes to text and text to bytes for the contenders in JavaScript, as fast as the host does it,
// and JSON text with the core's escapes. What was tried and found slower, or no faster: encodeInto
// into room that is kept, with a copy of what was written; a check for UTF-8 and then Buffer's own
// decoding; ignoreBOM, which would refuse what the core takes; one regular expression instead of a
// search for each character.
import type { Issue } from './issues.ts';

// In Node, Buffer encodes several times faster than TextEncoder; in workerd it is slower.
declare const Buffer: { from(text: string, encoding: 'utf8'): Uint8Array };
declare const navigator: { readonly userAgent: string };
const in_workerd = navigator.userAgent === 'Cloudflare-Workers';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
const encoder = new TextEncoder();

/** The value of a JSON text; undefined where the bytes are not JSON, or not UTF-8. */
export function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}

/** UTF-8 bytes of the text. */
export function encoded(text: string): Uint8Array {
  return in_workerd ? encoder.encode(text) : Buffer.from(text, 'utf8');
}

const escapes = /\\(?:u[0-9a-f]{4}|.)|[<\u007f\u2028\u2029]/g;
const code_of: Readonly<Record<string, number>> = { '\\b': 8, '\\f': 12, '\\r': 13, '\\t': 9 };

function escaped(match: string): string {
  const code = match.length === 1 ? match.charCodeAt(0) : code_of[match];
  return code === undefined ? match : `\\u${code.toString(16).padStart(4, '0')}`;
}

/**
 * The JSON text that the core writes for the same value: `<`, U+007F, U+2028 and U+2029 escaped, no
 * short escape but that of a line feed. Most texts hold none of these, which a search of memory for
 * each character finds fastest.
 */
export function asCoreWrites(json: string): string {
  const plain =
    json.indexOf('<') < 0 &&
    json.indexOf('\u007f') < 0 &&
    json.indexOf('\u2028') < 0 &&
    json.indexOf('\u2029') < 0 &&
    json.indexOf('\\t') < 0 &&
    json.indexOf('\\r') < 0 &&
    json.indexOf('\\b') < 0 &&
    json.indexOf('\\f') < 0;
  return plain ? json : json.replace(escapes, escaped);
}

/** What every implementation answers to a document with faults. */
export function faultsText(issues: readonly Issue[]): string {
  return asCoreWrites(JSON.stringify({ issues }));
}

/** What every implementation answers to bytes that are not JSON. */
export const malformed: readonly Issue[] = [
  { pointer: '', code: 'json.malformed', detail: 'is not JSON' },
];
