// A good client: it repeats what got no answer, under the same Idempotency-Key, and what is
// answered 503. Everything else that the Worker fails at is kept for the verdict.

/** A request. */
export interface Ask {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The bearer; absent: the admin key. */
  readonly bearer?: string;
}

/** An answer in the end. */
export interface Got {
  readonly status: number;
  readonly text: string;
  readonly etag: string;
  readonly request_id: string;
  /** Whether an earlier attempt may have been done without being answered. */
  readonly repeated: boolean;
}

/** What happened to all requests. */
export interface Counts {
  requests: number;
  cut: number;
  /** 503s by code: each was sent again. */
  readonly refused: Map<string, number>;
  /** 5xx that no client should see, with their requests. */
  readonly faults: string[];
  /** 5xx of the runtime around the Worker, while that is dying or starting. */
  runtime: number;
  /** Answers that a client was content with, by what was asked. */
  readonly answered: Map<string, number>;
}

/** The client. */
export interface Client {
  readonly counts: Counts;
  /** Sends until it is answered. @throws Error when that takes too long */
  ask(ask: Ask): Promise<Got>;
  /** The JSON of an answer that must be 200. @throws Error */
  read<Shape>(path: string): Promise<Shape>;
}

const patience_ms = 180_000;
const attempt_ms = 60_000;
const pause_max_ms = 2_000;

/** The only codes that a client is told to come again for. */
const passing = ['storage.contended', 'storage.unavailable', 'auth.unavailable'];

/** A client of the Worker at `url`. */
export function openClient(url: string, admin_key: string): Client {
  const none = { requests: 0, cut: 0, runtime: 0 };
  const counts: Counts = { ...none, refused: new Map(), faults: [], answered: new Map() };
  const ask = async (asked: Ask): Promise<Got> => {
    const deadline = Date.now() + patience_ms;
    for (let attempt = 0; ; attempt += 1) {
      const got = await once(url, { bearer: admin_key, ...asked }, counts);
      if (got !== undefined && got.status < 500) {
        counts.answered.set(kindOf(asked), (counts.answered.get(kindOf(asked)) ?? 0) + 1);
        return { ...got, repeated: attempt > 0 };
      }
      if (got !== undefined) note(asked, got, counts);
      if (Date.now() > deadline) throw new Error(`no answer to ${described(asked)}`);
      await pause(Math.min(100 * 2 ** attempt, pause_max_ms));
    }
  };
  return {
    counts,
    ask,
    async read<Shape>(path: string) {
      const { status, text } = await ask({ method: 'GET', path });
      if (status !== 200) throw new Error(`GET ${path}: ${status} ${text}`);
      return JSON.parse(text) as Shape;
    },
  };
}

/** The request in one line. */
export function described({ method, path, body }: Ask): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
  return body === undefined ? `${method} ${path}` : `${method} ${path} ${text.slice(0, 300)}`;
}

function kindOf({ method, path, bearer }: Ask): string {
  if (path.startsWith('/webhooks/')) return 'webhooks';
  if (method !== 'GET') return 'writes';
  return bearer === undefined ? 'reads' : 'config fetches';
}

/** Lets time pass. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

// Undefined: the connection broke, and nobody knows what became of the request.
async function once(
  url: string,
  { method, path, body, headers, bearer }: Ask,
  counts: Counts,
): Promise<Omit<Got, 'repeated'> | undefined> {
  counts.requests += 1;
  try {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${bearer}`,
        'content-type': 'application/json',
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(attempt_ms),
    });
    const [etag, request_id] = ['etag', 'x-request-id'].map((name) => response.headers.get(name));
    const known = { etag: etag ?? '', request_id: request_id ?? '' };
    return { status: response.status, text: await response.text(), ...known };
  } catch {
    counts.cut += 1;
    return undefined;
  }
}

function note(
  asked: Ask,
  { status, text, request_id }: Omit<Got, 'repeated'>,
  counts: Counts,
): void {
  // The Worker names every request that it answers.
  if (request_id === '') {
    counts.runtime += 1;
    return;
  }
  const code = /"code":"([^"]+)"/.exec(text)?.[1] ?? '';
  if (status === 503 && passing.includes(code)) {
    counts.refused.set(code, (counts.refused.get(code) ?? 0) + 1);
    return;
  }
  counts.faults.push(`${described(asked)}: ${status} ${request_id} ${text.slice(0, 300)}`);
}
