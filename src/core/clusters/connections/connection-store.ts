import { dirname } from 'node:path';
import { AppError } from '#shared/errors.ts';
import type { NoticeBoard } from '../../platform/notice-board.ts';
import {
  readConnectionFile,
  type StoredConnection,
  writeConnectionFile,
} from './connection-file.ts';
import { keepCopy } from './connection-folders.ts';

/** The saved connections: in memory for reading, in `connections.json` for good. */
export class ConnectionStore {
  readonly #path: string;
  #connections: readonly StoredConnection[];
  #writing: Promise<void> = Promise.resolve();
  /** The file has entries of which nothing is known here: changes stay in memory. */
  readonly #isPart: boolean;

  private constructor(path: string, connections: readonly StoredConnection[], isPart: boolean) {
    this.#path = path;
    this.#connections = connections;
    this.#isPart = isPart;
  }

  /**
   * Reads the file; what could not be read is set aside and becomes a notice.
   * @param shares the file is another console's too: it is left as it is
   * @throws AppError `FILE_INVALID` where it is left, and nothing of it could be read
   */
  static async open(path: string, notices: NoticeBoard, shares = false): Promise<ConnectionStore> {
    const { connections, notice, isPart = false } = await readConnectionFile(path, shares);
    if (notice) notices.add(notice);
    const store = new ConnectionStore(path, connections, isPart);
    await store.#keepCopies();
    return store;
  }

  /** Every saved connection, in the order they were added. */
  list(): readonly StoredConnection[] {
    return this.#connections;
  }

  ids(): ReadonlySet<string> {
    return new Set(this.#connections.map(({ id }) => id));
  }

  find(id: string): StoredConnection | undefined {
    return this.#connections.find((connection) => connection.id === id);
  }

  /**
   * Adds a connection, or replaces the one of the same id.
   * @throws AppError `ALREADY_EXISTS` when another connection has the name, `DISK_FAILED`
   */
  save(connection: StoredConnection): Promise<void> {
    return this.#change((connections) => {
      refuseSecondName(connections, connection);
      const index = connections.findIndex(({ id }) => id === connection.id);
      return index < 0 ? [...connections, connection] : connections.with(index, connection);
    });
  }

  /** Changes some fields of a connection; one that is gone meanwhile is skipped. */
  update(id: string, fields: Partial<StoredConnection>): Promise<void> {
    return this.#change((connections) => {
      const index = connections.findIndex((connection) => connection.id === id);
      const before = connections[index];
      return before ? connections.with(index, { ...before, ...fields, id }) : connections;
    });
  }

  remove(id: string): Promise<void> {
    return this.#change((connections) => connections.filter((connection) => connection.id !== id));
  }

  /** Waits until everything asked for is on disk. */
  async settled(): Promise<void> {
    await this.#writing.catch(() => undefined);
  }

  /** A copy that can't be written is no reason to refuse a change: the file itself is on disk. */
  async #keepCopies(): Promise<void> {
    for (const connection of this.#connections) {
      await keepCopy(dirname(this.#path), connection).catch(() => undefined);
    }
  }

  /** One change after another; memory follows the disk, so that a failed write changes nothing. */
  #change(
    change: (connections: readonly StoredConnection[]) => readonly StoredConnection[],
  ): Promise<void> {
    const done = this.#writing
      .catch(() => undefined)
      .then(async () => {
        const changed = change(this.#connections);
        if (changed === this.#connections) return;
        if (!this.#isPart) await writeConnectionFile(this.#path, changed);
        this.#connections = changed;
        await this.#keepCopies();
      });
    this.#writing = done;
    done.catch(() => undefined); // the caller gets the error
    return done;
  }
}

function refuseSecondName(
  connections: readonly StoredConnection[],
  { id, name }: StoredConnection,
): void {
  const key = name.toLocaleLowerCase('en-US');
  const taken = connections.some(
    (other) => other.id !== id && other.name.toLocaleLowerCase('en-US') === key,
  );
  if (!taken) return;
  throw new AppError({
    code: 'ALREADY_EXISTS',
    message: `A connection named "${name}" already exists.`,
    hint: 'Use another name; scripts find a connection by it.',
  });
}
