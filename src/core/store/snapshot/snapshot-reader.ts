import { existsSync, renameSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '#shared/errors.ts';
import { methodsOn } from '../sqlite/worker-server.ts';
import { BucketLists } from './queries/bucket-lists.ts';
import {
  endOf,
  readAllSearchedNames,
  readSearchedNames,
  type SearchedNames,
} from './queries/name-search.ts';
import { readSummary } from './queries/read-summary.ts';
import { UserLists } from './queries/user-lists.ts';
import { type OpenFile, snapshotQuestions } from './questions.ts';
import type { SetAside } from './snapshot.ts';
import {
  isCutShort,
  isSnapshotSound,
  openSnapshotDatabase,
  setSnapshotAside,
  whyUnusable,
} from './snapshot-database.ts';
import { nextSnapshotPath, snapshotPath } from './snapshot-paths.ts';
import { takeOverSweep } from './take-over-sweep.ts';

/** Looking over so many bytes takes some hundredths of a second. */
const checkedAtOnce = 4 << 20;

/** What the reader worker offers; see {@link SnapshotReader}. */
export type SnapshotReaderMethods = ReturnType<SnapshotReader['methods']>;

/**
 * Answers questions about the current snapshot, and puts the next one in its place. It alone holds the
 * current file open, so that the exchange takes a moment and works on systems that lock open files.
 */
export class SnapshotReader {
  readonly #directory: string;
  readonly #path: string;
  readonly #next: string;
  #file: OpenFile | null = null;
  /** Names of the next snapshot, where they were read before it takes the place of the current one. */
  #nextNames: SearchedNames[] | null = null;

  constructor(directory: string) {
    this.#directory = directory;
    this.#path = snapshotPath(directory);
    this.#next = nextSnapshotPath(directory);
  }

  /** The methods the worker serves. */
  methods() {
    return {
      ...methodsOn(snapshotQuestions, (use: (file: OpenFile) => unknown) => this.#read(use)),
      open: () => this.open(),
      prepare: (from: number) => this.prepare(from),
      replace: () => this.replace(),
      noteChange: () => this.noteChange(),
      setAside: () => this.setAside('damaged'),
      close: () => this.#close(),
    };
  }

  /**
   * Opens the current file; one that is damaged or newer than this console is set aside. A small file
   * is looked over whole, of a large one only whether its end is there.
   * @returns what was set aside, if anything, and whether all of the file has been looked over
   */
  open(): { setAside: SetAside | null; checked: boolean } {
    const size = existsSync(this.#path) ? statSync(this.#path).size : 0;
    const checked = size <= checkedAtOnce;
    try {
      const sound = !isCutShort(this.#path, size) && (!checked || isSnapshotSound(this.#path));
      if (!sound) return { setAside: this.setAside('damaged'), checked: true };
      this.#takeOverSweep();
      this.#file = this.#openFile();
      return { setAside: null, checked };
    } catch (thrown) {
      const reason = whyUnusable(thrown);
      if (!reason) throw thrown;
      return { setAside: this.setAside(reason), checked: true };
    }
  }

  /** Sets the current file aside and begins an empty one. */
  setAside(reason: SetAside['reason']): SetAside {
    this.#close();
    const setAside = setSnapshotAside(this.#path, reason);
    this.#file = this.#openFile();
    return setAside;
  }

  /**
   * Reads a part of what is kept in memory of the file a refresh has built, so that putting it in place
   * takes a moment; other questions are answered in between. The file is let go of each time.
   * @param from 1, then what was returned, until that is null
   */
  prepare(from: number): number | null {
    if (from === 1) this.#nextNames = [];
    if (!this.#nextNames) return 1; // the thread was started anew in between
    const database = new DatabaseSync(this.#next, { readOnly: true });
    try {
      const names = readSearchedNames(database, from);
      if (!names) return null;
      this.#nextNames.push(names);
      return endOf(names);
    } finally {
      database.close();
    }
  }

  /** Puts the file a refresh has built, and which was prepared, in place of the current one. */
  replace(): void {
    const names = this.#nextNames;
    this.#nextNames = null;
    this.#close();
    try {
      renameSync(this.#next, this.#path);
    } catch (thrown) {
      this.#file = this.#openFile();
      throw thrown;
    }
    this.#file = this.#openFile(names);
  }

  /** Forgets what was found before: the writer changed single rows of the current file. */
  noteChange(): void {
    this.#read((file) => {
      file.summary = readSummary(file.database);
      file.users.forgetFound();
      file.buckets.forgetFound();
    });
  }

  /** What fails leaves the file where it is, for the next opening: all of it can be fetched again. */
  #takeOverSweep(): void {
    try {
      takeOverSweep(this.#directory);
    } catch {
      // A full disk or a lock; damage to the snapshot itself shows at its own opening.
    }
  }

  #read<Value>(read: (file: OpenFile) => Value): Value {
    // A headless refresh beside this console puts its own file in place.
    if (this.#file && this.#file.inode !== inodeOf(this.#path)) this.#close();
    this.#file ??= this.#openFile();
    try {
      return read(this.#file);
    } catch (thrown) {
      if (whyUnusable(thrown) === null) throw thrown;
      const { path } = this.setAside('damaged');
      throw new AppError({
        code: 'SNAPSHOT_DAMAGED',
        message: 'The file with what was last seen of this cluster is damaged and was set aside.',
        hint: 'Refresh: everything in it is fetched again from the gateway.',
        retryable: true,
        details: { reason: 'damaged', path },
      });
    }
  }

  #openFile(names: SearchedNames[] | null = null): OpenFile {
    const database = openSnapshotDatabase(this.#path);
    try {
      database.exec('PRAGMA cache_size = -16384');
      return {
        database,
        inode: inodeOf(this.#path),
        summary: readSummary(database),
        users: new UserLists(database),
        buckets: new BucketLists(database, names ?? readAllSearchedNames(database)),
      };
    } catch (thrown) {
      database.close();
      throw thrown;
    }
  }

  #close(): void {
    this.#file?.database.close();
    this.#file = null;
  }
}

function inodeOf(path: string): bigint {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? 0n;
}
