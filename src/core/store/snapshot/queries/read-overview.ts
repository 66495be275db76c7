import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import { toWireInteger } from '#shared/units.ts';
import type { BucketLists } from './bucket-lists.ts';
import { readFigures } from './read-summary.ts';

const howMany = 10;

const largestUsers = `
  SELECT * FROM user WHERE bucket_count >= 0 ORDER BY current_bytes DESC, id DESC LIMIT ${howMany}`;

const unknown = 'SELECT count(*) AS n FROM bucket WHERE current_bytes < 0';

/** The figures of the Overview page; zeros before the first refresh. */
export function readOverview(
  database: DatabaseSync,
  buckets: BucketLists,
): Omit<CallOutput<'sync.overview'>, 'asOf'> {
  const figures = readFigures(database);
  const rows = (sql: string): Record<string, unknown>[] => {
    const statement = database.prepare(sql);
    statement.setReadBigInts(true);
    return statement.all();
  };
  // Counted only where the refresh met any: else the whole table would be read for nothing.
  const unknownSizes = figures?.troubles?.implausible.total ? Number(rows(unknown)[0]?.n) : 0;
  return {
    ...(unknownSizes > 0 ? { unknownSizes } : {}),
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
    largestBuckets: buckets
      .greatest('current_bytes', howMany)
      .map(({ name, ownerId, ownerEmail, currentBytes }) => ({
        name,
        ownerId,
        ownerEmail,
        currentBytes,
      })),
    newestBuckets: buckets
      .greatest('created_at', howMany)
      .flatMap(({ name, ownerId, ownerEmail, createdAt }) =>
        createdAt === null ? [] : [{ name, ownerId, ownerEmail, createdAt }],
      ),
  };
}
