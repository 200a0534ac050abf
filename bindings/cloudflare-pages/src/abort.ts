// Waiting that the caller's signal ends.

/** What `work` gives, or the signal's reason as soon as it is aborted, whatever `work` does. */
export function raced<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    const done = (): void => signal.removeEventListener('abort', stop);
    work.then(resolve, reject).then(done);
  });
}

/** Resolves after `ms` milliseconds, or rejects with the signal's reason. */
export async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const slept = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await raced(slept, signal);
  } finally {
    clearTimeout(timer);
  }
}
