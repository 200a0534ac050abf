// Types of advisories.mjs for who imports it from TypeScript.

/** What is known against a package. */
export interface Advisory {
  readonly id: string;
  readonly name: string;
  readonly severity: string;
  readonly title: string;
}

/** The advisories of a report, each once; a text where it is no report, and why. */
export function readReport(text: string): Advisory[] | string;

/** The ids of the advisories that a document has in the first column of a table. */
export function explained(markdown: string): Set<string>;
