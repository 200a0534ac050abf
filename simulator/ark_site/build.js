// Writes the site of one org to dist/: the page, its style under a name that holds its hash, and
// the page for addresses that are not there.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

const { ORG_SLUG: slug = '', CF_PAGES_COMMIT_SHA: commit = '' } = process.env;

if (slug === '') {
  console.error('ORG_SLUG is not set: whose site is to be built?');
  process.exit(1);
}

const name = process.env.ORG_NAME || slug;
const shown = Object.entries(process.env)
  .filter(([key]) => key.startsWith('PUBLIC_'))
  .sort(([a], [b]) => (a < b ? -1 : 1));
const { PUBLIC_TAGLINE: tagline = 'Published from one repository that many share.' } = process.env;
const accent = /^#[0-9a-f]{6}$/i.test(process.env.PUBLIC_ACCENT ?? '')
  ? process.env.PUBLIC_ACCENT
  : undefined;

const escaped = (text) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

function page({ title, heading, body }) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="stylesheet" href="/${stylesheet}">
<link rel="icon" href="data:,">
</head>
<body>
<main>
<h1>${escaped(heading)}</h1>
${body}
</main>
<footer>${commit === '' ? 'Built by hand' : `Built from ${escaped(commit.slice(0, 7))}`}</footer>
</body>
</html>
`;
}

const row = ([key, value]) => `<div><dt>${escaped(key)}</dt><dd>${escaped(value)}</dd></div>`;

const css = readFileSync('style.css', 'utf8');
const style = accent === undefined ? css : css.replace('--accent: #2f6fed', `--accent: ${accent}`);
const digest = createHash('sha256').update(style).digest('hex').slice(0, 8);
const stylesheet = `assets/style.${digest}.css`;

const files = {
  'index.html': page({
    title: name,
    heading: name,
    body: `<p class="tagline">${escaped(tagline)}</p>
<dl>
${[['Site', slug], ...shown].map(row).join('\n')}
</dl>`,
  }),
  '404.html': page({
    title: `Not found - ${name}`,
    heading: 'There is no such page',
    body: `<p class="tagline">It may have moved. <a href="/">Go to ${escaped(name)}</a>.</p>`,
  }),
  [stylesheet]: style,
  _headers: '/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n',
};

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist/assets', { recursive: true });
for (const [path, text] of Object.entries(files)) writeFileSync(`dist/${path}`, text);
console.log(`Building the site of ${name} (${slug})`);
console.log(`Wrote ${Object.keys(files).length} files to dist`);
