// What is compared: the pieces of the core, and the one shape that every implementation has.

/** One implementation of a piece: bytes in, bytes out. The output is a copy and stays valid. */
export type Implementation = (input: Uint8Array) => Uint8Array;

/** The pieces of the core that are measured alone. */
export const piece_names = [
  'config.validate',
  'github.runs',
  'pages.deployments',
  'pages.create_project',
] as const;

/** One of them. */
export type PieceName = (typeof piece_names)[number];

/** An implementation of every piece. */
export type Pieces = Readonly<Record<PieceName, Implementation>>;

/** An answer for the value of a request's body, parsed by the host; undefined: not JSON. */
export type ParsedPieces = Readonly<Record<PieceName, (value: unknown) => string>>;

/** The implementations, in the order of the table's columns. */
export const contender_names = ['ours', 'js', 'zod', 'ajv'] as const;

/** One of them. */
export type ContenderName = (typeof contender_names)[number];
