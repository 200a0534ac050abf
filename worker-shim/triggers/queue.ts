// Queue messages: each performs one effect. The queue decides how often a message comes again.
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
 * Performs every effect beside the others; one that fails is retried later and disturbs none. The
 * messages of one effect are performed together, once: beside each other each would look, and each
 * would promise the next look, so that a message that comes twice would go on as two.
 * Never rejects.
 */
export async function performMessages(
  world: World,
  messages: readonly EffectMessage[],
): Promise<void> {
  const same = Map.groupBy(messages, (message) => keyOf(message.body));
  await Promise.all([...same].map(([key, copies]) => performEffect(world, key, copies)));
}

async function performEffect(
  world: World,
  key: string | undefined,
  copies: readonly EffectMessage[],
): Promise<void> {
  try {
    if (key === undefined) {
      throw new Error('the message names no effect');
    }
    await run(world, { kind: 'effect', effect_key: key });
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

function keyOf(body: unknown): string | undefined {
  const named = typeof body === 'object' && body !== null && 'key' in body;
  return named && typeof body.key === 'string' ? body.key : undefined;
}
