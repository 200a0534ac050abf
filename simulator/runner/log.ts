// A job's log: stamped lines with every secret replaced, and the workflow commands in the output.

import type { Clock } from '../base/contract.ts';
import type { Runs } from './contract.ts';

/** Where the lines of one job go. */
export interface JobLog {
  /** Adds one line. */
  line(text: string): void;
  /** Adds a line of a step's output; `::add-mask::` and its like are understood. */
  output(text: string): void;
  /** Hides this value from now on, and each line of it. */
  mask(value: string): void;
  /** True where the text holds a hidden value. */
  holdsSecret(text: string): boolean;
  /** Stores what is still held back. */
  flush(): void;
}

const FLUSH_CHARACTERS = 8_192;
const FLUSH_ms = 250;
const SHOWN_COMMANDS = ['error', 'warning', 'notice', 'debug', 'group'];

/** The log of one job in the book. Lines become visible within a quarter of a second. */
export function jobLog(runs: Runs, clock: Clock, jobId: number): JobLog {
  const masks = new Set<string>();
  let held = '';
  /** The word that ends the time in which output is only output. */
  let stopped: string | undefined;
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (held !== '') runs.appendLog(jobId, held);
    held = '';
  };
  const hide = (text: string): string => {
    const longestFirst = [...masks].sort((a, b) => b.length - a.length);
    return longestFirst.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
  };
  const line = (text: string): void => {
    held += `${new Date(clock.now()).toISOString()} ${hide(text)}\n`;
    if (held.length > FLUSH_CHARACTERS) flush();
    else timer ??= setTimeout(flush, FLUSH_ms);
  };
  const mask = (value: string): void => {
    for (const part of [value, ...value.split(/\r?\n/)]) if (part.trim() !== '') masks.add(part);
  };

  return {
    line,
    mask,
    flush,
    holdsSecret: (text) => [...masks].some((secret) => text.includes(secret)),
    output(text) {
      const [, name = '', value = ''] = /^::([\w-]+)(?: [^:]*)?::(.*)$/.exec(text.trim()) ?? [];
      if (stopped !== undefined) {
        if (name === stopped) stopped = undefined;
        line(text);
      } else if (name === 'stop-commands') {
        stopped = value;
        line(text);
      } else if (name === 'add-mask') mask(unescapeData(value));
      else if (name === 'endgroup') line('##[endgroup]');
      else if (SHOWN_COMMANDS.includes(name)) line(`##[${name}]${unescapeData(value)}`);
      else line(text);
    },
  };
}

function unescapeData(value: string): string {
  return value.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
}
