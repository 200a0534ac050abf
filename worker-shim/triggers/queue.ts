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
 * Performs every message beside the others; one that fails is retried later and disturbs none.
 * Never rejects.
 */
export async function performMessages(
  world: World,
  messages: readonly EffectMessage[],
): Promise<void> {
  await Promise.all(messages.map((message) => performMessage(world, message)));
}

async function performMessage(world: World, message: EffectMessage): Promise<void> {
  try {
    await run(world, { kind: 'effect', effect_key: keyOf(message.body) });
    message.ack();
  } catch (error) {
    const delaySeconds = Math.min(2 ** message.attempts, retry_delay_s_max);
    message.retry({ delaySeconds });
    world.log({
      event: 'effect_failed',
      attempts: message.attempts,
      retry_s: delaySeconds,
      error: errorText(error),
    });
  }
}

function keyOf(body: unknown): string {
  if (typeof body === 'object' && body !== null && 'key' in body && typeof body.key === 'string') {
    return body.key;
  }
  throw new Error('the message names no effect');
}
