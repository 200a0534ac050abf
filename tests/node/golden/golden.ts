// Golden files: one exchange with the core each, `(input, facts) -> outcome`, as text that shows
// well in a difference. Only the format and the reading of files live here.
//
// A file holds two frames, `input` and `output`, each an array of segments in their order, so that
// a segment's number is its index. A segment is an object with one member:
//   json     canonical JSON (see `canonical`), shown as what it says
//   lines    other text of several lines, split at each newline
//   text     other text
//   base64   bytes that are not UTF-8
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, decodeFrame, encodeFrame, textOf } from '../../../bindings/js/frame.ts';

/** The folder of the golden files. */
export const golden_directory = join(import.meta.dirname, '../../golden');

/** One exchange with the core. */
export interface GoldenFrame {
  /** `<operation or input kind>/<case>`. */
  readonly name: string;
  readonly input: Uint8Array;
  readonly output: Uint8Array;
}

/** One segment as a golden file shows it. */
export type GoldenSegment =
  | { readonly json: unknown }
  | { readonly lines: readonly string[] }
  | { readonly text: string }
  | { readonly base64: string };

/** The content of a golden file. */
export interface GoldenFile {
  readonly input: readonly GoldenSegment[];
  readonly output: readonly GoldenSegment[];
}

/** Every golden file below `directory`, by name. @throws for a file that is not one. */
export function goldenFrames(directory: string = golden_directory): GoldenFrame[] {
  const names = existsSync(directory) ? readdirSync(directory, { recursive: true }) : [];
  return names
    .map(String)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((file) => {
      const { input, output } = parseGolden(readFileSync(join(directory, file), 'utf8'));
      const name = file.slice(0, -'.json'.length);
      return { name, input: frameOf(input), output: frameOf(output) };
    });
}

/** The content of a golden file's text. @throws SyntaxError, or Error when a frame is missing. */
export function parseGolden(text: string): GoldenFile {
  const file = JSON.parse(text) as Partial<GoldenFile>;
  if (!Array.isArray(file.input) || !Array.isArray(file.output)) {
    throw new Error('a golden file has an input and an output');
  }
  return { input: file.input, output: file.output };
}

/** The text of the golden file of one exchange. */
export function goldenText(exchange: Pick<GoldenFrame, 'input' | 'output'>): string {
  const file: GoldenFile = {
    input: segmentsOf(exchange.input),
    output: segmentsOf(exchange.output),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** A frame as a golden file shows it. */
export function segmentsOf(frame: Uint8Array): GoldenSegment[] {
  return decodeFrame(frame).map(segmentOf);
}

/** The frame that a golden file shows, byte for byte. */
export function frameOf(segments: readonly GoldenSegment[]): Uint8Array {
  return encodeFrame(segments.map(bytesOfSegment));
}

function segmentOf(bytes: Uint8Array): GoldenSegment {
  const text = asText(bytes);
  if (text === undefined) return { base64: Buffer.from(bytes).toString('base64') };
  const value = canonical(text);
  if (value !== undefined) return { json: value };
  return text.includes('\n') ? { lines: text.split('\n') } : { text };
}

function bytesOfSegment(segment: GoldenSegment): Uint8Array {
  if ('json' in segment) return bytesOf(JSON.stringify(segment.json));
  if ('lines' in segment) return bytesOf(segment.lines.join('\n'));
  if ('text' in segment) return bytesOf(segment.text);
  return new Uint8Array(Buffer.from(segment.base64, 'base64'));
}

function asText(bytes: Uint8Array): string | undefined {
  try {
    return textOf(bytes);
  } catch {
    return undefined;
  }
}

/**
 * The array or object that the text writes, where every JSON library writes it back byte for byte:
 * no spaces, no fractions, whole numbers below 2^53, no lone surrogates, and no names that look
 * like array indices, which JavaScript would move to the front. Undefined for every other text.
 */
export function canonical(text: string): object | undefined {
  if (!/^[[{]/.test(text) || /\\ud[89a-f]/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text && isPlain(value) ? (value as object) : undefined;
  } catch {
    return undefined;
  }
}

function isPlain(value: unknown): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isPlain);
  return Object.entries(value).every(([name, each]) => !/^\d+$/.test(name) && isPlain(each));
}
