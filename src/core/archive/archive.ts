import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type AppError, toAppError } from '#shared/errors.ts';
import { type WorkerCallOptions, WorkerClient, workerEntry } from '../sqlite/worker-client.ts';
import type { MethodInput, MethodOutput } from '../sqlite/worker-protocol.ts';
import { archiveDamaged, archiveReadOnly } from './archive-errors.ts';
import type { ArchiveWorkerData } from './archive-worker.ts';
import { listBackups } from './backups.ts';
import type { ArchiveReaders, ArchiveWriters } from './methods.ts';
import { type ArchiveRole, usualCheckedAtOpen } from './open-database.ts';

type Opening = { open: (input: null) => null };
type Reader = WorkerClient<ArchiveReaders & Opening>;
type Writer = WorkerClient<ArchiveWriters & Opening>;

/** How the file stands: checked and sound, being checked beside its use, or damaged. */
export type ArchiveCheck = { state: 'sound' | 'checking' } | { state: 'damaged'; error: AppError };

/** How to open the archive. */
export interface ArchiveOptions {
  /** Open a damaged one to read what can be read; every write is refused. */
  readOnly?: boolean;
  /** Up to how many bytes the file is checked before it is used (64 MiB). */
  checkedAtOpen?: number;
}

/**
 * What can't be fetched again of one cluster: usage counters, sizes over time, the journal. One SQLite
 * file a connection, `archive.sqlite`; one writing and one reading thread. Never rebuilt, never dropped.
 */
export class Archive {
  readonly directory: string;
  readonly path: string;
  readonly readOnly: boolean;
  readonly #reader: Reader;
  readonly #writer: Writer | null;
  #check: ArchiveCheck = { state: 'sound' };
  #checking: Promise<void> = Promise.resolve();
  #checker: Reader | null = null;

  /** Use {@link openArchive}. */
  constructor(directory: string, reader: Reader, writer: Writer | null) {
    this.directory = directory;
    this.path = archivePath(directory);
    this.readOnly = writer === null;
    this.#reader = reader;
    this.#writer = writer;
  }

  /** How the file's check stands. */
  get check(): ArchiveCheck {
    return this.#check;
  }

  /** Whether its file is known to be damaged: what is read from it may not be all. */
  get isDamaged(): boolean {
    // Only a damaged one is opened for reading alone.
    return this.readOnly || this.#check.state === 'damaged';
  }

  /** Asks. */
  read<Name extends keyof ArchiveReaders & string>(
    method: Name,
    input: MethodInput<ArchiveReaders[Name]>,
    options?: WorkerCallOptions,
  ): Promise<MethodOutput<ArchiveReaders[Name]>> {
    return this.#reader.call(method, input as never, options) as Promise<
      MethodOutput<ArchiveReaders[Name]>
    >;
  }

  /** Changes; what was changed is on the disk when the promise resolves. */
  async write<Name extends keyof ArchiveWriters & string>(
    method: Name,
    input: MethodInput<ArchiveWriters[Name]>,
    options?: WorkerCallOptions,
  ): Promise<MethodOutput<ArchiveWriters[Name]>> {
    if (this.#check.state === 'damaged') throw this.#check.error;
    if (!this.#writer) throw archiveReadOnly(this.path);
    return (await this.#writer.call(method, input as never, options)) as MethodOutput<
      ArchiveWriters[Name]
    >;
  }

  /** Resolves once the whole file was checked; rejects with `ARCHIVE_DAMAGED`. Await before deleting at the source. */
  async sound(): Promise<void> {
    await this.#checking;
    if (this.#check.state === 'damaged') throw this.#check.error;
  }

  /** Lets `work` read in a thread of its own, so that long reading holds nobody up. */
  async beside<Result>(work: (read: Archive['read']) => Promise<Result>): Promise<Result> {
    const reader: Reader = startWorker(this.path, 'reader');
    try {
      await reader.call('open', null);
      const read = (method: never, input: never) => reader.call(method, input);
      return await work(read as Archive['read']);
    } finally {
      await reader.terminate();
    }
  }

  /** Starts the full check of a large file in a thread of its own. */
  checkBeside(): void {
    const checker: Reader = startWorker(this.path, 'checker');
    this.#checker = checker;
    this.#check = { state: 'checking' };
    this.#checking = checker
      .call('open', null)
      .then(() => checker.call('checkFile', undefined as never))
      .then((finding) => {
        if (finding) {
          const backup = listBackups(this.directory)[0]?.path ?? null;
          throw archiveDamaged(this.path, finding, backup);
        }
        this.#check = { state: 'sound' };
      })
      .catch((thrown: unknown) => {
        if (this.#checker) this.#check = { state: 'damaged', error: toAppError(thrown) };
      })
      .finally(() => checker.terminate());
  }

  /** Ends every thread; committed work is in the file. */
  async close(): Promise<void> {
    const checker = this.#checker;
    this.#checker = null;
    await checker?.terminate();
    await this.#reader.terminate();
    await this.#writer?.call('closeFile', undefined as never).catch(() => undefined);
    await this.#writer?.terminate();
  }
}

/** Where the archive of a connection's directory lies. */
export function archivePath(directory: string): string {
  return join(directory, 'archive.sqlite');
}

function startWorker<Client extends Reader | Writer>(
  path: string,
  role: ArchiveRole,
  checkedAtOpen?: number,
): Client {
  const data: ArchiveWorkerData = { path, role, checkedAtOpen };
  return new WorkerClient(workerEntry(import.meta.url, 'archive-worker'), data) as Client;
}

/**
 * Opens the archive of a connection; creates it where there is none. Up to 64 MiB the file is checked
 * before this resolves, a larger one beside its use ({@link Archive.sound}). Rejects with
 * `ARCHIVE_DAMAGED` or `ARCHIVE_NEWER` and leaves such a file untouched.
 * @param directory the connection's directory
 */
export async function openArchive(
  directory: string,
  { readOnly = false, checkedAtOpen = usualCheckedAtOpen }: ArchiveOptions = {},
): Promise<Archive> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = archivePath(directory);
  const large = existsSync(path) && statSync(path).size > checkedAtOpen;
  const writer: Writer | null = readOnly
    ? null
    : startWorker<Writer>(path, 'writer', checkedAtOpen);
  const reader = startWorker<Reader>(path, 'reader');
  try {
    await writer?.call('open', null);
    await reader.call('open', null);
  } catch (thrown) {
    await Promise.all([reader.terminate(), writer?.terminate()]);
    throw thrown;
  }
  const archive = new Archive(directory, reader, writer);
  if (large && !readOnly) archive.checkBeside();
  return archive;
}
