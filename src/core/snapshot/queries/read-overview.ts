import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import { toWireInteger } from '#shared/units.ts';
import { readFigures } from './read-summary.ts';

const howMany = 10;

const largestUsers = `
  SELECT * FROM user ORDER BY current_bytes DESC, id DESC LIMIT ${howMany}`;

const largestBuckets = `
  SELECT name, ifnull(user.user_id, bucket.owner_id) AS owner, email, bucket.current_bytes AS bytes
  FROM bucket LEFT JOIN user ON user.id = bucket.owner
  ORDER BY bucket.current_bytes DESC, bucket.id DESC LIMIT ${howMany}`;

const newestBuckets = `
  SELECT name, email, created_at FROM bucket LEFT JOIN user ON user.id = bucket.owner
  WHERE created_at IS NOT NULL ORDER BY created_at DESC, bucket.id DESC LIMIT ${howMany}`;

/** The figures of the Overview page; zeros before the first refresh. */
export function readOverview(database: DatabaseSync): Omit<CallOutput<'sync.overview'>, 'asOf'> {
  const figures = readFigures(database);
  const rows = (sql: string): Record<string, unknown>[] => {
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    return statement.all();
  };
  return {
    users: Number(figures?.users ?? 0),
    disabledUsers: Number(figures?.disabledUsers ?? 0),
    buckets: Number(figures?.buckets ?? 0),
    emptyBuckets: Number(figures?.emptyBuckets ?? 0),
    currentBytes: toWireInteger(figures?.currentBytes ?? 0n),
    peakBytes: toWireInteger(figures?.peakBytes ?? 0n),
    largestUsers: rows(largestUsers).map((row) => ({
      userId: String(row.user_id),
      email: String(row.email),
      buckets: Number(row.bucket_count),
      currentBytes: toWireInteger(row.current_bytes as bigint),
    })),
    largestBuckets: rows(largestBuckets).map((row) => ({
      name: String(row.name),
      ownerId: String(row.owner ?? ''),
      ownerEmail: row.email === null ? null : String(row.email),
      currentBytes: toWireInteger(row.bytes as bigint),
    })),
    newestBuckets: rows(newestBuckets).map((row) => ({
      name: String(row.name),
      ownerEmail: row.email === null ? null : String(row.email),
      createdAt: new Date(Number(row.created_at)).toISOString(),
    })),
  };
}
