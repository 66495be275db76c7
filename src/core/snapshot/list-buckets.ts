import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import { toWireInteger } from '#shared/units.ts';
import type { BucketQuery } from './snapshot.ts';

type BucketPage = Pick<CallOutput<'buckets.list'>, 'total' | 'rows'>;
type BucketRow = BucketPage['rows'][number];

const sortColumns = {
  name: 'name',
  ownerEmail: 'owner',
  currentBytes: 'current_bytes',
  peakBytes: 'peak_bytes',
  createdAt: 'created_at',
  lastHour: 'last_hour',
} as const;

/** One page of the buckets, and how many match. */
export function listBuckets(database: DatabaseSync, query: BucketQuery): BucketPage {
  const conditions: string[] = [];
  const values: SQLInputValue[] = [];
  const where = (sql: string, ...bound: SQLInputValue[]): void => {
    conditions.push(sql);
    values.push(...bound);
  };
  const search = query.search?.trim().toLowerCase();
  if (search) where('instr(lower(name), ?) > 0', search);
  if (query.ownerId !== undefined) {
    where('ifnull(owner_id, (SELECT user_id FROM user u WHERE u.id = owner)) = ?', query.ownerId);
  }
  const filter = query.filter ?? {};
  if (filter.size) where(filter.size === 'empty' ? 'current_bytes = 0' : 'current_bytes > 0');
  if (filter.minBytes !== undefined) where('current_bytes >= ?', BigInt(filter.minBytes));
  if (filter.ownerKnown !== undefined) {
    where(filter.ownerKnown ? 'owner IS NOT NULL' : 'owner IS NULL');
  }
  if (filter.createdAfter) where('created_at >= ?', Date.parse(filter.createdAfter));
  if (filter.createdBefore) where('created_at < ?', Date.parse(filter.createdBefore));
  const condition = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const count = database.prepare(`SELECT count(*) AS total FROM bucket ${condition}`);
  const direction = query.sort?.descending ? 'DESC' : 'ASC';
  const order = `${sortColumns[query.sort?.by ?? 'name']} ${direction}, id ${direction}`;
  const page = database.prepare(
    `${bucketColumns} WHERE bucket.id IN
       (SELECT id FROM bucket ${condition} ORDER BY ${order} LIMIT ? OFFSET ?)
     ORDER BY ${order.replaceAll('id', 'bucket.id')}`,
  );
  page.setReadBigInts(true);
  return {
    total: Number(count.get(...values)?.total),
    rows: page.all(...values, query.limit, query.offset).map(toBucketRow),
  };
}

/** Selects what {@link toBucketRow} reads. */
export const bucketColumns = `
  SELECT bucket.*, user.user_id AS known_owner_id, user.email AS owner_email
  FROM bucket LEFT JOIN user ON user.id = bucket.owner`;

/** A row of {@link bucketColumns}, read with big integers, as it travels. */
export function toBucketRow(row: Record<string, unknown>): BucketRow {
  return {
    name: String(row.name),
    ownerId: String(row.known_owner_id ?? row.owner_id ?? ''),
    ownerEmail: row.owner_email === null ? null : String(row.owner_email),
    currentBytes: toWireInteger(row.current_bytes as bigint),
    peakBytes: toWireInteger(row.peak_bytes as bigint),
    byteIntegral: toWireInteger(row.byte_integral as bigint),
    lastHour: Number(row.last_hour),
    createdAt: row.created_at === null ? null : new Date(Number(row.created_at)).toISOString(),
    epoch: toWireInteger(row.epoch as bigint),
    firstSeen: new Date(Number(row.first_seen)).toISOString(),
  };
}
