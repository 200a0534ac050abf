// The type of WebCrypto's keys, under a name that every host's declarations can give.

/** A key that was imported. */
export type WebKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;
