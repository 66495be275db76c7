import { flushCompileCache } from 'node:module';
import type { DatabaseSync } from 'node:sqlite';
import { createGateway } from '#core/gateway/create-gateway.ts';
import { openArchive } from '#core/store/archive/archive.ts';
import { readerMethods, writerMethods } from '#core/store/archive/methods.ts';
import { openArchiveDatabase } from '#core/store/archive/open-database.ts';
import type { CollectOptions } from '#core/usage/collect/collect-options.ts';
import { collectUsage } from '#core/usage/collect/collector.ts';

/** What the test tells this program: it collects with removal until it is done or killed. */
export interface CollectOrder {
  directory: string;
  endpoint: string;
  accessKeyId: string;
  secretKey: string;
  /** With the console's own threads, or quicker to start, on this one. */
  threads: boolean;
}

type CollectArchive = CollectOptions['archive'];
type AnyMethod = (input: unknown) => unknown;

/** The archive's real methods on its real file, without threads. */
function openInPlace(directory: string): CollectArchive {
  const path = `${directory}/archive.sqlite`;
  const database: DatabaseSync = openArchiveDatabase(path, 'writer');
  const readers = readerMethods(database, path) as unknown as Record<string, AnyMethod>;
  const writers = writerMethods(database, path) as unknown as Record<string, AnyMethod>;
  return {
    read: async (method: string, input: unknown) => readers[method]?.(input),
    write: async (method: string, input: unknown) => writers[method]?.(input),
    sound: async () => undefined,
  } as unknown as CollectArchive;
}

async function collect({ directory, threads, ...gatewayOptions }: CollectOrder): Promise<unknown> {
  const gateway = createGateway({
    ...gatewayOptions,
    signature: 'v2',
    proxy: null,
    maxConnections: 8,
  });
  return collectUsage({
    gateway,
    archive: threads ? await openArchive(directory) : openInPlace(directory),
    maxConnections: 8,
    removeCollected: true,
    controls: {
      signal: new AbortController().signal,
      checkpoint: async () => undefined,
      progress: () => undefined,
    },
    retry: { attempts: 8, firstPause: 1, longestPause: 10 },
  });
}

process.once('message', async (order: CollectOrder) => {
  process.send?.({ result: await collect(order) });
  process.exit(0);
});
// The next one starts quicker; a killed process would not leave it behind.
flushCompileCache();
process.send?.('ready');
