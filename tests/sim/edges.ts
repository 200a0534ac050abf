// The state machines as docs/states.md has them, which is printed from the core's tables; and which
// of their edges a simulation took. An event that has no edge there breaks an invariant.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One edge: `from` and `to` are states. */
export interface Edge {
  readonly machine: string;
  readonly from: string;
  readonly event: string;
  readonly to: string;
}

/** How an edge is named in counts: `Site absent site_planned creating`. */
export function nameOf({ machine, from, event, to }: Edge): string {
  return `${machine} ${from} ${event} ${to}`;
}

const states_md = join(import.meta.dirname, '../../docs/states.md');

/** Every edge of every machine that the present version takes, or every one that it knows. */
export function allEdges(which: 'present' | 'known' = 'present'): Edge[] {
  const text = readFileSync(states_md, 'utf8');
  const [events = '', states = ''] = (/^Only earlier versions .+$/m.exec(text)?.[0] ?? '').split(
    ' and came to the states ',
  );
  const isPresent = ({ machine, from, event }: Edge): boolean =>
    !events.includes(`\`${event}\``) &&
    !(machine === 'Deployment' && states.includes(`\`${from}\``));
  const edges = edgesOf(text);
  return which === 'known' ? edges : edges.filter(isPresent);
}

function edgesOf(text: string): Edge[] {
  const edges: Edge[] = [];
  let machine = '';
  for (const line of text.split('\n')) {
    machine = /^## (.+)$/.exec(line)?.[1] ?? machine;
    const [, from, to, events] = /^ {2}(\w+) --> (\w+): (.+)$/.exec(line) ?? [];
    if (from === undefined || to === undefined || events === undefined) continue;
    for (const event of events.split(', ')) edges.push({ machine, from, event, to });
  }
  return edges;
}

const edges = allEdges('known');
const machine_of = new Map(edges.map(({ event, machine }) => [event, machine]));
const next = new Map(edges.map((edge) => [`${edge.machine} ${edge.from} ${edge.event}`, edge]));

/** An event of the journal, as far as machines look at it. */
export interface JournalEvent {
  readonly type: string;
  readonly deployment_id?: string;
  readonly publication_id?: string;
}

/** What an event moved. */
export interface Move {
  readonly machine: string;
  /** The aggregate, or the deployment or publication in it. */
  readonly id: string;
  readonly to: string;
}

/** Follows every machine through the journal. */
export class Machines {
  /** How often each edge was taken. */
  readonly taken = new Map<string, number>();
  readonly #states = new Map<string, string>();

  /**
   * The event's move; undefined where it moves no machine.
   * @throws Error where there is no such edge
   */
  take(aggregate: string, event: JournalEvent): Move | undefined {
    const machine = machine_of.get(event.type);
    if (machine === undefined) return undefined;
    const id = this.#idOf(machine, aggregate, event);
    const key = `${machine} ${id}`;
    const from = this.#states.get(key) ?? 'absent';
    const edge = next.get(`${machine} ${from} ${event.type}`);
    if (edge === undefined) {
      throw new Error(`${aggregate}: ${machine} in state ${from} has no edge for ${event.type}`);
    }
    this.#states.set(key, edge.to);
    const name = nameOf(edge);
    this.taken.set(name, (this.taken.get(name) ?? 0) + 1);
    return { machine, id, to: edge.to };
  }

  #idOf(machine: string, aggregate: string, event: JournalEvent): string {
    if (machine === 'Deployment') return event.deployment_id ?? '';
    if (machine === 'Publication') return event.publication_id ?? '';
    return aggregate;
  }
}
