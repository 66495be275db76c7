import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { day } from '#shared/durations.ts';
import { searchedText } from '#shared/plain-text.ts';
import { comparableSql } from '../../sqlite/database.ts';

export type KeyQuery = Omit<ParsedInput<'keys.list'>, 'connectionId'>;
type KeyPage = Pick<CallOutput<'keys.list'>, 'total' | 'rows'>;
type KeyRow = KeyPage['rows'][number];

const pairs = `(SELECT count(*) FROM access_key AS other
  WHERE other.user_id = held.user_id AND other.account_name = held.account_name)`;
const readAt = '(SELECT keys_as_of FROM user_detail WHERE user_id = held.user_id)';

// most keys are the user's own: nothing is to be worked out for those
const account = `CASE held.account_name WHEN '' THEN '' ELSE collation_key(held.account_name) END`;

const sortColumns = {
  accessKeyId: 'held.access_key_id',
  ownerEmail: 'owner.sort_key',
  ownerState: 'owner.state',
  accountName: account,
  firstSeen: 'held.first_seen',
  asOf: readAt,
} as const;

// Keys of users that are gone by the last refresh are gone with them.
const joined = `user AS owner CROSS JOIN access_key AS held ON held.user_id = owner.user_id`;

export function listKeys(database: DatabaseSync, query: KeyQuery): KeyPage {
  const { condition, values } = conditionsOf(query, Date.now());
  const direction = query.sort?.descending ? 'DESC' : 'ASC';
  const by = query.sort?.by ?? 'ownerEmail';
  // along the index of owners; where another column decides, what is equal only has to stay in place
  const within = by === 'ownerEmail' ? account : 'held.account_name';
  const order = [sortColumns[by], 'owner.id', within, 'held.access_key_id']
    .map((column) => `${column} ${direction}`)
    .join(', ');
  const count = database.prepare(`SELECT count(*) AS total FROM ${joined} WHERE ${condition}`);
  const page = database.prepare(keyRows(condition, order));
  return {
    total: Number(count.get(...values)?.total),
    rows: page.all(...values, query.limit, query.offset).map(toKeyRow),
  };
}

/** Returns what finds the first keys of a user, all or those of one id, as they are listed. */
export function keyFinder(database: DatabaseSync) {
  const order = `${account}, held.access_key_id`;
  const all = database.prepare(keyRows('owner.user_id = ?', order));
  const one = database.prepare(keyRows('owner.user_id = ? AND held.access_key_id = ?', order));
  return (ownerId: string, limit: number, only?: string): KeyRow[] =>
    (only === undefined ? all.all(ownerId, limit, 0) : one.all(ownerId, only, limit, 0)).map(
      toKeyRow,
    );
}

/** First the page, whose limit and offset are the last two values, then what only its rows need. */
function keyRows(condition: string, order: string): string {
  return `SELECT held.access_key_id, held.user_id, held.account_name, owner.email AS owner_email,
      owner.state AS owner_state, held.first_seen, ${pairs} AS pairs,
      ${readAt} AS as_of
    FROM (SELECT held.user_id, held.account_name, held.access_key_id
      FROM ${joined} WHERE ${condition} ORDER BY ${order} LIMIT ? OFFSET ?) AS page
    CROSS JOIN access_key AS held ON held.user_id = page.user_id
      AND held.account_name = page.account_name AND held.access_key_id = page.access_key_id
    CROSS JOIN user AS owner ON owner.user_id = held.user_id
    ORDER BY ${order}`;
}

function conditionsOf(
  { search, ownerId, filter = {}, only }: KeyQuery,
  now: number,
): { condition: string; values: SQLInputValue[] } {
  const conditions = ['true'];
  const values: SQLInputValue[] = [];
  const where = (sql: string, ...bound: SQLInputValue[]): void => {
    conditions.push(sql);
    values.push(...bound);
  };
  const words = searchedText(search);
  if (words) {
    where(
      `(instr(owner.search, ?) > 0 OR instr(lower(held.access_key_id), ?) > 0
        OR instr(${comparableSql('held.account_name')}, ?) > 0)`,
      words,
      words,
      words,
    );
  }
  if (only !== undefined) where('held.access_key_id = ?', only);
  if (ownerId !== undefined) where('owner.user_id = ?', ownerId);
  if (filter.bothSlots !== undefined) where(`${pairs} ${filter.bothSlots ? '>=' : '<'} 2`);
  if (filter.owner !== undefined) {
    const owner = searchedText(filter.owner);
    // a text of which nothing is left must not widen the list
    where(owner === '' ? 'false' : 'instr(owner.search, ?) > 0', ...(owner === '' ? [] : [owner]));
  }
  if (filter.ownerState) where('owner.state = ?', filter.ownerState);
  if (filter.holder) {
    where(filter.holder === 'user' ? "held.account_name = ''" : "held.account_name <> ''");
  }
  if (filter.olderThanDays !== undefined) {
    where('held.first_seen < ?', now - filter.olderThanDays * day);
  }
  return { condition: conditions.join(' AND '), values };
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
