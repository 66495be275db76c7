import { flushCompileCache } from 'node:module';
import { writerMethods } from '#core/store/archive/methods.ts';
import { openArchiveDatabase } from '#core/store/archive/open-database.ts';

/** What the test tells this program: it merges until it is done or killed. */
export interface MergeOrder {
  /** The archive that is merged into. */
  archive: string;
  copy: string;
}

/** The steps of a merge in their order, on the archive's real file. */
async function merge({ archive, copy }: MergeOrder): Promise<void> {
  const writers = writerMethods(openArchiveDatabase(archive, 'writer'), archive);
  const now = Date.now();
  for (let after: number | null = 0; after !== null; ) {
    process.send?.('step');
    const step: { next: number | null } = await writers.mergeObjects({ copy, after, now });
    after = step.next;
  }
  process.send?.('step');
  await writers.mergeRest({ copy, by: 'olga' });
  do process.send?.('step');
  while ((await writers.mergeJournals({ copy, source: 'other.sqlite', now })) > 0);
}

process.once('message', async (order: MergeOrder) => {
  await merge(order);
  process.send?.('done');
  process.exit(0);
});
flushCompileCache();
process.send?.('ready');
