// The interfaces that the parts of the simulator share. Nothing here acts: a clock, a store and a
// fault plan are handed in, so that the same services run behind sockets (npm start) and inside a
// test with virtual time.

/** Time in milliseconds since the epoch. Virtual in tests, the machine's own behind sockets. */
export interface Clock {
  now(): number;
}

/** Where the simulated world lives. Keys are `/`-separated; values are JSON or bytes. */
export interface Store {
  /** The JSON value under `key`, or undefined. A fresh copy: changing it changes nothing stored. */
  get<T>(key: string): T | undefined;
  /** Stores JSON; durable when the call returns. */
  put(key: string, value: unknown): void;
  delete(key: string): void;
  /** All keys that begin with `prefix`, sorted. */
  list(prefix: string): string[];
  /** How many keys begin with `prefix`. */
  count(prefix: string): number;
  getBytes(key: string): Uint8Array | undefined;
  putBytes(key: string, bytes: Uint8Array): void;
}

/** An HTTP service as a function: the same signature as the global fetch with a Request. */
export type Fetch = (request: Request) => Promise<Response>;

/** What a fault does to one call. `operation` names are `<service>.<operation>`. */
export interface Fault {
  /** `before`: the call has no effect; `after`: it has its effect and the answer is lost. */
  when: 'before' | 'after';
  /** `timeout`: the connection is cut without an answer; else this HTTP status. */
  answer: 'timeout' | number;
  /** Body for a status answer; the service's own error envelope when absent. */
  body?: string;
  headers?: Record<string, string>;
  /** How long the call takes before that, in milliseconds. */
  delay_ms?: number;
}

/** Decides, per call, whether a fault happens. */
export interface Faults {
  take(operation: string): Fault | undefined;
}

/** Thrown by a service where a real connection would be cut without an answer. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}
