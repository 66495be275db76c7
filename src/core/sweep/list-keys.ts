import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';

/** What the fleet's keys are asked for. */
export type KeyQuery = Omit<ParsedInput<'keys.list'>, 'connectionId'>;
type KeyPage = Pick<CallOutput<'keys.list'>, 'total' | 'rows'>;
type KeyRow = KeyPage['rows'][number];

const sortColumns = {
  accessKeyId: 'access_key_id',
  ownerEmail: 'owner_email',
  ownerState: 'owner_state',
  accountName: 'account_name',
  firstSeen: 'first_seen',
  asOf: 'as_of',
} as const;

const dayMs = 86_400_000;

// A key seen on the page of its user before the sweep came by keeps that earlier sight.
const keyRows = `
  SELECT held.access_key_id, held.user_id, held.account_name,
    min(held.first_seen, coalesce(earlier.first_seen, held.first_seen)) AS first_seen,
    owner.email AS owner_email, coalesce(owner.state, 'unknown') AS owner_state,
    target.keys_as_of AS as_of,
    count(*) OVER (PARTITION BY held.user_id, held.account_name) AS pairs
  FROM access_key AS held
  JOIN target ON target.kind = 'user' AND target.id = held.user_id
  LEFT JOIN seen.user AS owner ON owner.user_id = held.user_id
  LEFT JOIN seen.access_key AS earlier ON earlier.user_id = held.user_id
    AND earlier.account_name = held.account_name AND earlier.access_key_id = held.access_key_id`;

/** One page of the fleet's keys, and how many match. The snapshot is attached as `seen`. */
export function listKeys(database: DatabaseSync, query: KeyQuery, now = Date.now()): KeyPage {
  const conditions = ['true'];
  const values: SQLInputValue[] = [];
  const where = (sql: string, ...bound: SQLInputValue[]): void => {
    conditions.push(sql);
    values.push(...bound);
  };
  const words = query.search?.trim().toLowerCase();
  if (words) {
    where(
      `instr(lower(access_key_id || char(10) || coalesce(owner_email, '') || char(10) || user_id
        || char(10) || account_name), ?) > 0`,
      words,
    );
  }
  const filter = query.filter ?? {};
  if (query.ownerId !== undefined) where('user_id = ?', query.ownerId);
  if (filter.bothSlots !== undefined) where(filter.bothSlots ? 'pairs >= 2' : 'pairs < 2');
  if (filter.ownerState) where('owner_state = ?', filter.ownerState);
  if (filter.holder) where(filter.holder === 'user' ? "account_name = ''" : "account_name <> ''");
  if (filter.olderThanDays !== undefined) {
    where('first_seen < ?', now - filter.olderThanDays * dayMs);
  }
  const direction = query.sort?.descending ? 'DESC' : 'ASC';
  const order = `${sortColumns[query.sort?.by ?? 'ownerEmail']} ${direction}, user_id ${direction},
    account_name ${direction}, access_key_id ${direction}`;
  const matching = `FROM (${keyRows}) WHERE ${conditions.join(' AND ')}`;
  const count = database.prepare(`SELECT count(*) AS total ${matching}`).get(...values);
  const rows = database
    .prepare(`SELECT * ${matching} ORDER BY ${order} LIMIT ? OFFSET ?`)
    .all(...values, query.limit, query.offset);
  return { total: Number(count?.total), rows: rows.map(toKeyRow) };
}

function toKeyRow(row: Record<string, unknown>): KeyRow {
  const accountName = String(row.account_name);
  return {
    accessKeyId: String(row.access_key_id),
    ownerId: String(row.user_id),
    ownerEmail: row.owner_email === null ? null : String(row.owner_email),
    ownerState: row.owner_state as KeyRow['ownerState'],
    accountName: accountName === '' ? null : accountName,
    pairs: Number(row.pairs),
    firstSeen: new Date(Number(row.first_seen)).toISOString(),
    asOf: new Date(Number(row.as_of)).toISOString(),
  };
}
