// Queue messages: each performs one effect. The queue decides how often a message comes again.
import type { EffectInput } from '../../bindings/js/control.ts';
import { run } from '../run.ts';
import { errorText, type World } from '../world.ts';

/** The part of a queue message that is used. */
export interface EffectMessage {
  readonly body: unknown;
  /** 1 at the first delivery. */
  readonly attempts: number;
  ack(): void;
  retry(options: { delaySeconds: number }): void;
}

const retry_delay_s_max = 60;

/**
 * Performs every effect beside the others; one that fails is retried later and disturbs none. Equal
 * messages are performed once: beside each other each would look and promise the next look.
 * Never rejects.
 */
export async function performMessages(
  world: World,
  messages: readonly EffectMessage[],
): Promise<void> {
  const same = Map.groupBy(messages, (message) => JSON.stringify(message.body));
  await Promise.all([...same.values()].map((copies) => performEffect(world, copies)));
}

async function performEffect(world: World, copies: readonly EffectMessage[]): Promise<void> {
  try {
    await run(world, inputOf(copies[0]?.body));
    for (const message of copies) {
      message.ack();
    }
  } catch (error) {
    for (const message of copies) {
      retryLater(world, message, error);
    }
  }
}

/**
 * Messages that the queue gave up. Each effect is tried once more: what still fails is put on the
 * list of dead letters with the reason; that list, not the queue, holds it from then on. Never
 * rejects.
 */
export async function buryMessages(
  world: World,
  messages: readonly EffectMessage[],
): Promise<void> {
  const same = Map.groupBy(messages, (message) => JSON.stringify(message.body));
  await Promise.all([...same.values()].map((copies) => buryEffect(world, copies)));
}

async function buryEffect(world: World, copies: readonly EffectMessage[]): Promise<void> {
  try {
    const input = inputOf(copies[0]?.body);
    try {
      await run(world, input);
    } catch (error) {
      const text = errorText(error);
      world.log({ event: 'effect_given_up', effect: input.effect_key, error: text });
      await run(world, { ...input, kind: 'dead', error: text });
    }
    for (const message of copies) {
      message.ack();
    }
  } catch (error) {
    for (const message of copies) {
      retryLater(world, message, error);
    }
  }
}

function retryLater(world: World, message: EffectMessage, error: unknown): void {
  const delaySeconds = Math.min(2 ** message.attempts, retry_delay_s_max);
  message.retry({ delaySeconds });
  world.log({
    event: 'effect_failed',
    attempts: message.attempts,
    retry_s: delaySeconds,
    error: errorText(error),
  });
}

function inputOf(body: unknown): EffectInput {
  const { key, due_at_ms } = { ...(body as { key?: unknown; due_at_ms?: unknown } | null) };
  if (typeof key !== 'string') {
    throw new Error('the message names no effect');
  }
  const input = { kind: 'effect', effect_key: key } as const;
  return typeof due_at_ms === 'number' ? { ...input, effect_due_at_ms: due_at_ms } : input;
}
