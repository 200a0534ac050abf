// Follows what goes on: server-sent events, long polls where these do not come through, and on by
// itself after the network was gone.
import type { Publishing } from './api_types.ts';
import { offline, patience } from './browser.ts';
import { call, type Trouble } from './call.ts';

/** What a follower tells. */
export interface Heard {
  /** The present state, at once and after every change. */
  state(publishing: Publishing): void;
  /** Whether the connection stands. */
  connected(yes: boolean): void;
  /** Nothing more will come, or nothing can be had. */
  ended(trouble?: Trouble): void;
}

/** Broken connections in a row after which long polls take over. */
const breaks_max = 3;
const poll_s = 30;
const pause_ms_min = 1_000;
const pause_ms_max = 15_000;

/** Follows until nothing is under way; the answer stops it. */
export function follow(
  path: string,
  underWay: (p: Publishing) => boolean,
  heard: Heard,
): () => void {
  let stopped = false;
  let source: EventSource | undefined;
  const stop = (): void => {
    stopped = true;
    source?.close();
  };
  const end = (trouble?: Trouble): void => {
    if (stopped) return;
    stop();
    heard.ended(trouble);
  };

  function listen(): void {
    let breaks = 0;
    const events = new EventSource(path);
    source = events;
    events.onopen = () => {
      breaks = 0;
      heard.connected(true);
    };
    events.addEventListener('state', (event) => {
      heard.connected(true);
      heard.state(JSON.parse(event.data));
    });
    events.addEventListener('close', (event) => {
      events.close();
      if (stopped) return;
      if (JSON.parse(event.data).reason === 'time') listen();
      else end();
    });
    events.onerror = () => {
      heard.connected(false);
      breaks += 1;
      if (events.readyState !== EventSource.CLOSED && breaks < breaks_max && !offline()) return;
      events.close();
      if (!stopped) void poll();
    };
  }

  async function poll(): Promise<void> {
    let pause_ms = pause_ms_min;
    let wait = '';
    while (!stopped) {
      const answer = await call<Publishing>('GET', path + wait, { patience_ms: 90_000 });
      if (stopped) return;
      if ('value' in answer) {
        heard.connected(true);
        heard.state(answer.value);
        if (!underWay(answer.value)) return end();
        pause_ms = pause_ms_min;
        wait = `?wait=${poll_s}`;
        continue;
      }
      const { trouble } = answer;
      if (trouble.kind !== 'network' && !trouble.retryable) return end(trouble);
      heard.connected(false);
      wait = '';
      await patience(pause_ms);
      pause_ms = Math.min(pause_ms * 2, pause_ms_max);
    }
  }

  listen();
  return stop;
}
