import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { BucketWriter } from './refresh/bucket-writer.ts';
import { type CarriedUser, type CarryOver, readCarryOver } from './refresh/carry-over.ts';
import { ListReader } from './refresh/list-reader.ts';
import { RowTroubles } from './refresh/row-troubles.ts';
import { StagedUsers } from './refresh/staged-users.ts';
import { type SealedRefresh, whatIsTakenAway } from './refresh/taken-away.ts';
import { createNextDatabase } from './snapshot-database.ts';

/**
 * Takes the indexes off an empty database, so that they are built once all rows are in, each by one
 * sort. The migrations stay the only place that says which indexes there are.
 * @returns statements that build them again, to be run one by one
 */
export function deferIndexes(database: DatabaseSync): string[] {
  const indexes = database
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL")
    .all();
  for (const { name } of indexes) database.exec(`DROP INDEX "${String(name)}"`);
  return indexes.map(({ sql }) => String(sql));
}

interface RefreshPaths {
  current: string;
  next: string;
}

/** The two lists of a refresh, read in this order. */
export type RefreshList = 'users' | 'buckets';

/** What was learnt of single targets, by table: taken over of those that are still listed. */
const learnt: Record<string, string> = {
  user_detail: 'user_id IN (SELECT user_id FROM main.user)',
  account: 'user_id IN (SELECT user_id FROM main.user)',
  access_key: 'user_id IN (SELECT user_id FROM main.user)',
  target: `CASE kind WHEN 'user' THEN id IN (SELECT user_id FROM main.user)
    WHEN 'bucket' THEN id IN (SELECT name FROM main.bucket) ELSE TRUE END`,
  inventory_round: 'TRUE',
};

/** Figures of other files: taken over whole, which copies them as they are, until they are made again. */
const figures = ['user_activity', 'user_customer', 'bucket_growth', 'list_fact'];

/**
 * Builds the next snapshot in its own file, from the bytes of the two lists. Every method does a
 * part that takes well under a second, so that the worker can answer others in between. Nobody reads
 * the file before it is whole; when anything fails it is thrown away.
 */
export class RefreshBuilder {
  readonly #paths: RefreshPaths;
  readonly #asOf: number;
  readonly #database: DatabaseSync;
  /** What is left to do once all rows are in. */
  readonly #steps: (() => void)[];
  readonly #carried: CarryOver;
  readonly #troubles = new RowTroubles();
  readonly #users = new StagedUsers(this.#troubles);
  readonly #buckets: BucketWriter;
  #keptUsers = 0;
  readonly #readers: Record<RefreshList, ListReader>;

  /** @param asOf when the lists were fetched, in milliseconds since the Unix epoch */
  constructor(paths: RefreshPaths, asOf: number) {
    this.#paths = paths;
    this.#asOf = asOf;
    this.#carried = readCarryOver(paths.current);
    this.#database = createNextDatabase(paths.next);
    const indexes = deferIndexes(this.#database);
    this.#database.exec('BEGIN');
    this.#buckets = new BucketWriter({
      database: this.#database,
      users: this.#users,
      carried: this.#carried,
      asOf,
      troubles: this.#troubles,
    });
    this.#steps = [
      () => this.#buckets.writeOrders(),
      ...indexes.map((index) => () => this.#database.exec(index)),
      () => this.#buckets.writeNameOrder(),
    ];
    this.#readers = {
      users: new ListReader('a list of users', ['Users', 'users'], this.#users),
      buckets: new ListReader('a list of buckets', ['Buckets', 'buckets'], this.#buckets),
    };
  }

  /**
   * Takes the next bytes of a list.
   * @returns how many of its entries were read so far
   */
  push(list: RefreshList, bytes: Uint8Array): number {
    this.#readers[list].push(bytes);
    return this.#readers[list].count;
  }

  /** Says that a list ended. @throws AppError where it is not whole or no such list */
  endList(list: RefreshList): void {
    this.#readers[list].end();
    if (list === 'users') {
      this.#users.arrange();
      return;
    }
    this.#buckets.end();
    this.#buckets.flush();
    const carried = (userId: string): CarriedUser | undefined => {
      const seen = this.#carried.users.get(userId);
      if (seen !== undefined) this.#keptUsers += 1;
      return seen;
    };
    this.#users.write(this.#database, carried, this.#asOf);
    this.#database.exec('COMMIT');
  }

  /** Builds the next of the indexes and orders. @returns how many steps are left */
  arrange(): number {
    this.#steps.shift()?.();
    return this.#steps.length;
  }

  /**
   * Takes over what was learnt of single targets, and makes the file durable and whole.
   * @returns how much it holds, and what it takes away of what was seen before
   */
  seal(): SealedRefresh {
    const { users, buckets } = { users: this.#users.size, buckets: this.#buckets.totals.buckets };
    const database = this.#database;
    let takenAway: SealedRefresh['takenAway'] = null;
    if (existsSync(this.#paths.current)) {
      database.prepare('ATTACH ? AS old').run(this.#paths.current);
      for (const [table, stillListed] of Object.entries(learnt)) {
        database.exec(`INSERT INTO main.${table} SELECT * FROM old.${table} WHERE ${stillListed}`);
      }
      for (const table of figures) {
        database.exec(`INSERT INTO main.${table} SELECT * FROM old.${table}`);
      }
      takenAway = whatIsTakenAway(database, {
        users: { kept: this.#keptUsers, after: users },
        buckets: { kept: this.#buckets.kept, after: buckets },
      });
      database.exec('DETACH old');
    }
    const meta = database.prepare('INSERT INTO meta VALUES (?, ?)');
    const totals = {
      asOf: this.#asOf,
      users,
      disabledUsers: this.#users.disabled,
      ...this.#buckets.totals,
    };
    for (const [key, value] of Object.entries(totals)) meta.run(key, String(value));
    const { all } = this.#troubles;
    if (all.setAside.total + all.implausible.total > 0) meta.run('troubles', JSON.stringify(all));
    database.close();
    const file = openSync(this.#paths.next, 'r+');
    fsyncSync(file);
    closeSync(file);
    const { setAside, implausible } = all;
    return {
      takenAway,
      counts: {
        users,
        buckets,
        ...(setAside.total > 0 ? { setAside: setAside.total } : {}),
        ...(implausible.total > 0 ? { implausible: implausible.total } : {}),
      },
    };
  }

  /** Lets go of the file, whole or not. */
  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}
