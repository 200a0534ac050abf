// Installation tokens of GitHub Apps, kept for as long as they last. One isolate has one of these;
// what it forgets is asked for again.
import { inTime } from '../in_time.ts';
import type { Ports } from '../ports.ts';
import { type GithubApp, type Issued, type Narrowing, requestToken } from './github_app.ts';
import type { TokenOutcome, TokenSource } from './token_source.ts';

// A token is not used in its last minutes, so that it never ends on its way.
const margin_ms = 5 * 60_000;
// A request that waits for another's token asks for itself when that one's request is gone.
const patience_ms = 12_000;

interface Entry {
  token: string;
  expires_ms: number;
  flight: Promise<Issued> | undefined;
}

/** The tokens of this isolate. */
export class InstallationTokens {
  readonly #entries = new Map<string, Entry>();

  /** Where tokens of this App with this narrowing come from. */
  source(app: GithubApp, narrowing: Narrowing): TokenSource {
    const { private_keys: _, ...named } = app;
    const id = JSON.stringify([named, narrowing]);
    return { token: (ports, refused) => this.#token(ports, id, app, narrowing, refused) };
  }

  async #token(
    ports: Ports,
    id: string,
    app: GithubApp,
    narrowing: Narrowing,
    refused: string | undefined,
  ): Promise<TokenOutcome> {
    const entry = this.#entries.get(id) ?? { token: '', expires_ms: 0, flight: undefined };
    this.#entries.set(id, entry);
    if (entry.token === refused) {
      entry.expires_ms = 0;
    }
    if (entry.expires_ms - margin_ms > ports.now()) {
      return { outcome: 'token', token: entry.token };
    }
    const shared = entry.flight === undefined ? undefined : await inTime(entry.flight, patience_ms);
    return outcomeOf(shared ?? (await this.#request(ports, entry, app, narrowing)));
  }

  // The request that others may wait for.
  async #request(
    ports: Ports,
    entry: Entry,
    app: GithubApp,
    narrowing: Narrowing,
  ): Promise<Issued> {
    const flight = requestToken(ports, app, narrowing);
    entry.flight = flight;
    try {
      const issued = await flight;
      if (issued.outcome === 'issued') {
        entry.token = issued.token;
        entry.expires_ms = issued.expires_ms;
      }
      return issued;
    } finally {
      if (entry.flight === flight) {
        entry.flight = undefined;
      }
    }
  }
}

// A limit is handed on as it came, so that the request waits for its end. Anything else means that
// the App itself is not let in, whatever the status of the address that said so.
function outcomeOf(issued: Issued): TokenOutcome {
  switch (issued.outcome) {
    case 'issued':
      return { outcome: 'token', token: issued.token };
    case 'unavailable':
      return { outcome: 'unavailable' };
    case 'refused': {
      const { status, headers, message } = issued;
      const passed_on = status === 403 || status === 429;
      const text = `the GitHub App got no installation token (HTTP ${status}): ${message}`;
      return { outcome: 'refused', status: passed_on ? status : 401, headers, message: text };
    }
  }
}
