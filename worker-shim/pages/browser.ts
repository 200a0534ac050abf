// What the pages take from the browser beside the document: clock, randomness, network. Nowhere
// else on the pages stands a call of these.

/** The time in milliseconds. */
export const now_ms = (): number => Date.now();

/** 32 hexadecimal digits that nobody can guess; also where the page has no secure context. */
export function randomText(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** One request to the own origin. A redirect (a sign-in wall) is not followed but seen. */
export function send(path: string, init: RequestInit): Promise<Response> {
  return fetch(path, {
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'manual',
    ...init,
  });
}

/** Whether the browser knows that there is no network. */
export const offline = (): boolean => navigator.onLine === false;

/** Resolves after so many milliseconds, or at once when the network comes back. */
export function patience(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      removeEventListener('online', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
  });
}

/**
 * Puts a text that is still being fetched on the clipboard; false where the browser does not let
 * us. The promise is handed over at once, because a browser may want that within the click.
 */
export async function copyText(text: Promise<string>): Promise<boolean> {
  const blob = text.then((value) => new Blob([value], { type: 'text/plain' }));
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]);
    return true;
  } catch {
    blob.catch(() => undefined);
    return false;
  }
}
