import { workerData } from 'node:worker_threads';
import { serveWorker } from '../sqlite/worker-server.ts';
import { SnapshotReader } from './snapshot-reader.ts';
import { SnapshotWriter } from './snapshot-writer.ts';

/** What a snapshot's thread is started with. */
export interface SnapshotWorkerData {
  /** The connection's directory. */
  directory: string;
  role: 'reader' | 'writer';
}

const { directory, role } = workerData as SnapshotWorkerData;
const Worker = role === 'reader' ? SnapshotReader : SnapshotWriter;

serveWorker(new Worker(directory).methods());
