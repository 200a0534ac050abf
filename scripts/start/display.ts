// What the person sees while sites come up: in a terminal, lines that are drawn again in place;
// elsewhere, one line for each change.
import type { SiteStatus } from './follow.ts';

const words: Readonly<Record<string, string>> = {
  creating: 'creating the Pages project',
  ready: 'project ready, planning',
  queued: 'waiting with others for a batch',
  blocked: 'blocked',
  planned: 'waiting for the builder',
  dispatching: 'starting the builder',
  unknown: 'looking for the builder run',
  dispatched: 'builder queued at GitHub',
  running: 'building and uploading',
  uploaded: 'uploaded, Pages deploys',
  verifying: 'comparing the served bytes',
  live: 'live',
  failed: 'failed',
  lost: 'lost',
};

interface Line {
  status: SiteStatus;
  readonly began_ms: number;
  step_began_ms: number;
  ended_ms: number | undefined;
}

/** The live display of many sites. */
export interface Display {
  update(status: SiteStatus): void;
  /** A line above the display. */
  say(text: string): void;
  /** Draws for the last time. */
  end(): void;
}

/** Lines beyond this are summed up in one. */
const lines_max = 12;

/** Opens the display on standard output. */
export function openDisplay(): Display {
  const lines = new Map<string, Line>();
  const live = process.stdout.isTTY === true;
  let drawn = 0;
  let ended = false;
  const draw = (): void => {
    if (!live || ended) return;
    const texts = render([...lines.values()]);
    const up = drawn > 0 ? `\u001b[${drawn}A` : '';
    process.stdout.write(`${up}${texts.map((text) => `\u001b[2K${text}\n`).join('')}`);
    for (let extra = texts.length; extra < drawn; extra += 1) process.stdout.write('\u001b[2K\n');
    drawn = Math.max(drawn, texts.length);
  };
  const timer = live ? setInterval(draw, 250) : undefined;
  return {
    update(status) {
      const key = `${status.platformId}/${status.environment}`;
      const now = Date.now();
      const line = lines.get(key);
      const changed = line?.status.progress.step !== status.progress.step;
      const fresh = { status, began_ms: now, step_began_ms: now, ended_ms: undefined };
      const next: Line = line ?? fresh;
      if (changed) next.step_began_ms = now;
      next.status = status;
      next.ended_ms = status.progress.state === 'running' ? undefined : (next.ended_ms ?? now);
      lines.set(key, next);
      if (changed && !live) process.stdout.write(`${renderLine(next, false)}\n`);
      draw();
    },
    say(text) {
      if (live && drawn > 0) process.stdout.write(`\u001b[${drawn}A\u001b[0J`);
      drawn = 0;
      process.stdout.write(`${text}\n`);
      draw();
    },
    end() {
      if (ended) return;
      clearInterval(timer);
      draw();
      ended = true;
    },
  };
}

function render(lines: readonly Line[]): string[] {
  if (lines.length <= lines_max) return lines.map((line) => renderLine(line));
  const active = lines.filter((line) => line.ended_ms === undefined);
  const done = lines.length - active.length;
  const live = lines.filter((line) => line.status.progress.state === 'succeeded').length;
  const failed = done - live;
  const summary = `  ${live} of ${lines.length} live, ${failed} failed, ${active.length} active`;
  return [summary, ...active.slice(0, lines_max - 1).map((line) => renderLine(line))];
}

function renderLine({ status, began_ms, step_began_ms, ended_ms }: Line, redrawn = true): string {
  const { progress, platformId, environment } = status;
  const now = Date.now();
  const total = seconds((ended_ms ?? now) - began_ms);
  const step = words[progress.step] ?? progress.step;
  const detail = progress.failure === undefined ? '' : ` (${progress.failure.code})`;
  const running =
    redrawn && ended_ms === undefined ? `, for ${seconds(now - step_began_ms)} s` : '';
  const mark = progress.state === 'running' ? ' ' : progress.state === 'failed' ? 'x' : '*';
  const name = `${platformId}/${environment}`.padEnd(16);
  return `${total.padStart(6)} s  ${mark} ${name} ${step}${detail}${running}`;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
