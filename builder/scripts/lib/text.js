// Text that leaves the runner: log tails, workflow commands. Secrets are taken out here.

/** The most that a report's `logTail` may hold, in characters and in UTF-8 bytes. */
export const LOG_TAIL_LIMIT = 4096;

const SECRET_VARIABLES = [
  ...['NNO_INTERNAL_API_KEY', 'CF_API_TOKEN', 'CF_ACCOUNT_ID'],
  'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
];
const ESCAPE = String.fromCharCode(27);
const TERMINAL_CODES = new RegExp(
  `${ESCAPE}(\\[[0-9;?]*[A-Za-z]|\\][^${ESCAPE}\\u0007]*\\u0007?)`,
  'g',
);

/** Replaces every secret value of `env`, and whatever looks like a credential, by `***`. */
export function redact(text, env = process.env) {
  let clean = text;
  for (const name of SECRET_VARIABLES) {
    const value = env[name] ?? '';
    if (value.length >= 4) clean = clean.replaceAll(value, '***');
  }
  return clean
    .replace(/\b(Bearer)\s+[\w.~+/=-]{8,}/gi, '$1 ***')
    .replace(/\b(gh[a-z]_|github_pat_)[\w.-]{16,}/g, '***')
    .replace(/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}/g, '***');
}

/** The end of `text` within LOG_TAIL_LIMIT, without terminal codes, control characters, secrets. */
export function logTail(text, env = process.env) {
  const plain = text
    .replace(TERMINAL_CODES, '')
    .replace(/\r\n?/g, '\n')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to take out
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');
  const bytes = Buffer.from(redact(plain, env).trim().toWellFormed());
  let start = Math.max(0, bytes.length - LOG_TAIL_LIMIT);
  while (start < bytes.length && (bytes[start] & 0xc0) === 0x80) start += 1;
  return bytes.subarray(start).toString();
}

/** Prints a GitHub workflow command: `notice`, `warning` or `error`. */
export function annotate(level, text) {
  const data = redact(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  console.log(`::${level}::${data}`);
}
