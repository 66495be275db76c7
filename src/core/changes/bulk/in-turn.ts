import PQueue from 'p-queue';

/**
 * Runs work over many items, a fixed number at a time, in their order of start; items are taken as they are
 * needed. The first failure ends it once what was begun has ended.
 * @param limit how many at a time
 */
export async function inTurn<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = new PQueue({ concurrency: limit });
  const failures: unknown[] = [];
  const run = async (item: Item): Promise<void> => {
    if (failures.length > 0) return;
    await work(item).catch((thrown: unknown) => failures.push(thrown));
  };
  try {
    for await (const item of items) {
      void queue.add(() => run(item));
      await queue.onSizeLessThan(1);
      if (failures.length > 0) break;
    }
  } finally {
    await queue.onIdle();
  }
  if (failures.length > 0) throw failures[0];
}
