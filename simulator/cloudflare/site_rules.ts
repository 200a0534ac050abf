// The rule files of a site: `_headers` and `_redirects`, in their simple forms (exact paths,
// `*` and `:name`).

/** Where a path is sent. Status 200 serves the target without a redirect. */
export interface Redirect {
  target: string;
  status: number;
}

/** The first rule of a `_redirects` file that `path` meets. Lines that make no rule are skipped. */
export function findRedirect(rules: string, path: string): Redirect | undefined {
  for (const line of rules.split('\n')) {
    const [from, to, code = '302', ...more] = line.trim().split(/\s+/);
    if (!from?.startsWith('/') || to === undefined || more.length > 0) continue;
    const found = meet(from, path);
    if (found === undefined || !/^(200|301|302|303|307|308)$/.test(code)) continue;
    const target = to.replaceAll(/:([a-z]\w*)/gi, (whole, name: string) => found[name] ?? whole);
    return { target, status: Number(code) };
  }
  return undefined;
}

/** Applies every rule of a `_headers` file that `path` meets to `headers`, in order. */
export function applyHeaderRules(rules: string, path: string, headers: Headers): void {
  let applies = false;
  for (const line of rules.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    if (!/^\s/.test(line)) {
      applies = meet(line.trim(), path) !== undefined;
      continue;
    }
    const rule = line.trim();
    const colon = rule.indexOf(':');
    if (!applies) continue;
    if (rule.startsWith('! ')) headers.delete(rule.slice(2).trim());
    else if (colon > 0) headers.append(rule.slice(0, colon).trim(), rule.slice(colon + 1).trim());
  }
}

// The values of a pattern's placeholders (`*` is `splat`) when `path` fits it, else undefined.
function meet(pattern: string, path: string): Record<string, string> | undefined {
  const source = pattern
    .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace('*', '(?<splat>.*)')
    .replaceAll(/:([a-z]\w*)/gi, '(?<$1>[^/]+)');
  try {
    const match = new RegExp(`^${source}$`).exec(path);
    return match === null ? undefined : { ...match.groups };
  } catch {
    return undefined;
  }
}
