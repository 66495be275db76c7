import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import { toWireInteger } from '#shared/units.ts';

const howMany = 10;

/** The figures of the Overview page. */
export function readOverview(database: DatabaseSync): Omit<CallOutput<'sync.overview'>, 'asOf'> {
  const rows = (sql: string): Record<string, unknown>[] => {
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    return statement.all();
  };
  const users = rows(`SELECT count(*) AS n, total(state = 'disabled') AS disabled FROM user`)[0];
  const buckets = rows(`
    SELECT count(*) AS n, total(current_bytes = 0) AS empty,
      ifnull(sum(current_bytes), 0) AS current, ifnull(sum(peak_bytes), 0) AS peak FROM bucket`)[0];
  return {
    users: Number(users?.n),
    disabledUsers: Number(users?.disabled),
    buckets: Number(buckets?.n),
    emptyBuckets: Number(buckets?.empty),
    currentBytes: toWireInteger(buckets?.current as bigint),
    peakBytes: toWireInteger(buckets?.peak as bigint),
    largestUsers: rows(`SELECT * FROM user ORDER BY current_bytes DESC, id LIMIT ${howMany}`).map(
      (row) => ({
        userId: String(row.user_id),
        email: String(row.email),
        buckets: Number(row.bucket_count),
        currentBytes: toWireInteger(row.current_bytes as bigint),
      }),
    ),
    largestBuckets: rows(`
      SELECT name, ifnull(user.user_id, bucket.owner_id) AS owner, email, bucket.current_bytes AS bytes
      FROM bucket LEFT JOIN user ON user.id = bucket.owner
      ORDER BY bucket.current_bytes DESC, bucket.id LIMIT ${howMany}`).map((row) => ({
      name: String(row.name),
      ownerId: String(row.owner),
      ownerEmail: row.email === null ? null : String(row.email),
      currentBytes: toWireInteger(row.bytes as bigint),
    })),
    newestBuckets: rows(`
      SELECT name, email, created_at FROM bucket LEFT JOIN user ON user.id = bucket.owner
      WHERE created_at IS NOT NULL ORDER BY created_at DESC LIMIT ${howMany}`).map((row) => ({
      name: String(row.name),
      ownerEmail: row.email === null ? null : String(row.email),
      createdAt: new Date(Number(row.created_at)).toISOString(),
    })),
  };
}
