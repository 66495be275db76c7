import type { DatabaseSync } from 'node:sqlite';

/** Which rows of which list: those after `afterId`, in the order of their numbers. */
export interface SizePageQuery {
  list: 'users' | 'buckets';
  afterId: number;
  limit: number;
}

/** One row: a user by id with the sum of the user's buckets, or a bucket by name. Bytes exact. */
interface SizeRow {
  name: string;
  /** E-mail of the user, or id of the bucket's owner. */
  of: string;
  /** Null where the gateway's figure can't be true. */
  bytes: bigint | null;
  /** Of a user; 1 for a bucket. */
  buckets: number;
}

/** Part of a list; `next` is what to ask after, null at its end. */
export interface SizePage {
  /** When the snapshot was fetched, ISO 8601: another one means that a refresh came between. */
  asOf: string;
  rows: SizeRow[];
  next: number | null;
}

const statements: Record<SizePageQuery['list'], string> = {
  users: `SELECT id, user_id AS name, email AS of, bucket_count AS buckets,
      iif(current_bytes < 0 OR id IN (SELECT owner FROM bucket WHERE current_bytes < 0), NULL, current_bytes) AS bytes
    FROM user WHERE id > ? ORDER BY id LIMIT ?`,
  buckets: `SELECT bucket.id AS id, name, ifnull(user.user_id, bucket.owner_id) AS of,
      iif(bucket.current_bytes < 0, NULL, bucket.current_bytes) AS bytes, 1 AS buckets
    FROM bucket LEFT JOIN user ON user.id = bucket.owner
    WHERE bucket.id > ? ORDER BY bucket.id LIMIT ?`,
};

/** Reads sizes page by page, so that neither thread is held up by a long list. */
export function readSizePage(
  database: DatabaseSync,
  asOf: string,
  { list, afterId, limit }: SizePageQuery,
): SizePage {
  const statement = database.prepare(statements[list]);
  statement.setReadBigInts(true);
  const rows = statement.all(afterId, limit);
  return {
    asOf,
    rows: rows.map((row) => ({
      name: String(row.name),
      of: String(row.of ?? ''),
      bytes: row.bytes as bigint | null,
      buckets: Number(row.buckets),
    })),
    next: rows.length < limit ? null : Number(rows.at(-1)?.id),
  };
}
