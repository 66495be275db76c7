import { workerData } from 'node:worker_threads';
import type { WorkerMethods } from '../sqlite/worker-protocol.ts';
import { serveWorker } from '../sqlite/worker-server.ts';
import { readerMethods, writerMethods } from './methods.ts';
import { type ArchiveRole, guardDamage, openArchiveDatabase } from './open-database.ts';

/** What an archive's thread is started with. */
export interface ArchiveWorkerData {
  path: string;
  role: ArchiveRole;
}

const { path, role } = workerData as ArchiveWorkerData;

/** Every method with SQLite's word for damage turned into a coded error with a way out. */
function guarded(methods: WorkerMethods): WorkerMethods {
  return Object.fromEntries(
    Object.entries(methods).map(([name, method]) => [
      name,
      ((input, call) => guardDamage(path, () => method(input, call))) satisfies typeof method,
    ]),
  );
}

/** Opening is the first thing that can fail, and its error has to reach the owner: as `open`'s. */
function start(): WorkerMethods {
  try {
    const database = openArchiveDatabase(path, role);
    const methods = role === 'writer' ? writerMethods : readerMethods;
    return { open: () => null, ...guarded(methods(database, path)) };
  } catch (thrown) {
    return {
      open: () => {
        throw thrown;
      },
    };
  }
}

serveWorker(start());
