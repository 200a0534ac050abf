// The output of the steps as a person reads it: GitHub's workflow commands are obeyed or put into
// words, secrets are masked.

import { redact } from '../lib/text.js';

const COMMAND = /^::([a-z-]+)::(.*)$/;

function unescaped(text) {
  return text.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%');
}

/** A log that writes lines by `write`. `env` has the secrets that must not be shown. */
export function createLog(env, write) {
  const masks = new Set();
  // While this is set, only its repetition is a command: the output is another program's.
  let stopped = '';

  function show(text) {
    let clean = redact(text, env);
    for (const mask of masks) clean = clean.replaceAll(mask, '***');
    write(clean);
  }

  function obey(command, value) {
    if (command === 'add-mask') masks.add(value);
    else if (command === 'stop-commands') stopped = value;
    else if (command === 'group') show(value);
    else if (['notice', 'warning', 'error'].includes(command)) show(`${command}: ${value}`);
  }

  return {
    /** Takes one line of a step's output. */
    line(text) {
      if (stopped !== '') {
        if (text === `::${stopped}::`) stopped = '';
        else show(text);
        return;
      }
      const command = COMMAND.exec(text);
      if (command === null) show(text);
      else obey(command[1], unescaped(command[2]));
    },
    /** A step has ended: whatever it stopped goes on. */
    end() {
      stopped = '';
    },
  };
}
