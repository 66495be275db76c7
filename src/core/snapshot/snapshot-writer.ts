import { existsSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { GatewayBucket, GatewayUser, GatewayUserDetail } from '../gateway/gateway.ts';
import { parseGatewayJson } from '../gateway/gateway-json.ts';
import { readBucketList } from '../gateway/read-bucket.ts';
import { readUserList } from '../gateway/read-user.ts';
import { openNextDatabase, openSnapshotDatabase } from './snapshot-database.ts';
import { nextSnapshotPath, snapshotPath } from './snapshot-paths.ts';

/** What the writer worker offers; see {@link SnapshotWriter}. */
export type SnapshotWriterMethods = ReturnType<SnapshotWriter['methods']>;

/** Builds the next snapshot beside the current one, and keeps details of users in the current one. */
export class SnapshotWriter {
  readonly #directory: string;
  #parts: { users: Uint8Array[]; buckets: Uint8Array[] } = { users: [], buckets: [] };

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The methods the worker serves. */
  methods() {
    return {
      begin: () => this.begin(),
      push: (input: { list: 'users' | 'buckets'; bytes: Uint8Array }) => this.push(input),
      finish: (input: { asOf: number }) => this.finish(input.asOf),
      abandon: () => this.abandon(),
      saveUserDetail: (input: { user: GatewayUserDetail; readAt: number }) =>
        this.saveUserDetail(input.user, input.readAt),
    };
  }

  begin(): void {
    this.#parts = { users: [], buckets: [] };
    this.abandon();
  }

  push({ list, bytes }: { list: 'users' | 'buckets'; bytes: Uint8Array }): { done: number } {
    this.#parts[list].push(bytes);
    return { done: 0 };
  }

  abandon(): void {
    rmSync(nextSnapshotPath(this.#directory), { force: true });
  }

  finish(asOf: number): { users: number; buckets: number } {
    const text = (parts: Uint8Array[]) => Buffer.concat(parts).toString('utf8');
    const users = readUserList(parseGatewayJson(text(this.#parts.users)));
    const buckets = readBucketList(parseGatewayJson(text(this.#parts.buckets)));
    const database = openNextDatabase(nextSnapshotPath(this.#directory));
    try {
      if (existsSync(snapshotPath(this.#directory))) {
        database.prepare('ATTACH ? AS old').run(snapshotPath(this.#directory));
      } else {
        database.exec("ATTACH ':memory:' AS old");
      }
      fill(database, users, buckets, asOf);
      database.exec('DETACH old');
    } finally {
      database.close();
    }
    return { users: users.length, buckets: buckets.length };
  }

  saveUserDetail(user: GatewayUserDetail, readAt: number): void {
    const database = openSnapshotDatabase(snapshotPath(this.#directory));
    try {
      database.exec('BEGIN IMMEDIATE');
      writeDetail(database, user, readAt);
      database.exec('COMMIT');
    } finally {
      database.close();
    }
  }
}

function fill(
  database: DatabaseSync,
  users: GatewayUser[],
  buckets: GatewayBucket[],
  asOf: number,
): void {
  const has = database.prepare("SELECT 1 FROM old.sqlite_schema WHERE name = 'bucket'").get();
  const seen = (sql: string): Map<string, number> =>
    new Map(
      has
        ? database
            .prepare(sql)
            .all()
            .map((row) => [String(row.k), Number(row.s)])
        : [],
    );
  const usersSeen = seen('SELECT user_id k, first_seen s FROM old.user');
  const bucketsSeen = seen('SELECT name k, first_seen s FROM old.bucket');
  users.sort((a, b) => (a.email < b.email ? -1 : a.email > b.email ? 1 : 0));
  const sums = new Map(
    users.map((user, index) => [user.userId, { id: index + 1, count: 0, current: 0n, peak: 0n }]),
  );
  const bucket = database.prepare('INSERT INTO bucket VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const user = database.prepare('INSERT INTO user VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  database.exec('BEGIN');
  for (const row of buckets) {
    const sum = sums.get(row.ownerId);
    if (sum) {
      sum.count += 1;
      sum.current += row.currentBytes;
      sum.peak += row.peakBytes;
    }
    bucket.run(
      row.name,
      sum?.id ?? null,
      sum ? null : row.ownerId,
      row.currentBytes,
      row.peakBytes,
      row.byteIntegral,
      row.lastHour,
      row.createdAt === null ? null : Date.parse(row.createdAt),
      row.epoch,
      bucketsSeen.get(row.name) ?? asOf,
    );
  }
  for (const row of users) {
    const sum = sums.get(row.userId) ?? { id: null, count: 0, current: 0n, peak: 0n };
    user.run(
      sum.id,
      row.userId,
      row.email,
      `${row.email}\n${row.userId}`.toLowerCase(),
      row.state,
      row.flags.includes('system') ? 1 : 0,
      JSON.stringify(row.flags),
      row.ownerId,
      sum.count,
      sum.current,
      sum.peak,
      usersSeen.get(row.userId) ?? asOf,
    );
  }
  if (has) {
    for (const table of ['user_detail', 'account', 'access_key']) {
      database.exec(
        `INSERT INTO main.${table} SELECT * FROM old.${table} WHERE user_id IN (SELECT user_id FROM main.user)`,
      );
    }
  }
  const meta = database.prepare('INSERT INTO meta VALUES (?, ?)');
  meta.run('asOf', String(asOf));
  meta.run('users', String(users.length));
  meta.run('buckets', String(buckets.length));
  database.exec('COMMIT');
}

function writeDetail(database: DatabaseSync, user: GatewayUserDetail, readAt: number): void {
  database.prepare('INSERT OR REPLACE INTO user_detail VALUES (?, ?)').run(user.userId, readAt);
  const keys = [
    ...user.accessKeyIds.map((key) => ['', key] as const),
    ...user.accounts.flatMap((account) =>
      account.accessKeyIds.map((key) => [account.name, key] as const),
    ),
  ];
  const names = JSON.stringify(user.accounts.map((account) => account.name));
  database
    .prepare(
      'DELETE FROM account WHERE user_id = ? AND name NOT IN (SELECT value FROM json_each(?))',
    )
    .run(user.userId, names);
  database
    .prepare(
      `DELETE FROM access_key WHERE user_id = ? AND json_array(account_name, access_key_id)
         NOT IN (SELECT value FROM json_each(?))`,
    )
    .run(user.userId, JSON.stringify(keys.map((key) => JSON.stringify(key))));
  const account = database.prepare('INSERT OR IGNORE INTO account VALUES (?, ?, ?)');
  for (const { name } of user.accounts) account.run(user.userId, name, readAt);
  const key = database.prepare('INSERT OR IGNORE INTO access_key VALUES (?, ?, ?, ?)');
  for (const [accountName, id] of keys) key.run(user.userId, accountName, id, readAt);
}
