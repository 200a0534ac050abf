// The pieces in plain JavaScript, and what all contenders in JavaScript have around them.
import type { Implementation, ParsedPieces, Pieces } from '../contender.ts';
import { validateParsed } from './config.ts';
import { encoded, parsed } from './text.ts';
import { deploymentsOf, projectOf, runsOf } from './upstream.ts';

/** Every piece in plain JavaScript, for a parsed document. */
export const js_pieces: ParsedPieces = {
  'config.validate': validateParsed,
  'github.runs': runsOf,
  'pages.deployments': deploymentsOf,
  'pages.create_project': projectOf,
};

/** The same from bytes to bytes. */
export function overBytes(pieces: ParsedPieces): Pieces {
  const over = (answer: (value: unknown) => string): Implementation => {
    return (input) => encoded(answer(parsed(input)));
  };
  return {
    'config.validate': over(pieces['config.validate']),
    'github.runs': over(pieces['github.runs']),
    'pages.deployments': over(pieces['pages.deployments']),
    'pages.create_project': over(pieces['pages.create_project']),
  };
}
