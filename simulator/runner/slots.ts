// Places for jobs: so many at a time, the others wait in order.

/** Waits for a place and returns the function that gives it back. */
export type TakeSlot = () => Promise<() => void>;

/** `count` places. */
export function slots(count: number): TakeSlot {
  const waiting: (() => void)[] = [];
  let free = count;
  const release = (): void => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return async () => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    return release;
  };
}
