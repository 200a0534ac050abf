// Reading what `npm audit --json` prints, and which advisories the documents explain.

/** @import { Advisory } from './advisories.mjs' */

/**
 * The advisories of a report, each once; a text where it is no report, and why.
 * @param {string} text
 * @returns {Advisory[] | string}
 */
export function readReport(text) {
  let report;
  try {
    report = JSON.parse(text);
  } catch {
    return 'npm printed no report';
  }
  const { vulnerabilities, message, error } = report ?? {};
  if (typeof vulnerabilities !== 'object' || vulnerabilities === null) {
    return String(message ?? error?.summary ?? 'the report lists no vulnerabilities');
  }
  const found = new Map();
  for (const { name, via } of Object.values(vulnerabilities)) {
    // A text names another package of the list, whose advisory it is.
    for (const each of via.filter((/** @type {unknown} */ one) => typeof one === 'object')) {
      const id = String(each.url).split('/').at(-1) ?? '';
      found.set(id, { id, name, severity: each.severity, title: each.title });
    }
  }
  return [...found.values()];
}

/**
 * The ids of the advisories that a document has in the first column of a table.
 * @param {string} markdown
 * @returns {Set<string>}
 */
export function explained(markdown) {
  return new Set([...markdown.matchAll(/^\| `?(GHSA-[\w-]+)`? \|/gm)].map(([, id]) => id ?? ''));
}
