// Two tokens of one account, both alive while one takes the place of the other. Which of them
// worked last is remembered, so that a revoked one costs one request and not one each.

/** The current token and the one before it. */
export class TokenPair {
  readonly current: string;
  readonly previous: string;
  #first: string;

  constructor(current: string, previous: string) {
    this.current = current;
    this.previous = previous;
    this.#first = current;
  }

  /** Both, in the order in which they are to be tried. */
  order(): readonly [string, string] {
    const { current, previous } = this;
    return this.#first === current ? [current, previous] : [previous, current];
  }

  /** From now on this one is tried first. */
  worked(token: string): void {
    this.#first = token;
  }
}
