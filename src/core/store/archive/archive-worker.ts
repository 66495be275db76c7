import { workerData } from 'node:worker_threads';
import { serveWorker, type WorkerMethods } from '../sqlite/worker.ts';
import { archiveReplaced } from './file/archive-errors.ts';
import { areInPlace, filesAt, type OpenedFiles } from './file/file-marks.ts';
import { readerMethods, writerMethods } from './methods.ts';
import { type ArchiveRole, guardDamage, openArchiveDatabase } from './open-database.ts';

export interface ArchiveWorkerData {
  path: string;
  role: ArchiveRole;
  /** A file larger than this is not checked when it is opened; bytes. */
  checkedAtOpen?: number | undefined;
}

const { path, role, checkedAtOpen } = workerData as ArchiveWorkerData;

/** Every method with SQLite's word for damage turned into a coded error with a way out. */
function guarded(methods: WorkerMethods): WorkerMethods {
  return Object.fromEntries(
    Object.entries(methods).map(([name, method]) => [
      name,
      ((input, call) => guardDamage(path, () => method(input, call))) satisfies typeof method,
    ]),
  );
}

/**
 * The file is opened when the owner asks for it: the reader's thread gets ready while the writer's
 * still creates or migrates, and what opening throws reaches the owner as `open`'s error.
 */
const methods: WorkerMethods = {
  open: (): OpenedFiles => {
    const { file } = filesAt(path);
    const database = openArchiveDatabase(path, role, checkedAtOpen);
    const topics = role === 'writer' ? writerMethods : readerMethods;
    Object.assign(methods, guarded(topics(database, path)));
    // A file that took its place meanwhile is not the one that was opened.
    if (file && !areInPlace(path, { file, log: null })) throw archiveReplaced(path);
    return filesAt(path);
  },
};

serveWorker(methods);
