// Waiting for what another invocation has begun.

/**
 * What the promise gives, or undefined when that takes longer than `ms`. A runtime may drop an
 * invocation, and with it whatever it had begun: such a promise never ends.
 */
export async function inTime<T>(begun: Promise<T>, ms: number): Promise<T | undefined> {
  let stop = (): void => undefined;
  const late = new Promise<undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), ms);
    stop = () => clearTimeout(timer);
  });
  try {
    return await Promise.race([begun, late]);
  } finally {
    stop();
  }
}
