// wasm/budgets.json: what the core costs, as it was last agreed, and how that may change. No figure
// grows by more than a tenth unless someone writes the new ones down.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** The recorded figures. */
export const budgets_path = join(root, 'wasm/budgets.json');
/** The module that is measured. */
export const core_path = join(root, 'build/core.wasm');

/** Figures by name, in groups: `module`, and one for each workload. */
export type Figures = Readonly<Record<string, Readonly<Record<string, number>>>>;

const tolerance = 0.1;

/** What differs between recorded and measured figures, one line each. */
export interface Verdict {
  /** Grown by more than a tenth, or on one side only. */
  readonly grown: readonly string[];
  /** Fallen by more than a tenth. */
  readonly fallen: readonly string[];
}

/** The figures in wasm/budgets.json. */
export function recordedFigures(): Figures {
  return JSON.parse(readFileSync(budgets_path, 'utf8')) as Figures;
}

/** Compares every figure. */
export function compare(recorded: Figures, measured: Figures): Verdict {
  const before = flat(recorded);
  const now = flat(measured);
  const grown: string[] = [];
  const fallen: string[] = [];
  for (const name of new Set([...before.keys(), ...now.keys()])) {
    const was = before.get(name);
    const is = now.get(name);
    const line = `${name}: ${was ?? 'not recorded'} -> ${is ?? 'not measured'}`;
    if (was === undefined || is === undefined) grown.push(line);
    else if (is > was * (1 + tolerance)) grown.push(`${line} (${percent(was, is)})`);
    else if (is < was * (1 - tolerance)) fallen.push(`${line} (${percent(was, is)})`);
  }
  return { grown, fallen };
}

function flat(figures: Figures): Map<string, number> {
  const named = Object.entries(figures).flatMap(([group, each]) =>
    Object.entries(each).map(([name, value]) => [`${group}: ${name}`, value] as const),
  );
  return new Map(named);
}

function percent(was: number, is: number): string {
  const change = Math.round((is / was - 1) * 100);
  return `${change > 0 ? '+' : ''}${change} %`;
}
