// What is said and how: data on standard output, talk on standard error, colours where a person
// looks, and nothing that a foreign text could do to a terminal.
import type { Trouble } from './errors.ts';
import type { Host } from './host.ts';
import type { Values } from './options.ts';

/** How a run speaks. */
export interface Talk {
  /** `object`: one JSON object; `stream`: NDJSON; undefined: text for people. */
  readonly json: 'object' | 'stream' | undefined;
  /** Data, for people. */
  text(lines: string): void;
  /** Data, for programs: one line. */
  record(data: unknown): void;
  /** A remark, on standard error. */
  note(text: string): void;
  /** What the command has come to, on standard error. */
  progress(text: string): void;
  trouble(trouble: Trouble): void;
  /** Words that name a state, coloured on standard output where that is a terminal. */
  state(word: string): string;
}

const codes = { red: 31, green: 32, yellow: 33, dim: 2, bold: 1 } as const;

/** How this run speaks. */
export function talkOf(host: Host, values: Values): Talk {
  const wanted = values.color !== false && (host.env.NO_COLOR ?? '') === '';
  const plainTerminal = host.env.TERM === 'dumb';
  const paintOn = (terminal: boolean) => (color: keyof typeof codes, text: string) =>
    wanted && terminal && !plainTerminal ? `\u001b[${codes[color]}m${text}\u001b[0m` : text;
  const onOut = paintOn(host.stdoutTerminal);
  const onErr = paintOn(host.stderrTerminal);
  const json = values.json === 'stream' || values.json === 'object' ? values.json : undefined;
  const begun_ms = host.now_ms();
  const say = (text: string): void => {
    if (values.quiet !== true) host.err(`${text}\n`);
  };
  return {
    json,
    text: (lines) => host.out(`${lines}\n`),
    record: (data) => {
      host.out(`${JSON.stringify(data, null, json === 'object' ? 2 : undefined)}\n`);
    },
    note: (text) => say(onErr('dim', safe(text))),
    progress: (text) => {
      const seconds = ((host.now_ms() - begun_ms) / 1000).toFixed(1).padStart(6);
      say(`${onErr('dim', `${seconds} s`)}  ${safe(text)}`);
    },
    trouble: (trouble) => {
      const heading = `${onErr('red', 'error')} ${safe(trouble.code)}: ${safe(trouble.title)}`;
      host.err(`${[heading, ...detailsOf(trouble)].join('\n')}\n`);
    },
    state: (word) => onOut(colorOf(word), safe(word)),
  };
}

function detailsOf(trouble: Trouble): string[] {
  const { detail, errors, next, requestId, offline, logTail } = trouble;
  const faults = (errors ?? []).map(({ pointer, detail: why, suggestion }) => {
    const meant = suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`;
    return `  ${safe(pointer === '' ? '(whole)' : pointer)}: ${safe(why)}${safe(meant)}`;
  });
  return [
    ...(detail === undefined ? [] : [`  ${safe(detail)}`]),
    ...faults,
    ...(logTail === undefined ? [] : ['  log:', ...safe(logTail).split('\n').map(indented)]),
    ...(next === undefined ? [] : [`  next: ${safe(next)}`]),
    ...(offline === true ? ['  checked offline: nothing was sent'] : []),
    ...(requestId === undefined ? [] : [`  request: ${safe(requestId)}`]),
  ];
}

const indented = (line: string): string => `    ${line}`;

function colorOf(word: string): keyof typeof codes {
  if (/^(live|ready|ok|succeeded|success|active|yes|done|true)$/.test(word)) return 'green';
  if (/^(failed|blocked|lost|cancelled|deleting|closed|full|failure)/.test(word)) return 'red';
  return 'yellow';
}

/** A foreign text without what a terminal would obey: only tabs and line ends stay. */
export function safe(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through.
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '');
}

/** Rows as columns of equal width. */
export function table(rows: readonly (readonly string[])[]): string {
  const clean = rows.map((row) => row.map(safeCell));
  const widths = clean.reduce<number[]>(
    (most, row) => row.map((cell, index) => Math.max(most[index] ?? 0, widthOf(cell))),
    [],
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => cell + ' '.repeat(Math.max(0, (widths[index] ?? 0) - widthOf(cell))))
      .join('  ')
      .trimEnd();
  return clean.map(line).join('\n');
}

// Foreign text may be in it, and colours of ours.
function safeCell(cell: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one.
  const parts = cell.split(/(\u001b\[\d{1,2}m)/);
  return parts.map((part, index) => (index % 2 === 1 ? part : safe(part))).join('');
}

// Without the colours.
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one.
const widthOf = (cell: string): number => cell.replace(/\u001b\[\d+m/g, '').length;

/** Names and values, one a line; what is undefined is left out. */
export function fields(pairs: readonly (readonly [string, string | number | undefined])[]): string {
  const rows = pairs.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[`${name}:`, String(value)]],
  );
  return table(rows);
}
