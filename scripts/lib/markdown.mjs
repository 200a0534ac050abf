// Markdown to HTML, for our own documents that are served as pages. Only what they use is known:
// headings, paragraphs, lists, and bold, emphasis, code and links within a line. Anything else is
// an error, so that nothing is shown as what it is not.
import { SetupError } from './process.mjs';

/**
 * @param {string} text a document
 * @returns {{ title: string, html: string }} its title, and its HTML, the title included
 * @throws {SetupError} at a block that is not known
 */
export function htmlOfMarkdown(text) {
  const blocks = text.trim().split(/\n{2,}/);
  return {
    title: blocks[0]?.match(/^# (.+)$/)?.[1] ?? '',
    html: blocks.map(blockHtml).join('\n'),
  };
}

/**
 * @param {string} block lines without an empty one
 * @returns {string}
 */
function blockHtml(block) {
  const heading = block.match(/^(#{1,3}) (.+)$/);
  if (heading?.[1] && heading[2]) {
    return `<h${heading[1].length}>${inline(heading[2])}</h${heading[1].length}>`;
  }
  if (/^- /.test(block)) return list('ul', block, /^- /);
  if (/^\d+\. /.test(block)) return list('ol', block, /^\d+\. /);
  if (/^(#|>|```|~~~|\||!\[|<|\s)/.test(block)) {
    throw new SetupError(`this Markdown is not known: ${block.split('\n')[0]}`);
  }
  return `<p>${inline(block)}</p>`;
}

/**
 * @param {'ul' | 'ol'} tag
 * @param {string} block items, each beginning with `mark`; other lines belong to the last one
 * @param {RegExp} mark
 * @returns {string}
 */
function list(tag, block, mark) {
  const items = /** @type {string[]} */ ([]);
  for (const line of block.split('\n')) {
    if (mark.test(line)) items.push(line.replace(mark, ''));
    else items[items.length - 1] += ` ${line.trim()}`;
  }
  return `<${tag}>\n${items.map((item) => `<li>${inline(item)}</li>`).join('\n')}\n</${tag}>`;
}

/**
 * @param {string} text
 * @returns {string}
 */
function inline(text) {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\*\*([^*]+)\*\*/g, '<b>$1</b>')
    .replace(/(?<!\*)\*([^*]+)\*(?!\*)/g, '<em>$1</em>')
    .replace(/\[([^\]]+)\]\((https:\/\/[^)\s]+|\/[^)\s]*)\)/g, '<a href="$2">$1</a>');
}
