// Server-sent events: the core says what is sent, how long to wait and when to stop; here bodies
// are passed on as they come. Nothing is read while nobody reads the stream.
import type { Outcome } from './run.ts';
import { errorText, type World } from './world.ts';

/** The longest silence, in milliseconds: proxies take a longer one for death. */
const silence_ms_max = 15_000;
const keepalive = new TextEncoder().encode(': keepalive\n\n');

/** Asks the core again, with the token of the hold. */
export type Again = (token: string) => Promise<Outcome>;

/** Whether the reply is the first part of a stream. */
export function isStream({ done }: Outcome): boolean {
  return done.reply?.headers?.['content-type'] === 'text/event-stream';
}

/**
 * The stream that begins with `first`. It ends when the core lets go, when the core's answer is
 * another than a stream's or cannot be had, and when the client is gone.
 */
export function streamOf(
  world: World,
  first: Outcome,
  again: Again,
  signal: AbortSignal,
  request_id: string,
): ReadableStream<Uint8Array> {
  let left = false;
  const parts = partsOf(world, first, again, () => left || signal.aborted);
  const began = world.ports.now();
  const ended = (error?: unknown): void => {
    const fault = error === undefined ? {} : { error: errorText(error) };
    world.log({ event: 'stream_ended', request_id, ms: world.ports.now() - began, ...fault });
  };
  const next = async (): Promise<{ part?: Uint8Array; error?: unknown }> => {
    try {
      const { value } = await parts.next();
      return value === undefined ? {} : { part: value };
    } catch (error) {
      return { error };
    }
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { part, error } = await next();
        if (left) {
          return;
        }
        if (part !== undefined) {
          controller.enqueue(part);
          return;
        }
        ended(error);
        controller.close();
      },
      cancel() {
        left = true;
        ended();
      },
    },
    { highWaterMark: 0 },
  );
}

// What is sent, one after the other: a body whenever the core has one, a comment before it gets too
// quiet. Looks at the storage once a wait.
async function* partsOf(
  world: World,
  first: Outcome,
  again: Again,
  gone: () => boolean,
): AsyncGenerator<Uint8Array, void> {
  const { ports } = world;
  let outcome = first;
  let spoke_ms = ports.now();
  while (isStream(outcome)) {
    const { body = new Uint8Array(), done } = outcome;
    const wait_ms = done.hold?.again_after_ms ?? 0;
    const too_quiet = ports.now() + wait_ms - spoke_ms > silence_ms_max;
    if (body.length > 0 || too_quiet) {
      spoke_ms = ports.now();
      yield body.length > 0 ? body : keepalive;
    }
    if (done.hold === undefined) {
      return;
    }
    await ports.sleep(wait_ms);
    if (gone()) {
      return;
    }
    outcome = await again(done.hold.token);
  }
}
