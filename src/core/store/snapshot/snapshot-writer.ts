import { rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { methodsOn } from '../sqlite/worker.ts';
import { RefreshBuilder, type RefreshList } from './refresh-builder.ts';
import { snapshotChanges } from './snapshot.ts';
import {
  isSnapshotSound,
  nextSnapshotPath,
  openSnapshotDatabase,
  snapshotPath,
} from './snapshot-database.ts';

export type SnapshotWriterMethods = ReturnType<SnapshotWriter['methods']>;

/**
 * The only writer: builds the next snapshot next to the current one, and changes single rows
 * of the current one, which it never holds open.
 */
export class SnapshotWriter {
  readonly #directory: string;
  #builder: RefreshBuilder | null = null;

  constructor(directory: string) {
    this.#directory = directory;
  }

  methods() {
    return {
      ...methodsOn(snapshotChanges, (use: (database: DatabaseSync) => unknown) =>
        this.#change(use),
      ),
      begin: (asOf: number) => this.begin(asOf),
      push: (input: { list: RefreshList; bytes: Uint8Array }) =>
        this.#building().push(input.list, input.bytes),
      endList: (list: RefreshList) => this.#building().endList(list),
      arrange: () => this.#building().arrange(),
      seal: () => this.#building().seal(),
      abandon: () => this.abandon(),
      isWhole: () => isSnapshotSound(snapshotPath(this.#directory)),
    };
  }

  begin(asOf: number): void {
    this.abandon();
    const [current, next] = [snapshotPath(this.#directory), nextSnapshotPath(this.#directory)];
    this.#builder = new RefreshBuilder({ current, next }, asOf);
  }

  /** Throws the next snapshot away, if there is one. */
  abandon(): void {
    this.#builder?.close();
    this.#builder = null;
    rmSync(nextSnapshotPath(this.#directory), { force: true });
  }

  #change(change: (database: DatabaseSync) => unknown): unknown {
    const database = openSnapshotDatabase(snapshotPath(this.#directory));
    try {
      database.exec('PRAGMA synchronous = NORMAL');
      return change(database);
    } finally {
      database.close();
    }
  }

  #building(): RefreshBuilder {
    if (this.#builder) return this.#builder;
    throw new Error('No refresh is under way.');
  }
}
