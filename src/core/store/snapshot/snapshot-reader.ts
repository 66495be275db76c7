import { existsSync, renameSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import { type RowsQuery, selectRows } from '../sqlite/select-rows.ts';
import { methodsOn, type WithoutFirst } from '../sqlite/worker.ts';
import { BucketLists, type BucketQuery, type SnapshotBucket } from './queries/bucket-lists.ts';
import {
  type PendingQuery,
  pendingTargets,
  readInventoryFacts,
  remainingTargets,
} from './queries/inventory-progress.ts';
import { type KeyQuery, listKeys } from './queries/key-lists.ts';
import { type GridQuery, listGrid, readUserBounds, readValues } from './queries/limit-grid.ts';
import {
  endOf,
  readAllSearchedNames,
  readSearchedNames,
  type SearchedNames,
} from './queries/name-search.ts';
import {
  type PressureBoard,
  PressureBoards,
  type PressureQuestion,
  type Touched,
} from './queries/pressure.ts';
import {
  type FactsName,
  type FactsPart,
  limitedTargets,
  type PressureFacts,
} from './queries/pressure-facts.ts';
import {
  readOverview,
  readSizePage,
  readSummary,
  type SizePage,
  type SizePageQuery,
  type SnapshotSummary,
} from './queries/read-figures.ts';
import {
  findBuckets,
  findUsers,
  oldKeys,
  readKinds,
  readSharedEmails,
  readSnapshotUser,
  type SnapshotUser,
  type UserKinds,
} from './queries/read-snapshot-user.ts';
import { type TargetQuery, TargetSearch } from './queries/target-search.ts';
import { UserLists, type UserQuery } from './queries/user-lists.ts';
import {
  isCutShort,
  isSnapshotSound,
  nextSnapshotPath,
  openSnapshotDatabase,
  type SetAside,
  setSnapshotAside,
  snapshotPath,
  whyUnusable,
} from './snapshot-database.ts';
import { takeOverSweep } from './take-over-sweep.ts';
import { isOfPack } from './writes/pack-mark.ts';
import type { TargetName } from './writes/save-values.ts';

/** Looking over so many bytes takes some hundredths of a second. */
const checkedAtOnce = 4 << 20;

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

  methods() {
    return {
      ...methodsOn(snapshotQuestions, (use: (file: OpenFile) => unknown) => this.#read(use)),
      open: () => this.open(),
      prepare: (from: number) => this.prepare(from),
      replace: () => this.replace(),
      takePack: (path: string) => this.takePack(path),
      noteChange: (touched: Touched) => this.noteChange(touched),
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
    if (!this.#nextNames) return 1; // the thread was started again in between
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
    this.#putInPlace(this.#next, names);
  }

  /**
   * Puts a field pack's file in place of an earlier pack's.
   * @returns false, and changes nothing, where anything in the current one was read here
   */
  takePack(path: string): boolean {
    if (!this.#read(({ database }) => isOfPack(database))) return false;
    this.#putInPlace(path, null);
    return true;
  }

  #putInPlace(path: string, names: SearchedNames[] | null): void {
    this.#close();
    try {
      renameSync(path, this.#path);
    } catch (thrown) {
      this.#file = this.#openFile();
      throw thrown;
    }
    this.#file = this.#openFile(names);
  }

  /** Forgets what was found before: the writer changed single rows of the current file. */
  noteChange(touched: Touched): void {
    this.#read((file) => {
      file.pressure.note(touched);
      file.summary = readSummary(file.database);
      file.users.forgetFound();
      file.buckets.forgetFound();
      file.targets.forgetFound();
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
    // A headless refresh running next to this console puts its own file in place.
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
      database.exec('PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY');
      const users = new UserLists(database);
      const buckets = new BucketLists(database, names ?? readAllSearchedNames(database));
      return {
        database,
        inode: inodeOf(this.#path),
        summary: readSummary(database),
        ...{ users, buckets, targets: new TargetSearch(database, users, buckets) },
        pressure: new PressureBoards(database, { user: users, bucket: buckets }),
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

/** An open snapshot file with everything that is prepared for it. */
interface OpenFile {
  database: DatabaseSync;
  /** The file's number on its disk: another one at its path was put there by another process. */
  inode: bigint;
  /** When the data was fetched and how much it is; null before the first refresh. */
  summary: SnapshotSummary | null;
  users: UserLists;
  buckets: BucketLists;
  targets: TargetSearch;
  /** Goes with the file: a refresh brings one without. */
  pressure: PressureBoards;
  sharedEmails?: ReadonlySet<string>;
}

/** Every question a snapshot answers; a new one is a line here. */
const snapshotQuestions = {
  summary: ({ summary }: OpenFile) => summary,
  isOfPack: ({ database }: OpenFile) => isOfPack(database),
  overview: (file: OpenFile): CallOutput<'sync.overview'> => ({
    asOf: asOf(file),
    ...readOverview(file.database, file.buckets),
  }),
  users: (file: OpenFile, query: UserQuery): CallOutput<'users.list'> => ({
    ...file.users.list(query),
    asOf: asOf(file),
  }),
  buckets: (file: OpenFile, query: BucketQuery): CallOutput<'buckets.list'> => ({
    ...file.buckets.list(query),
    asOf: asOf(file),
  }),
  /** Null while names are read for it: to be asked again. */
  find: ({ targets }: OpenFile, query: TargetQuery) => targets.find(query),
  user: ({ database, summary }: OpenFile, userId: string): SnapshotUser | null => {
    const user = summary && readSnapshotUser(database, userId);
    return user ? { ...user, asOf: summary.asOf } : null;
  },
  /** The e-mail of a user, and whether another user was listed with it; null where it was not listed. */
  nameOf: (file: OpenFile, userId: string): { email: string; shared: boolean } | null => {
    const row = file.database.prepare('SELECT email FROM user WHERE user_id = ?').get(userId);
    if (!row) return null;
    // Looked for once a file: a refresh brings the next.
    file.sharedEmails ??= readSharedEmails(file.database);
    const email = String(row.email);
    return { email, shared: file.sharedEmails.has(email) };
  },
  kinds: ({ database }: OpenFile, userIds: readonly string[]): UserKinds =>
    readKinds(database, userIds),
  bucket: ({ buckets, summary }: OpenFile, name: string): SnapshotBucket | null => {
    const bucket = summary && buckets.get(name);
    return bucket ? { ...bucket, asOf: summary.asOf } : null;
  },
  /** Sizes of users or buckets, a part at a time; null before the first refresh. */
  sizePage: ({ database, summary }: OpenFile, query: SizePageQuery): SizePage | null =>
    summary && readSizePage(database, summary.asOf, query),
  keys: ({ database }: OpenFile, query: KeyQuery) => listKeys(database, query),
  /** Keys of these users first seen before a time, and of how many of the users none were ever read. */
  oldKeys: ({ database }: OpenFile, input: { userIds: string[]; before: number }) =>
    oldKeys(database, input),
  limitGrid: ({ database, users, buckets }: OpenFile, query: GridQuery) =>
    listGrid(database, { user: users, bucket: buckets }, query),
  limitedTargets: ({ database }: OpenFile, of: 'user' | 'bucket') => limitedTargets(database, of),
  beginPressure: ({ pressure }: OpenFile, facts: FactsName) => pressure.beginFacts(facts),
  addPressure: ({ pressure }: OpenFile, facts: FactsPart) => pressure.addFacts(facts),
  endPressure: ({ pressure }: OpenFile, facts: PressureFacts) => pressure.endFacts(facts),
  arrangePressure: ({ pressure }: OpenFile, board: PressureBoard) => pressure.arrange(board),
  pressure: ({ pressure }: OpenFile, question: PressureQuestion) => pressure.page(question),
  userBounds: ({ database }: OpenFile) => readUserBounds(database),
  limitsAndQuota: ({ database }: OpenFile, target: TargetName) => readValues(database, target),
  findUsers: ({ database }: OpenFile, input: { emails: string[]; ids: string[] }) =>
    findUsers(database, input),
  findBuckets: ({ database }: OpenFile, names: string[]) => findBuckets(database, names),
  inventory: ({ database }: OpenFile) => readInventoryFacts(database),
  pendingTargets: ({ database }: OpenFile, input: PendingQuery) => pendingTargets(database, input),
  remainingTargets: ({ database }: OpenFile) => remainingTargets(database),
  selectRows: ({ database }: OpenFile, query: RowsQuery) => selectRows(database, query),
};

/** The questions as they are asked from outside. */
export type SnapshotQuestions = WithoutFirst<typeof snapshotQuestions>;

function asOf({ summary }: OpenFile): string | null {
  return summary?.asOf ?? null;
}
