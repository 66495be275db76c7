import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { CallOutput } from '#shared/contract/index.ts';
import { toWireInteger } from '#shared/units.ts';
import type { UserQuery } from './snapshot.ts';

type UserPage = Pick<CallOutput<'users.list'>, 'total' | 'rows'>;
type UserRow = UserPage['rows'][number];

const sortColumns = {
  email: 'id',
  userId: 'user_id',
  state: 'state',
  bucketCount: 'bucket_count',
  currentBytes: 'current_bytes',
  peakBytes: 'peak_bytes',
  firstSeen: 'first_seen',
} as const;

/** One page of the users, and how many match. */
export function listUsers(database: DatabaseSync, query: UserQuery): UserPage {
  const conditions: string[] = [];
  const values: SQLInputValue[] = [];
  const where = (sql: string, ...bound: SQLInputValue[]): void => {
    conditions.push(sql);
    values.push(...bound);
  };
  const search = query.search?.trim().toLowerCase();
  if (search) where('instr(search, ?) > 0', search);
  const filter = query.filter ?? {};
  if (filter.state) where('state = ?', filter.state);
  if (filter.buckets) where(filter.buckets === 'none' ? 'bucket_count = 0' : 'bucket_count > 0');
  if (filter.system !== undefined) where('system = ?', filter.system ? 1 : 0);
  if (filter.minBytes !== undefined) where('current_bytes >= ?', BigInt(filter.minBytes));
  const condition = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const count = database.prepare(`SELECT count(*) AS total FROM user ${condition}`);
  const direction = query.sort?.descending ? 'DESC' : 'ASC';
  const order = `${sortColumns[query.sort?.by ?? 'email']} ${direction}, id ${direction}`;
  const page = database.prepare(
    `SELECT * FROM user WHERE id IN (SELECT id FROM user ${condition} ORDER BY ${order} LIMIT ? OFFSET ?)
     ORDER BY ${order}`,
  );
  page.setReadBigInts(true);
  return {
    total: Number(count.get(...values)?.total),
    rows: page.all(...values, query.limit, query.offset).map(toUserRow),
  };
}

/** A row of the table `user`, read with big integers, as it travels. */
export function toUserRow(row: Record<string, unknown>): UserRow {
  return {
    userId: String(row.user_id),
    email: String(row.email),
    state: row.state as UserRow['state'],
    flags: JSON.parse(String(row.flags)) as string[],
    ownerId: String(row.owner_id),
    bucketCount: Number(row.bucket_count),
    currentBytes: toWireInteger(row.current_bytes as bigint),
    peakBytes: toWireInteger(row.peak_bytes as bigint),
    firstSeen: new Date(Number(row.first_seen)).toISOString(),
  };
}
