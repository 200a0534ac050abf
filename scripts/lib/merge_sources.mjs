// Merges C++ sources into few units, so that what they share is compiled once for many of them.
// Two sources meet in one unit only when neither knows a name that the other keeps to itself (in an
// anonymous namespace): so each means in its unit what it means alone. A unit begins with the
// headers of all its sources, for the same reason.
//   node merge_sources.mjs <folder of the units> <sources a unit, at most> <list of sources>
// The list is a file with one absolute path a line. Prints the paths of the units, one a line.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A source, the names that it keeps to itself, all the names that it knows, and its includes.
 * @typedef {{ path: string, own: Set<string>, known: Set<string>, includes: string[] }} Source
 */

/** What looks like a declared name where it is none. */
const notNames = new Set(['const', 'noexcept', 'override', 'describe']);

/**
 * @param {string} path
 * @param {string} text its content
 * @returns {Source}
 */
export function readSource(path, text) {
  const code = withoutProse(text);
  const known = code.match(/(?<![\w.])(?<!->)(?<!::)[A-Za-z_]\w*/g) ?? [];
  const includes = text.match(/^#include [<"].*[>"]/gm) ?? [];
  return {
    path,
    own: ownNames(code),
    known: new Set(known),
    includes: includes.map((include) => fromAnywhere(include, path)),
  };
}

/**
 * @param {string} include a directive
 * @param {string} path of the source where it stands
 * @returns {string} the same for a file that stands elsewhere
 */
function fromAnywhere(include, path) {
  const beside = join(dirname(path), include.match(/"(.*)"/)?.[1] ?? 'none');
  return existsSync(beside) ? `#include "${beside}"` : include;
}

/**
 * Puts every source into the first unit that has room and nobody who disagrees.
 * @param {Source[]} sources
 * @param {number} most sources a unit
 * @returns {Source[][]}
 */
export function units(sources, most) {
  const found = /** @type {Source[][]} */ ([]);
  for (const source of sources) {
    const fits = found.find(
      (unit) => unit.length < most && unit.every((other) => agree(source, other)),
    );
    if (fits === undefined) found.push([source]);
    else fits.push(source);
  }
  return found;
}

/**
 * @param {Source[]} unit
 * @returns {string} the text of the merged source
 */
export function unitText(unit) {
  const headers = new Set(unit.flatMap(({ includes }) => includes));
  const sources = unit.map(
    ({ path }) => `#include "${path}"  // NOLINT(bugprone-suspicious-include)`,
  );
  return `${[...headers, ...sources].join('\n')}\n`;
}

/**
 * @param {Source} one
 * @param {Source} other
 * @returns {boolean}
 */
function agree(one, other) {
  const free = (/** @type {Set<string>} */ own, /** @type {Set<string>} */ known) =>
    [...own].every((name) => !known.has(name));
  return free(one.own, other.known) && free(other.own, one.known);
}

/**
 * The names that are declared right in anonymous namespaces; rather one too many than one too few.
 * @param {string} code without comments and texts
 * @returns {Set<string>}
 */
function ownNames(code) {
  const tokens = code.match(/[A-Za-z_]\w*|\d[\w']*|::|->|[^\s\w]/g) ?? [];
  const names = /** @type {Set<string>} */ (new Set());
  for (let at = 0; at + 1 < tokens.length; at += 1) {
    if (tokens[at] !== 'namespace' || tokens[at + 1] !== '{') continue;
    at = declaredNames(tokens, at + 2, names);
  }
  return names;
}

/**
 * @param {string[]} tokens
 * @param {number} at the first token after the opening brace
 * @param {Set<string>} names are added
 * @returns {number} where the closing brace is
 */
function declaredNames(tokens, at, names) {
  let braces = 0;
  let brackets = 0;
  let initialiser = false;
  for (; braces >= 0 && at < tokens.length; at += 1) {
    const token = tokens[at] ?? '';
    if (token === '{') braces += 1;
    else if (token === '}') braces -= 1;
    else if (token === '(' || token === '[') brackets += 1;
    else if (token === ')' || token === ']') brackets -= 1;
    else if (braces > 0 || brackets > 0) continue;
    else if (token === ';') initialiser = false;
    else if (token === '=') initialiser = true;
    else if (!initialiser && declares(tokens, at)) names.add(token);
  }
  return at - 1;
}

/**
 * @param {string[]} tokens
 * @param {number} at
 * @returns {boolean} whether the token is a name that is declared here
 */
function declares(tokens, at) {
  const token = tokens[at] ?? '';
  if (!/^[A-Za-z_]/.test(token) || notNames.has(token)) return false;
  if (tokens[at - 1] === '::' || tokens[at - 1] === ':') return false;
  return /^[({=;[:]$/.test(tokens[at + 1] ?? '');
}

/**
 * @param {string} text
 * @returns {string} without comments, texts, characters and directives
 */
function withoutProse(text) {
  return text
    .replace(/R"(\w*)\([\s\S]*?\)\1"/g, '""')
    .replace(/"(?:\\.|[^"\\\n])*"/g, '""')
    .replace(/(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'/g, '0')
    .replace(/\/\/.*$/gm, '')
    .replace(/^\s*#.*$/gm, '');
}

/**
 * Writes the units, each only when it changed: what is built of the others stays current.
 * @param {string} folder
 * @param {number} most
 * @param {string[]} paths
 */
function merge(folder, most, paths) {
  mkdirSync(folder, { recursive: true });
  const sources = paths.map((path) => readSource(path, readFileSync(path, 'utf8')));
  units(sources, most).forEach((unit, index) => {
    const path = join(folder, `unit_${index}.cpp`);
    const text = unitText(unit);
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
    console.log(path);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder = '', most = '', list = ''] = process.argv.slice(2);
  merge(folder, Number(most), readFileSync(list, 'utf8').split('\n').filter(Boolean));
}
