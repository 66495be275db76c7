import { mkdirSync } from 'node:fs';
import { WorkerClient, workerEntry } from '../sqlite/worker-client.ts';
import type { RefreshFeed, Snapshot } from './snapshot.ts';
import type { SnapshotReaderMethods } from './snapshot-reader.ts';
import type { SnapshotWriterMethods } from './snapshot-writer.ts';

/**
 * Opens the snapshot that lies in a connection's directory, or begins an empty one.
 * @param directory created if missing
 */
export async function openSnapshot(directory: string): Promise<Snapshot> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const reader = new WorkerClient<SnapshotReaderMethods>(
    workerEntry(import.meta.url, 'snapshot-reader-worker'),
    { directory },
  );
  await reader.call('summary', undefined as never);
  const writer = new WorkerClient<SnapshotWriterMethods>(
    workerEntry(import.meta.url, 'snapshot-writer-worker'),
    { directory },
  );
  const none = undefined as never;
  const feed = async (list: 'users' | 'buckets', { signal, onProgress, ...lists }: RefreshFeed) => {
    let done = 0;
    for await (const chunk of lists[list]) {
      signal?.throwIfAborted();
      await writer.call('push', { list, bytes: chunk });
      done += 1;
      onProgress?.(list, done);
    }
  };
  return {
    setAside: null,
    summary: () => reader.call('summary', none),
    async refresh(refreshFeed) {
      const asOf = new Date();
      await writer.call('begin', none);
      await feed('users', refreshFeed);
      await feed('buckets', refreshFeed);
      refreshFeed.onProgress?.('storing', 0);
      const counts = await writer.call('finish', { asOf: asOf.getTime() });
      await reader.call('replace', none);
      return { asOf: asOf.toISOString(), ...counts };
    },
    listUsers: (query) => reader.call('listUsers', query),
    listBuckets: (query) => reader.call('listBuckets', query),
    getUser: (userId) => reader.call('getUser', userId),
    getBucket: (name) => reader.call('getBucket', name),
    overview: () => reader.call('overview', none),
    saveUserDetail: (user, readAt) =>
      writer.call('saveUserDetail', { user, readAt: Date.parse(readAt) }),
    async close() {
      await reader.call('close', none);
      await Promise.all([reader.terminate(), writer.terminate()]);
    },
  };
}
