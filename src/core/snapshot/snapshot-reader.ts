import { existsSync, renameSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import { bucketColumns, listBuckets, toBucketRow } from './list-buckets.ts';
import { listUsers, toUserRow } from './list-users.ts';
import { readOverview } from './read-overview.ts';
import type { BucketQuery, SnapshotBucket, SnapshotUser, UserQuery } from './snapshot.ts';
import { openSnapshotDatabase } from './snapshot-database.ts';
import { nextSnapshotPath, snapshotPath } from './snapshot-paths.ts';

/** What the reader worker offers; see {@link SnapshotReader}. */
export type SnapshotReaderMethods = ReturnType<SnapshotReader['methods']>;

/** How much was fetched when. */
export interface SnapshotSummary {
  asOf: string;
  users: number;
  buckets: number;
}

/** Answers questions about the current snapshot, and puts the next one in its place. */
export class SnapshotReader {
  readonly #directory: string;
  #database: DatabaseSync;

  constructor(directory: string) {
    this.#directory = directory;
    this.#database = openSnapshotDatabase(snapshotPath(directory));
  }

  /** The methods the worker serves. */
  methods() {
    return {
      summary: () => this.summary(),
      replace: () => this.replace(),
      listUsers: (query: UserQuery): CallOutput<'users.list'> => ({
        ...listUsers(this.#database, query),
        asOf: this.summary()?.asOf ?? null,
      }),
      listBuckets: (query: BucketQuery): CallOutput<'buckets.list'> => ({
        ...listBuckets(this.#database, query),
        asOf: this.summary()?.asOf ?? null,
      }),
      getUser: (userId: string) => this.getUser(userId),
      getBucket: (name: string) => this.getBucket(name),
      overview: (): CallOutput<'sync.overview'> => ({
        asOf: this.summary()?.asOf ?? null,
        ...readOverview(this.#database),
      }),
      close: () => this.#database.close(),
    };
  }

  summary(): SnapshotSummary | null {
    const rows = this.#database.prepare('SELECT key, value FROM meta').all();
    const meta = new Map(rows.map((row) => [row.key, Number(row.value)]));
    const asOf = meta.get('asOf');
    if (asOf === undefined) return null;
    return {
      asOf: new Date(asOf).toISOString(),
      users: meta.get('users') ?? 0,
      buckets: meta.get('buckets') ?? 0,
    };
  }

  replace(): void {
    const next = nextSnapshotPath(this.#directory);
    if (!existsSync(next)) throw new Error('There is no next snapshot.');
    this.#database.close();
    try {
      renameSync(next, snapshotPath(this.#directory));
    } finally {
      this.#database = openSnapshotDatabase(snapshotPath(this.#directory));
    }
  }

  getUser(userId: string): SnapshotUser | null {
    const asOf = this.summary()?.asOf;
    const statement = this.#database.prepare('SELECT * FROM user WHERE user_id = ?');
    statement.setReadBigInts(true);
    const row = statement.get(userId);
    if (!row || asOf === undefined) return null;
    const all = (sql: string) => this.#database.prepare(sql).all(userId);
    const detail = all('SELECT keys_as_of FROM user_detail WHERE user_id = ?')[0];
    const keys = all('SELECT * FROM access_key WHERE user_id = ? ORDER BY first_seen');
    const keysOf = (account: string) =>
      keys
        .filter((key) => key.account_name === account)
        .map((key) => ({ accessKeyId: String(key.access_key_id) }));
    return {
      ...toUserRow(row),
      keys: keysOf(''),
      accounts: all('SELECT name FROM account WHERE user_id = ? ORDER BY name').map(({ name }) => ({
        name: String(name),
        keys: keysOf(String(name)),
      })),
      keysAsOf: detail ? new Date(Number(detail.keys_as_of)).toISOString() : null,
      asOf,
    };
  }

  getBucket(name: string): SnapshotBucket | null {
    const asOf = this.summary()?.asOf;
    const statement = this.#database.prepare(`${bucketColumns} WHERE name = ?`);
    statement.setReadBigInts(true);
    const row = statement.get(name);
    return row && asOf !== undefined ? { ...toBucketRow(row), asOf } : null;
  }
}
