import { workerData } from 'node:worker_threads';
import { serveWorker } from '../sqlite/worker.ts';
import { SnapshotReader } from './snapshot-reader.ts';
import { SnapshotWriter } from './snapshot-writer.ts';

export interface SnapshotWorkerData {
  directory: string;
  /** `inspector`: looks over a file of another workstation, and ends. */
  role: 'reader' | 'writer' | 'inspector';
}

const { directory, role } = workerData as SnapshotWorkerData;

if (role === 'inspector') {
  // it alone needs the contract, whose reading takes longer than all else a thread's start takes
  void import('./inspect-snapshot.ts').then(({ inspectSnapshot }) =>
    serveWorker({ inspect: () => inspectSnapshot(directory) }),
  );
} else serveWorker(new (role === 'reader' ? SnapshotReader : SnapshotWriter)(directory).methods());
