// docs/edges.md: every state machine with how often simulations took each edge, coloured by it.
import { join } from 'node:path';
import { type Edge, nameOf } from './edges.ts';

/** Where the picture is. */
export const edgesPath = join(import.meta.dirname, '../../docs/edges.md');

const rare = 100;
const colours = { often: '#2e7d32', rarely: '#ef6c00', never: '#c62828' } as const;

/** The edges that nobody took, by their names. */
export function missingEdges(
  taken: ReadonlyMap<string, number>,
  edges: readonly Edge[],
): readonly string[] {
  return edges.map(nameOf).filter((name) => !taken.has(name));
}

/** The page. */
export function edgesText(
  taken: ReadonlyMap<string, number>,
  edges: readonly Edge[],
  seeds: string,
): string {
  const machines = [...Map.groupBy(edges, ({ machine }) => machine)];
  const counted = edges.filter((edge) => taken.has(nameOf(edge))).length;
  return [
    '# Edges taken',
    '',
    'Written by `npm run sim -- --record`; do not edit. How often the simulation took each edge',
    'of the state machines in [states.md](states.md). Green: each event of the arrow at least ' +
      `${rare} times;`,
    'orange: some more rarely; red: some never. A red one fails the suite `sim`.',
    '',
    `${counted} of ${edges.length} edges were taken.`,
    '',
    `Seeds: ${seeds}.`,
    '',
    ...machines.flatMap(([machine, own]) => [`## ${machine}`, '', ...chart(taken, own), '']),
  ].join('\n');
}

function chart(taken: ReadonlyMap<string, number>, edges: readonly Edge[]): string[] {
  const arrows = [...Map.groupBy(edges, ({ from, to }) => `${from} ${to}`).values()];
  const lines = arrows.map((own) => {
    const [{ from, to } = { from: '', to: '' }] = own;
    const events = own.map((edge) => `${edge.event} ${taken.get(nameOf(edge)) ?? 0}`);
    return `  ${from} -- "${events.join('<br>')}" --> ${to}`;
  });
  const styles = arrows.map((own, index) => {
    const least = Math.min(...own.map((edge) => taken.get(nameOf(edge)) ?? 0));
    const colour = least === 0 ? colours.never : least < rare ? colours.rarely : colours.often;
    return `  linkStyle ${index} stroke:${colour}`;
  });
  return ['```mermaid', 'flowchart TD', ...lines, ...styles, '```'];
}

/** How often the page says that each edge was taken. */
export function countsOf(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  let machine = '';
  for (const line of text.split('\n')) {
    machine = /^## (.+)$/.exec(line)?.[1] ?? machine;
    const [, from, events, to] = /^ {2}(\w+) -- "(.+)" --> (\w+)$/.exec(line) ?? [];
    for (const event of events?.split('<br>') ?? []) {
      const [name = '', count = '0'] = event.split(' ');
      const edge = { machine, from: from ?? '', event: name, to: to ?? '' };
      if (Number(count) > 0) counts.set(nameOf(edge), Number(count));
    }
  }
  return counts;
}

/** Which seeds the page is of. */
export function seedsOf(text: string): string {
  return /^Seeds: (.+)\.$/m.exec(text)?.[1] ?? '';
}
