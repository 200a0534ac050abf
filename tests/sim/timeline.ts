// What happened, in order: as lines for people where they are asked for, and always as one number
// that two runs of one seed must agree on.

/** The timeline of one simulation. */
export class Timeline {
  /** The lines, where they are kept. */
  readonly lines: string[] = [];
  readonly #kept: boolean;
  readonly #now: () => number;
  readonly #start_ms: number;
  #hash = 0x811c9dc5;

  constructor(now: () => number, kept: boolean) {
    this.#now = now;
    this.#start_ms = now();
    this.#kept = kept;
  }

  /** Notes what `who` did. */
  note(who: string, what: string): void {
    const ms = this.#now() - this.#start_ms;
    this.#add(`${ms} ${who} ${what}`);
    if (this.#kept) this.lines.push(`${clock(ms)}  ${who.padEnd(10)} ${what}`);
  }

  /** The number: eight hex digits. */
  digest(): string {
    return this.#hash.toString(16).padStart(8, '0');
  }

  #add(text: string): void {
    let hash = this.#hash;
    for (let at = 0; at < text.length; at += 1) {
      hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
    }
    this.#hash = hash;
  }
}

function clock(ms: number): string {
  const part = (value: number, digits: number): string => String(value).padStart(digits, '0');
  const s = Math.floor(ms / 1000);
  const hours = part(Math.floor(s / 3600), 2);
  return `${hours}:${part(Math.floor(s / 60) % 60, 2)}:${part(s % 60, 2)}.${part(ms % 1000, 3)}`;
}
