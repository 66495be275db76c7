import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { searchedText } from '#shared/plain-text.ts';
import { toWireInteger } from '#shared/units.ts';
import type { UsageCounters } from '../../../gateway/usage-object.ts';
import { comparableSql } from '../../sqlite/database.ts';
import type { TargetName } from '../writes/save-values.ts';
import type { BucketLists } from './bucket-lists.ts';
import { appliedQuota, usedShare } from './list-figures.ts';
import { walk } from './row-finder.ts';
import type { UserLists } from './user-lists.ts';

export type GridQuery = Omit<ParsedInput<'limits.grid'>, 'connectionId'>;
type GridPage = Pick<CallOutput<'limits.grid'>, 'total' | 'rows' | 'defaults'>;
type GridRow = GridPage['rows'][number];
type DefaultQuota = GridPage['defaults']['user'];

// Users are in the order of their e-mails and buckets have an index, so that the default order needs
// no sorting.
const sortColumns = {
  name: 'place',
  state: 'state',
  currentBytes: 'current_bytes',
  quota: 'quota_gb',
  used: 'used',
  opsDefault: 'ops_default',
  opsGet: 'ops_get',
  opsPut: 'ops_put',
  opsList: 'ops_list',
  opsDelete: 'ops_delete',
  bandwidthOut: 'bandwidth_out',
  asOf: 'as_of',
} as const;

const targetColumns = `target.limits_as_of, target.limits_set, target.ops_default, target.ops_get,
  target.ops_put, target.ops_list, target.ops_delete, target.bandwidth_out, target.quota_as_of,
  target.quota_set, target.quota_gb, min(target.limits_as_of, target.quota_as_of) AS as_of`;

/** @param more further columns, with a comma behind them */
const sources = {
  user: (
    from: string,
    more: string,
  ) => `SELECT ${more} listed.id AS row, listed.id AS place, listed.user_id AS id, listed.email AS name, listed.search AS search, listed.state,
      listed.first_seen AS first_seen,
      iif(listed.current_bytes < 0, NULL, listed.current_bytes) AS current_bytes, ${targetColumns}
    FROM ${from}
    LEFT JOIN target ON target.kind = 'user' AND target.id = listed.user_id`,
  bucket: (
    from: string,
    more: string,
  ) => `SELECT ${more} listed.id AS row, listed.name AS place, listed.name AS id, listed.name AS name, ${comparableSql('listed.name')} AS search,
      coalesce(owner.state, 'unknown') AS state, listed.first_seen AS first_seen,
      iif(listed.current_bytes < 0, NULL, listed.current_bytes) AS current_bytes, ${targetColumns}
    FROM ${from}
    LEFT JOIN user AS owner ON owner.id = listed.owner
    LEFT JOIN target ON target.kind = 'bucket' AND target.id = listed.name`,
};

const theDefault = `(SELECT quota_gb FROM target
  WHERE kind = 'default' AND id = ? AND quota_set = 1)`;
/**
 * Returns the SQL of users or buckets with what limits them; `?` is bound to `of`.
 * @param from where they are `listed`
 */
const gridRows = (of: 'user' | 'bucket', from = `${of} AS listed`, more = ''): string =>
  `SELECT *, ${usedShare('current_bytes', 'applied')} AS used FROM (SELECT own.*,
     nullif(${appliedQuota('own', '?')}, 0) AS applied FROM (${sources[of](from, more)}) AS own)`;

const quotaConditions = {
  own: 'quota_set = 1 AND quota_gb > 0',
  unlimited: 'quota_set = 1 AND quota_gb = 0',
  differs: `quota_set = 1 AND quota_gb IS NOT ${theDefault}`,
  notSet: 'quota_set = 0',
  unknown: 'quota_set IS NULL',
} as const;

const limitConditions = {
  own: 'limits_set = 1',
  notSet: 'limits_set = 0',
  unknown: 'limits_set IS NULL',
} as const;

/** The filters, as conditions on rows of {@link gridRows}. */
export function gridFilters({ of, filter = {} }: Pick<GridQuery, 'of' | 'filter'>) {
  const conditions: string[] = [];
  const values: SQLInputValue[] = [];
  const where = (sql: string, ...bound: SQLInputValue[]): void => {
    conditions.push(sql);
    values.push(...bound);
  };
  if (filter.quota) {
    where(quotaConditions[filter.quota], ...(filter.quota === 'differs' ? [of] : []));
  }
  if (filter.limits) where(limitConditions[filter.limits]);
  if (filter.state) where('state = ?', filter.state);
  if (filter.minUsedFraction !== undefined) where('used >= ?', filter.minUsedFraction);
  return { conditions, values };
}

function gridConditions(query: GridQuery) {
  const { conditions, values } = gridFilters(query);
  const words = searchedText(query.search);
  if (words) {
    conditions.push('instr(search, ?) > 0');
    values.push(words);
  }
  if (query.only !== undefined) {
    conditions.push('id = ?');
    values.push(query.only);
  }
  return { conditions: ['true', ...conditions], values };
}

/** The same with the default's name in place. */
export const rowsOf = (of: GridQuery['of'], from?: string, more?: string): string =>
  gridRows(of, from, more).replaceAll('?', `'${of}'`);

type Lists = { user: UserLists; bucket: BucketLists };

export function listGrid(database: DatabaseSync, lists: Lists, query: GridQuery): GridPage {
  const sorted = query.sort && query.sort.by !== 'name';
  const page = sorted ? sortedPage(database, query) : namedPage(database, lists[query.of], query);
  return { ...page, defaults: readDefaults(database) };
}

/** A page along the order of names that the lists keep. */
function namedPage(database: DatabaseSync, list: Lists[GridQuery['of']], query: GridQuery) {
  const { of, offset, limit } = query;
  const { conditions, values } = gridFilters(query);
  const order = list.byName();
  // the order of buckets has some that are gone
  if (order.length > list.size && conditions.length === 0) conditions.push('true');
  const sql = `SELECT row AS id FROM (${rowsOf(of)}) WHERE ${conditions.join(' AND ')}`;
  const matches = list.matching(query, conditions.length === 0 ? [] : [{ sql, values }]);
  const descending = query.sort?.descending ?? false;
  const ids = walk(order, matches?.map ?? null, descending, offset, limit);
  const from = `json_each(:ids) AS page CROSS JOIN ${of} AS listed ON listed.id = page.value`;
  const rows = database.prepare(
    `SELECT * FROM (${rowsOf(of, from, 'page.key AS page_key,')}) ORDER BY page_key`,
  );
  rows.setReadBigInts(true);
  return {
    total: matches?.total ?? list.size,
    rows: rows.all({ ids: JSON.stringify(ids) }).map((row) => toGridRow(of, row)),
  };
}

function sortedPage(database: DatabaseSync, query: GridQuery) {
  const narrowed = gridConditions(query);
  const values: SQLInputValue[] = [query.of, ...narrowed.values];
  const direction = query.sort?.descending ? 'DESC' : 'ASC';
  const column = sortColumns[query.sort?.by ?? 'name'];
  const order = `${column} ${direction} NULLS LAST, place ${direction}`;
  const matching = `FROM (${gridRows(query.of)}) WHERE ${narrowed.conditions.join(' AND ')}`;
  const count = database.prepare(`SELECT count(*) AS total ${matching}`).get(...values);
  const page = database.prepare(`SELECT * ${matching} ORDER BY ${order} LIMIT ? OFFSET ?`);
  page.setReadBigInts(true);
  return {
    total: Number(count?.total),
    rows: page.all(...values, query.limit, query.offset).map((row) => toGridRow(query.of, row)),
  };
}

export function readDefaults(database: DatabaseSync): GridPage['defaults'] {
  const read = database.prepare("SELECT * FROM target WHERE kind = 'default' AND id = ?");
  read.setReadBigInts(true);
  const one = (id: 'user' | 'bucket'): DefaultQuota => {
    const row = read.get(id);
    return row ? quotaOf(row) : null;
  };
  return { user: one('user'), bucket: one('bucket') };
}

const time = (value: unknown): string => new Date(Number(value)).toISOString();

export function readValues(
  database: DatabaseSync,
  { kind, id }: TargetName,
): Pick<GridRow, 'limits' | 'quota'> {
  const read = database.prepare('SELECT * FROM target WHERE kind = ? AND id = ?');
  read.setReadBigInts(true);
  const row = read.get(kind, id);
  return { limits: row ? limitsOf(row) : null, quota: row ? quotaOf(row) : null };
}

/** The quota of a row of `target`, read with big integers; null while it was never read. */
function quotaOf(row: Record<string, unknown>): GridRow['quota'] {
  if (row.quota_as_of === null) return null;
  return {
    set: Number(row.quota_set) === 1,
    sizeGb: row.quota_gb === null ? null : toWireInteger(row.quota_gb as bigint),
    asOf: time(row.quota_as_of),
  };
}

/** The limits of a row of `target`; null while they were never read. */
function limitsOf(row: Record<string, unknown>): GridRow['limits'] {
  if (row.limits_as_of === null) return null;
  const set = Number(row.limits_set) === 1;
  const asOf = time(row.limits_as_of);
  if (!set) return { set, limits: {}, asOf };
  const limits = {
    opsDefault: Number(row.ops_default),
    opsGet: Number(row.ops_get),
    opsPut: Number(row.ops_put),
    opsList: Number(row.ops_list),
    opsDelete: Number(row.ops_delete),
    bandwidthOut: Number(row.bandwidth_out),
  };
  return { set, limits, asOf };
}

export function toGridRow(kind: 'user' | 'bucket', row: Record<string, unknown>): GridRow {
  return {
    kind,
    id: String(row.id),
    name: String(row.name),
    state: row.state as GridRow['state'],
    currentBytes: toWireInteger(row.current_bytes as bigint | null),
    quota: quotaOf(row),
    appliedGb: row.applied === null ? null : toWireInteger(row.applied as bigint),
    usedFraction: row.used === null ? null : Number(row.used),
    limits: limitsOf(row),
  };
}

/** What one user can do at most, as last read; a figure without a limit is left out. */
export interface UserBounds {
  /** Bytes or operations. */
  perSecond: Partial<Record<keyof UsageCounters, bigint>>;
  /** Bytes. */
  quota: bigint | null;
}

export function readUserBounds(database: DatabaseSync): Map<string, UserBounds> {
  const rows = database
    .prepare("SELECT * FROM target WHERE kind = 'user' AND (limits_set = 1 OR quota_set = 1)")
    .all();
  return new Map(rows.map((row) => [String(row.id), boundsOf(row)]));
}

function boundsOf(row: Record<string, unknown>): UserBounds {
  const rate = (value: unknown): number => (row.limits_set === 1 ? Number(value ?? 0) : 0);
  const operations = (own: unknown): number => rate(own) || rate(row.ops_default);
  const rates = {
    downloaded: 1024 * rate(row.bandwidth_out),
    put: operations(row.ops_put),
    get: operations(row.ops_get),
    list: operations(row.ops_list),
  };
  const set = Object.entries(rates).filter(([, value]) => value > 0);
  const quota = row.quota_set === 1 && Number(row.quota_gb) > 0 ? Number(row.quota_gb) : null;
  return {
    perSecond: Object.fromEntries(set.map(([name, value]) => [name, BigInt(Math.ceil(value))])),
    quota: quota === null ? null : BigInt(quota) * 1024n ** 3n,
  };
}
