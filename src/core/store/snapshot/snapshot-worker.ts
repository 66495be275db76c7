import { workerData } from 'node:worker_threads';
import { serveWorker } from '../sqlite/worker.ts';
import { inspectSnapshot } from './inspect-snapshot.ts';
import { SnapshotReader } from './snapshot-reader.ts';
import { SnapshotWriter } from './snapshot-writer.ts';

export interface SnapshotWorkerData {
  directory: string;
  /** `inspector`: looks over a file of another workstation, and ends. */
  role: 'reader' | 'writer' | 'inspector';
}

const { directory, role } = workerData as SnapshotWorkerData;

if (role === 'inspector') serveWorker({ inspect: () => inspectSnapshot(directory) });
else serveWorker(new (role === 'reader' ? SnapshotReader : SnapshotWriter)(directory).methods());
