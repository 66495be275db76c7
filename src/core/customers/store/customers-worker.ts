import { workerData } from 'node:worker_threads';
import { serveWorker, type WorkerMethods } from '../../store/sqlite/worker.ts';
import { customerMethods } from './customer-methods.ts';
import { openCustomerDatabase } from './open-customers.ts';

const { path } = workerData as { path: string };

/** The file is opened when the owner asks, so that what opening throws reaches it as an error. */
const methods: WorkerMethods = {
  open: ({ restored }: { restored: string | undefined }) => {
    Object.assign(methods, customerMethods(openCustomerDatabase(path, restored), path));
    return null;
  },
};

serveWorker(methods);
