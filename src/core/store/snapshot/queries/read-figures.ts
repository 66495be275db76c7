import type { DatabaseSync } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import { toWireInteger } from '#shared/units.ts';
import type { BucketLists } from './bucket-lists.ts';

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

export interface SnapshotSummary {
  asOf: string;
  users: number;
  buckets: number;
  /** Omitted where everything could be read and can be true. */
  troubles?: RefreshTroubles;
}

/** Figures of the whole cluster, as a refresh left them; null before the first. */
interface SnapshotFigures {
  /** Milliseconds since the Unix epoch. */
  asOf: bigint;
  users: bigint;
  disabledUsers: bigint;
  buckets: bigint;
  emptyBuckets: bigint;
  currentBytes: bigint;
  peakBytes: bigint;
  troubles: RefreshTroubles | null;
}

function readFigures(database: DatabaseSync): SnapshotFigures | null {
  const rows = database.prepare('SELECT key, value FROM meta').all();
  const meta = new Map(rows.map((row) => [String(row.key), String(row.value)]));
  if (!meta.has('asOf')) return null;
  const figure = (key: string): bigint => BigInt(meta.get(key) ?? 0);
  return {
    asOf: figure('asOf'),
    users: figure('users'),
    disabledUsers: figure('disabledUsers'),
    buckets: figure('buckets'),
    emptyBuckets: figure('emptyBuckets'),
    currentBytes: figure('currentBytes'),
    peakBytes: figure('peakBytes'),
    troubles: JSON.parse(meta.get('troubles') ?? 'null'),
  };
}

/** Reads how much was fetched when; null before the first refresh. */
export function readSummary(database: DatabaseSync): SnapshotSummary | null {
  const figures = readFigures(database);
  if (!figures) return null;
  return {
    asOf: new Date(Number(figures.asOf)).toISOString(),
    users: Number(figures.users),
    buckets: Number(figures.buckets),
    ...(figures.troubles ? { troubles: figures.troubles } : {}),
  };
}

/** What the last refresh could not read, and the figures in it that can't be true. */
export interface RefreshTroubles {
  setAside: NonNullable<CallOutput<'sync.status'>['setAside']>;
  implausible: NonNullable<CallOutput<'sync.status'>['implausible']>;
}

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
