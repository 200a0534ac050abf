// The native tool slipway_ts_tool: what the core's domain says about many texts at once.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const tool = join(import.meta.dirname, '../../../build/native/slipway_ts_tool');

/** What a module holds, or the first thing in it that is no literal. */
export type ModuleAnswer =
  | { readonly exports: Readonly<Record<string, unknown>> }
  | { code: string; line: number; column: number; detail: string };

/** The three rendered modules. */
export interface Rendered {
  readonly features: string;
  readonly env: string;
  readonly auth: string;
}

/** Reads each source as a module of literals. */
export function readModules(sources: readonly string[]): ModuleAnswer[] {
  return ask('m', sources) as ModuleAnswer[];
}

/** Renders the defaults of each ConfigDocuments, whose names need not be valid. */
export function renderUnchecked(documents: readonly string[]): Rendered[] {
  return ask('c', documents).map((answer, index) => {
    const rendered = answer as Partial<Rendered>;
    const { features, env, auth } = rendered;
    if (features === undefined || env === undefined || auth === undefined) {
      throw new Error(`not rendered: ${JSON.stringify(answer)} ${documents[index]}`);
    }
    return { features, env, auth };
  });
}

function ask(kind: 'm' | 'c', texts: readonly string[]): unknown[] {
  const requests = texts.flatMap((text) => {
    const body = Buffer.from(text);
    const head = Buffer.alloc(5, kind);
    head.writeUInt32LE(body.length, 1);
    return [head, body];
  });
  const input = Buffer.concat(requests);
  const { status, stdout, stderr } = spawnSync(tool, { input, maxBuffer: 1024 * 1024 * 1024 });
  const lines = stdout?.toString().split('\n').slice(0, -1) ?? [];
  if (status !== 0 || lines.length !== texts.length) {
    throw new Error(`slipway_ts_tool ended with ${status}: ${stderr?.toString()}`);
  }
  return lines.map((line) => JSON.parse(line));
}
