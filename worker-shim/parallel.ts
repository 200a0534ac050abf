// Doing a few things at a time.

/** A Worker may have six connections open; more would wait while their timeouts run. */
export const connections_max = 6;

/**
 * `act` on every item, at most `at_once` at the same time; results in the order of the items.
 * The first failure is thrown; what was begun runs to its end.
 */
export async function inParallel<Item, Result>(
  at_once: number,
  items: readonly Item[],
  act: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) {
      results[index] = await act(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(at_once, items.length) }, lane));
  return results;
}
