import { workerData } from 'node:worker_threads';
import { serveWorker } from '../sqlite/worker-server.ts';
import { SnapshotWriter } from './snapshot-writer.ts';

const writer = new SnapshotWriter((workerData as { directory: string }).directory);

serveWorker(writer.methods());
