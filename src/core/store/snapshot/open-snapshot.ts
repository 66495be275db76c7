import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { WorkerClient, workerEntry } from '../sqlite/worker-client.ts';
import { OpenedSnapshot } from './opened-snapshot.ts';
import type { SetAside, Snapshot } from './snapshot.ts';
import { isLeftNextSnapshot } from './snapshot-paths.ts';
import type { SnapshotReaderMethods } from './snapshot-reader.ts';
import type { SnapshotWriterMethods } from './snapshot-writer.ts';
import { WorkerSlot } from './worker-slot.ts';

/** First the pages are shown, then the file is looked over; in milliseconds. */
const checkAfter = 3000;

/** How a snapshot is opened. */
export interface OpenSnapshotOptions {
  /** Told when a damaged or newer file is set aside, at the opening or later. */
  onSetAside?: (setAside: SetAside) => void;
}

/**
 * Opens the snapshot that lies in a connection's directory, or begins an empty one. Its file is read
 * and written in two worker threads only.
 * @param directory created if missing
 */
export async function openSnapshot(
  directory: string,
  options: OpenSnapshotOptions = {},
): Promise<Snapshot> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  for (const file of readdirSync(directory).filter(isLeftNextSnapshot)) {
    rmSync(join(directory, file), { force: true });
  }
  const entry = (name: string): URL => workerEntry(import.meta.url, name);
  const reader = new WorkerSlot<SnapshotReaderMethods>(
    () => new WorkerClient(entry('snapshot-reader-worker'), { directory }),
  );
  const writer = new WorkerSlot<SnapshotWriterMethods>(
    () => new WorkerClient(entry('snapshot-writer-worker'), { directory }),
  );
  try {
    const { setAside, checked } = await reader.call('open', undefined as never);
    const snapshot = new OpenedSnapshot({ reader, writer, setAside, ...options });
    if (setAside) options.onSetAside?.(setAside);
    if (!checked) setTimeout(() => void snapshot.check(), checkAfter).unref();
    return snapshot;
  } catch (thrown) {
    await Promise.all([reader.terminate(), writer.terminate()]);
    throw thrown;
  }
}
