/**
 * Runs work over many items, so many at a time, in their order of start. The first failure ends it
 * once what was begun has ended.
 * @param limit how many at a time
 */
export async function inTurn<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue =
    Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let failed = false;
  const runner = async (): Promise<void> => {
    try {
      for (let next = await queue.next(); !next.done && !failed; next = await queue.next()) {
        await work(next.value);
      }
    } catch (thrown) {
      failed = true;
      throw thrown;
    }
  };
  const runners = await Promise.allSettled(Array.from({ length: limit }, runner));
  for (const runner of runners) if (runner.status === 'rejected') throw runner.reason;
}
