// Results as tables: for a terminal and, between two marks, for docs/performance.md.
import type { Spread } from './measure.ts';
import type { Results, Row } from './result.ts';

const titles: Readonly<Record<string, string>> = {
  us: 'microseconds a call',
  'req/s': 'requests a second (more is better)',
  ms: 'milliseconds',
  bytes: 'bytes',
};

/** A number with three significant digits, thousands in full. */
export function short(value: number): string {
  if (value >= 100) return String(Math.round(value));
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function cellText(cell: Spread | number | undefined): string {
  if (cell === undefined) return '';
  if (typeof cell === 'number') return Number.isInteger(cell) ? String(cell) : short(cell);
  return `${short(cell.median)} (${short(cell.p10)}-${short(cell.p90)})`;
}

function middle(cell: Spread | number): number {
  return typeof cell === 'number' ? cell : cell.median;
}

/** How many times faster ours is than `cell`: below 1 it is slower. */
export function ratio(row: Row, name: string): number | undefined {
  const ours = row.cells.ours;
  const theirs = row.cells[name];
  if (ours === undefined || theirs === undefined) return undefined;
  const quotient = middle(theirs) / middle(ours);
  return row.unit === 'req/s' ? 1 / quotient : quotient;
}

interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly lines: readonly (readonly string[])[];
}

function tableOf(title: string, rows: readonly Row[]): Table {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.cells)))];
  const others = rows.some((row) => row.cells.ours !== undefined)
    ? names.filter((name) => name !== 'ours')
    : [];
  const columns = ['case', 'input', 'host', ...names, ...others.map((name) => `${name} / ours`)];
  const lines = rows.map((row) => [
    row.what,
    row.sample,
    row.host,
    ...names.map((name) => cellText(row.cells[name])),
    ...others.map((name) => ratio(row, name)?.toFixed(2) ?? ''),
  ]);
  return { title, columns, lines };
}

function tables(results: Results): Table[] {
  const groups = Map.groupBy(results.rows, (row) => `${row.group} ${row.unit}`);
  return [...groups.values()].map((rows) => {
    const [first] = rows;
    return tableOf(`${first?.group}. ${titles[first?.unit ?? ''] ?? ''}`, rows);
  });
}

/** The versions and conditions, one a line. */
function conditions({ versions, quick }: Results): string[] {
  const { node, workerd, compiler, machine } = versions;
  return [
    `Node ${node}, workerd ${workerd}, ${compiler}, ${machine}.`,
    'Median of all rounds (p10-p90). A ratio above 1: ours is that many times faster.',
    ...(quick ? ['A quick run: numbers are rough.'] : []),
  ];
}

/** For a terminal: columns aligned by spaces. */
export function asText(results: Results): string {
  const parts = tables(results).map(({ title, columns, lines }) => {
    const all = [columns, ...lines];
    const widths = columns.map((_, at) => Math.max(...all.map((line) => (line[at] ?? '').length)));
    const drawn = all.map((line) =>
      line.map((cell, at) =>
        at < 3 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
      ),
    );
    return [title, ...drawn.map((line) => line.join('  ').trimEnd())].join('\n');
  });
  return [...parts, conditions(results).join('\n')].join('\n\n');
}

/** For a document: Markdown tables. */
export function asMarkdown(results: Results): string {
  const parts = tables(results).map(({ title, columns, lines }) => {
    const rule = columns.map((_, at) => (at < 3 ? '---' : '---:'));
    const drawn = [columns, rule, ...lines].map((line) => `| ${line.join(' | ')} |`);
    return [`### ${title}`, '', ...drawn].join('\n');
  });
  return [conditions(results).join('\n'), ...parts].join('\n\n');
}

/** The lines in a document between which the tables stand. */
export const marks = { begin: '<!-- results begin -->', end: '<!-- results end -->' } as const;

/** The document with the tables between its marks. @throws where a mark is missing. */
export function withResults(document: string, results: Results): string {
  const begin = document.indexOf(marks.begin);
  const end = document.indexOf(marks.end);
  if (begin < 0 || end < begin) throw new Error('the document lacks the marks for results');
  const before = document.slice(0, begin + marks.begin.length);
  return `${before}\n\n${asMarkdown(results)}\n\n${document.slice(end)}`;
}
