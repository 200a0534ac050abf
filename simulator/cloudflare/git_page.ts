// The page that a build makes: which variables it was given, and the configuration that it read.

/** What the page shows. Secret variables are not among them. */
export interface BuildFacts {
  project: string;
  /** `owner/name`. */
  repository: string;
  environment: string;
  variables: Record<string, string>;
  /** The repository's configuration files. */
  configs: { path: string; text: string }[];
}

/** The page as HTML. */
export function buildPage({ project, variables, configs }: BuildFacts): string {
  const rows = Object.entries(variables).map(
    ([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`,
  );
  const files = configs.map(
    ({ path, text }) => `<h2>${escaped(path)}</h2><pre>${escaped(text)}</pre>`,
  );
  return (
    `<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>${escaped(project)}</title>\n` +
    `<h1>${escaped(project)}</h1>\n<dl>${rows.join('\n')}</dl>\n${files.join('\n')}\n</html>\n`
  );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
