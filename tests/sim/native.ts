// What the platform does beside the simulated time: its cryptography runs in threads of its own and
// its timers by the machine's clock. The first is waited for, the second never fire.
import { createHash } from 'node:crypto';

let busy = 0;

const watched = [
  ...(['decrypt', 'encrypt', 'exportKey', 'generateKey'] as const),
  ...(['importKey', 'sign', 'verify'] as const),
];

/**
 * Makes `crypto.subtle.digest` of this thread compute at once, where the platform would wait for a
 * thread of its own: digests are asked for by the thousand. May be called again.
 */
export function digestAtOnce(): void {
  const digest = async (name: string, bytes: Uint8Array): Promise<ArrayBuffer> => {
    const hash = createHash(name.replace('-', '')).update(bytes).digest();
    return new Uint8Array(hash).buffer;
  };
  Object.defineProperty(crypto.subtle, 'digest', { value: digest, configurable: true });
}

/** Makes this process fit for simulations: to be called once, before the first. */
export function tamePlatform(): void {
  const { subtle } = crypto;
  for (const name of watched) {
    const own = subtle[name].bind(subtle) as (...params: unknown[]) => Promise<unknown>;
    const counted = (...params: unknown[]): Promise<unknown> => {
      busy += 1;
      const ended = (): void => {
        busy -= 1;
      };
      const result = own(...params);
      result.then(ended, ended);
      return result;
    };
    Object.defineProperty(subtle, name, { value: counted });
  }
  digestAtOnce();
  // An exchange that takes too long ends by the simulated network instead.
  const never = new AbortController().signal;
  AbortSignal.timeout = () => never;
  AbortSignal.any = () => never;
}

/** Resolves when everything that runs has come to where it waits. */
export async function allWait(): Promise<void> {
  do {
    await new Promise((resolve) => setImmediate(resolve));
  } while (busy > 0);
}
