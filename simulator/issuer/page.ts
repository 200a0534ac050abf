// The sign-in page: one button for each person, for people and for screen readers, in light and in
// dark. It needs no script.

import type { DemoUser } from './settings.ts';

const style = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f7f9, #14161a);
  --card: light-dark(#ffffff, #1d2026);
  --text: light-dark(#1a1d23, #eceef2);
  --quiet: light-dark(#565d6b, #a9b0bd);
  --line: light-dark(#d5d9e0, #3a3f4a);
  --accent: light-dark(#1f5fd6, #8fb4ff);
}
* { box-sizing: border-box; }
body {
  margin: 0;
  min-height: 100vh;
  display: grid;
  place-items: center;
  padding: 1.5rem;
  background: var(--ground);
  color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif;
}
main { width: min(26rem, 100%); }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; }
p { margin: 0.5rem 0 1.5rem; color: var(--quiet); }
ul { margin: 0; padding: 0; list-style: none; display: grid; gap: 0.75rem; }
button {
  width: 100%;
  padding: 0.875rem 1.125rem;
  border: 1px solid var(--line);
  border-radius: 0.625rem;
  background: var(--card);
  color: inherit;
  font: inherit;
  text-align: left;
  cursor: pointer;
}
button:hover { border-color: var(--accent); }
button:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
strong, span { display: block; }
span { color: var(--quiet); font-size: 0.9375rem; }
`;

/** The page that sends whoever is chosen back to `returnTo`. */
export function signInPage(users: readonly DemoUser[], returnTo: URL): string {
  const items = users.map(
    ({ user, name, about }) =>
      `<li><button name="user" value="${escaped(user)}"><strong>${escaped(name)}</strong> ` +
      `<span>${escaped(about)}</span></button></li>`,
  );
  return page(
    'Sign in',
    `<p>These people exist for development only. You go back to ${escaped(returnTo.host)}.</p>
<form method="post">
<input type="hidden" name="return" value="${escaped(returnTo.href)}">
<ul>
${items.join('\n')}
</ul>
</form>`,
  );
}

/** The page that says why nobody can sign in. */
export function refusalPage(why: string): string {
  return page('Nobody can sign in here', `<p>${escaped(why)}</p>`);
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
