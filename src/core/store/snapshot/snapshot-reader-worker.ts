import { workerData } from 'node:worker_threads';
import { serveWorker } from '../sqlite/worker-server.ts';
import { SnapshotReader } from './snapshot-reader.ts';

const reader = new SnapshotReader((workerData as { directory: string }).directory);

serveWorker(reader.methods());
