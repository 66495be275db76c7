import { workerData } from 'node:worker_threads';
import { serveWorker } from '../../store/sqlite/worker-server.ts';
import { openSweepDatabase } from './sweep-database.ts';
import { sweepMethods } from './sweep-worker-methods.ts';

const { directory } = workerData as { directory: string };

serveWorker(sweepMethods(openSweepDatabase(directory), directory));
