import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type AppError, toAppError } from '#shared/errors.ts';
import { type Ask, WorkerClient, workerEntry } from '../sqlite/worker.ts';
import type { ArchiveWorkerData } from './archive-worker.ts';
import { archiveDamaged, archiveReadOnly, archiveReplaced } from './file/archive-errors.ts';
import { type ArchiveLock, lockArchive, shareArchive } from './file/archive-lock.ts';
import { newestGoodBackup } from './file/backups.ts';
import { areInPlace, type OpenedFiles } from './file/file-marks.ts';
import type { ArchiveReaders, ArchiveWriters } from './methods.ts';
import { type ArchiveRole, usualCheckedAtOpen } from './open-database.ts';
import type { KeptKey } from './queries/journal-seal.ts';

/** Archives of up to this size, in bytes, are read in full within a few dozen milliseconds. */
const readAtOnce = 8 * 1024 ** 2;

type Opening = { open: () => OpenedFiles };
type Reader = WorkerClient<ArchiveReaders & Opening>;
type Writer = WorkerClient<ArchiveWriters & Opening>;

/** The state of the file: checked and sound, being checked while it is used, or damaged. */
type ArchiveCheck = { state: 'sound' | 'checking' } | { state: 'damaged'; error: AppError };

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
  readonly #opened: Opened | null;
  #check: ArchiveCheck = { state: 'sound' };
  #checking: Promise<void> = Promise.resolve();
  #checker: Reader | null = null;

  /** Use {@link openArchive}. */
  constructor(directory: string, reader: Reader, writer: Writer | null, opened: Opened | null) {
    this.directory = directory;
    this.path = archivePath(directory);
    this.readOnly = writer === null;
    this.#reader = reader;
    this.#writer = writer;
    this.#opened = opened;
  }

  get check(): ArchiveCheck {
    return this.#check;
  }

  /** Whether its file is known to be damaged: what is read from it may not be all. */
  get isDamaged(): boolean {
    // Only a damaged one is opened for reading alone.
    return this.readOnly || this.#check.state === 'damaged';
  }

  /**
   * Proves that what is written goes to the file at the archive's path: neither it nor its write-ahead
   * log was moved, deleted or replaced. To be called before anything is deleted at the source.
   * @throws AppError `ARCHIVE_REPLACED`
   */
  assertInPlace(): void {
    if (!this.isInPlace) throw archiveReplaced(this.path);
  }

  /** Whether the open file is still the one at the archive's path. */
  get isInPlace(): boolean {
    return this.#opened === null || areInPlace(this.path, this.#opened.files);
  }

  readonly read: Ask<ArchiveReaders> = (name, ...asked) => this.#reader.ask(name, ...asked);

  /** Changes; what was changed is on the disk when the promise resolves. */
  readonly write: Ask<ArchiveWriters> = async (name, ...asked) => {
    if (this.#check.state === 'damaged') throw this.#check.error;
    if (!this.#writer) throw archiveReadOnly(this.path);
    this.assertInPlace();
    const output = await this.#writer.ask(name, ...asked);
    this.assertInPlace();
    return output;
  };

  /**
   * Seals the journal's remembered head with a key of the keychain from now on; says what is wrong with it.
   * @returns whether it is sealed with that key
   */
  async sealJournal(key: KeptKey): Promise<boolean> {
    if (!this.#writer) return false; // A damaged one is only read.
    const isSealed = await this.write('setJournalKey', key);
    await this.read('knowJournalKey', key);
    return isSealed;
  }

  /** Brings committed work from the write-ahead log into the file itself. */
  async checkpoint(): Promise<void> {
    if (this.#writer && this.isInPlace) await this.write('checkpoint');
  }

  /** Resolves once the whole file was checked; rejects with `ARCHIVE_DAMAGED`. Await before deleting at the source. */
  async sound(): Promise<void> {
    await this.#checking;
    if (this.#check.state === 'damaged') throw this.#check.error;
  }

  /**
   * Lets `work` read in its own thread, so that long reading delays nobody.
   * @param options `always`: also where the file is small, and reading it takes less than starting a thread
   */
  async onOwnThread<Result>(
    work: (read: Ask<ArchiveReaders>) => Promise<Result>,
    { always = false } = {},
  ): Promise<Result> {
    if (!always && bytesOf(this.path) <= readAtOnce) return work(this.read);
    const reader: Reader = startWorker(this.path, 'reader');
    try {
      await reader.ask('open');
      return await work(reader.ask);
    } finally {
      await reader.terminate();
    }
  }

  /** Starts the full check of a large file in its own thread. */
  checkOnOwnThread(): void {
    const checker: Reader = startWorker(this.path, 'checker');
    this.#checker = checker;
    this.#check = { state: 'checking' };
    this.#checking = checker
      .ask('open')
      .then(() => checker.ask('checkFile'))
      .then((finding) => {
        if (finding) {
          const backup = newestGoodBackup(this.directory)?.path ?? null;
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
    await this.#closeWriter();
    this.#opened?.lock.release();
  }

  async #closeWriter(): Promise<void> {
    const writer = this.#writer;
    if (!writer) return;
    if (this.isInPlace) {
      this.#opened?.lock.release();
      const alone = tryAlone(this.path);
      await writer.ask('closeFile', { alone: alone !== null }).catch(() => undefined);
      alone?.release();
    }
    await writer.terminate();
  }
}

/** What an archive open for writing holds: its files, and its share of the lock. */
interface Opened {
  files: OpenedFiles;
  lock: ArchiveLock;
}

function tryAlone(path: string): ArchiveLock | null {
  try {
    return lockArchive(path, 'alone');
  } catch {
    return null; // Another process has it open too; the last one closes it whole.
  }
}

/** Returns the size of a file and its write-ahead log, in bytes. */
function bytesOf(path: string): number {
  return [path, `${path}-wal`].reduce(
    (bytes, file) => bytes + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

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
 * before this resolves, a larger one while it is used ({@link Archive.sound}). Rejects with
 * `ARCHIVE_DAMAGED` or `ARCHIVE_NEWER` and leaves such a file untouched.
 * @param directory the connection's directory
 */
export async function openArchive(
  directory: string,
  { readOnly = false, checkedAtOpen = usualCheckedAtOpen }: ArchiveOptions = {},
): Promise<Archive> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = archivePath(directory);
  if (readOnly) return openToRead(directory);
  const lock = await shareArchive(path);
  const large = existsSync(path) && statSync(path).size > checkedAtOpen;
  const writer: Writer = startWorker(path, 'writer', checkedAtOpen);
  const reader: Reader = startWorker(path, 'reader');
  try {
    const files = await writer.ask('open');
    await reader.ask('open');
    const archive = new Archive(directory, reader, writer, { files, lock });
    if (large) archive.checkOnOwnThread();
    return archive;
  } catch (thrown) {
    await Promise.all([reader.terminate(), writer.terminate()]);
    lock.release();
    throw thrown;
  }
}

async function openToRead(directory: string): Promise<Archive> {
  const reader: Reader = startWorker(archivePath(directory), 'reader');
  try {
    await reader.ask('open');
    return new Archive(directory, reader, null, null);
  } catch (thrown) {
    await reader.terminate();
    throw thrown;
  }
}
