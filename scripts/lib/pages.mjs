// Builds the web pages of worker-shim/pages into build/pages: one script a page, one style sheet,
// the documents that name both by the digest of their bytes, and a manifest of the digests. All are
// text modules, which the Worker imports.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { htmlOfMarkdown } from './markdown.mjs';
import { root } from './process.mjs';

const sources = join(root, 'worker-shim/pages');
const helpText = join(root, 'docs/connect-github.md');

/** Where the pages are put: absolute path. */
export const pagesFolder = join(root, 'build/pages');

/** The documents: their title, and the script that each starts. */
const documents = /** @type {const} */ ([
  { name: 'publishing', title: 'Publishing', script: 'publishing.js' },
  { name: 'sign-in', title: 'Sign in', script: 'sign-in.js' },
  { name: 'connect-github', title: 'Connect GitHub', script: undefined },
]);

const icon =
  '%3Csvg xmlns=%27http://www.w3.org/2000/svg%27 viewBox=%270 0 20 20%27%3E' +
  '%3Cpath d=%27M3 14l7-10 7 10M6 17h8%27 fill=%27none%27 stroke=%27%238b8b95%27 ' +
  'stroke-width=%272%27 stroke-linecap=%27round%27 stroke-linejoin=%27round%27/%3E%3C/svg%3E';

/**
 * Builds the pages unless they are built of the same sources.
 * @returns {Promise<boolean>} whether anything had to be built
 */
export async function buildPages() {
  const stamp = join(pagesFolder, '.stamp');
  const digest = sourcesDigest();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return false;
  mkdirSync(pagesFolder, { recursive: true });
  const assets = await bundles();
  const digests = Object.fromEntries(
    Object.entries(assets).map(([name, text]) => [name, shortDigest(text)]),
  );
  for (const [name, text] of Object.entries(assets)) place(`${name}.txt`, text);
  for (const one of documents) {
    const text = documentText(one, digests);
    digests[`${one.name}.html`] = shortDigest(text);
    place(`${one.name}.html.txt`, text);
  }
  place('manifest.json.txt', `${JSON.stringify(digests, null, 2)}\n`);
  place('.stamp', digest);
  return true;
}

/**
 * Scripts and style sheet, made small.
 * @returns {Promise<Record<string, string>>} by file name
 */
async function bundles() {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: {
      publishing: join(sources, 'publishing/main.tsx'),
      'sign-in': join(sources, 'sign_in/main.tsx'),
      pages: join(sources, 'styles/pages.css'),
    },
    outdir: pagesFolder,
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: ['chrome123', 'firefox121', 'safari17.5'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'silent',
  });
  return Object.fromEntries(
    outputFiles.map(({ path, text }) => [path.slice(pagesFolder.length + 1), text]),
  );
}

/**
 * @param {typeof documents[number]} one
 * @param {Record<string, string>} digests of scripts and style sheet
 * @returns {string} the document
 */
function documentText({ name, title, script }, digests) {
  const filled = (/** @type {string} */ file, /** @type {Record<string, string>} */ values) =>
    read(`html/${file}.html`)
      .replace(/<!--[\s\S]*?-->\n/, '')
      .replace(/\{\{(\w+)\}\}/g, (_, key) => values[key] ?? '');
  const address = (/** @type {string} */ asset) => {
    const [base, extension] = asset.split('.');
    return `/assets/${base}.${digests[asset]}.${extension}`;
  };
  return filled('shell', {
    title,
    icon: `data:image/svg+xml,${icon}`,
    style: address('pages.css'),
    script: script === undefined ? '' : `<script type="module" src="${address(script)}"></script>`,
    content: filled(name, { document: htmlOfMarkdown(readFileSync(helpText, 'utf8')).html }),
  });
}

/**
 * The digest of everything that the pages are made of.
 * @returns {string}
 */
function sourcesDigest() {
  const hash = createHash('sha256');
  const names = readdirSync(sources, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const more = ['scripts/lib/pages.mjs', 'scripts/lib/markdown.mjs', 'package-lock.json'];
  for (const path of [...names, helpText, ...more.map((name) => join(root, name))]) {
    hash.update(`${path.slice(root.length)}\n`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

/**
 * @param {string} text
 * @returns {string} what stands for its bytes in an address
 */
function shortDigest(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/**
 * @param {string} name relative to the sources
 * @returns {string}
 */
function read(name) {
  return readFileSync(join(sources, name), 'utf8').trimEnd();
}

/**
 * Writes a file of the build whole or not at all.
 * @param {string} name
 * @param {string} text
 */
function place(name, text) {
  const path = join(pagesFolder, name);
  writeFileSync(`${path}.${process.pid}`, text);
  renameSync(`${path}.${process.pid}`, path);
}
