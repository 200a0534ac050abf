// What one invocation works with. Built anew for each, because statements are counted for each.
import type { Core } from '../bindings/js/core.ts';
import type { Ports } from './ports.ts';
import type { Sealing } from './sealing.ts';
import type { Keys, Settings, Upstreams } from './settings.ts';

/** One line of the log: names and numbers, never a secret, a query value or a body. */
export interface LogEntry {
  /** What happened, in snake_case; lines are searched by it. */
  readonly event: string;
  readonly [name: string]: string | number | boolean | undefined;
}

/** Where log lines go. */
export type Log = (entry: LogEntry) => void;

/** Everything that a run may use. */
export interface World {
  readonly core: Core;
  readonly ports: Ports;
  /** The plain variables that the core may know. */
  readonly settings: Settings;
  /** Base addresses and credentials; the core knows the credentials' names only. */
  readonly upstreams: Upstreams;
  /** The keys that callers prove themselves with. */
  readonly keys: Keys;
  /** What is stored so that nobody reads it from the database alone. */
  readonly sealing: Sealing;
  readonly log: Log;
}

/**
 * The log of a Worker: one line of JSON an entry, in printable ASCII, so that nothing that is
 * logged ends a line, begins another or gives orders to a terminal.
 */
export const consoleLog: Log = (entry) => {
  console.log(JSON.stringify(entry).replaceAll(/[^ -~]/g, escaped));
};

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** An error as log text: its name and message and those of its causes, never a stack. */
export function errorText(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  const text = `${error.name}: ${error.message}`;
  return error.cause === undefined ? text : `${text}; cause: ${errorText(error.cause)}`;
}
