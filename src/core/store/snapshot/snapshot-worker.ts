import { workerData } from 'node:worker_threads';
import { serveWorker } from '../sqlite/worker.ts';
import { SnapshotReader } from './snapshot-reader.ts';
import { SnapshotWriter } from './snapshot-writer.ts';

export interface SnapshotWorkerData {
  directory: string;
  role: 'reader' | 'writer';
}

const { directory, role } = workerData as SnapshotWorkerData;
const Worker = role === 'reader' ? SnapshotReader : SnapshotWriter;

serveWorker(new Worker(directory).methods());
