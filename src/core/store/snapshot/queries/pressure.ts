import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { gridConditions, gridRows, readDefaults, toGridRow } from './limit-grid.ts';

export type PressureQuery = Omit<ParsedInput<'pressure.list'>, 'connectionId'>;
type PressurePage = Pick<CallOutput<'pressure.list'>, 'total' | 'rows' | 'defaults'>;
type PressureRow = PressurePage['rows'][number];

/** What the archive tells of users and buckets, and by which bounds rows are ranked. */
export interface PressureFacts {
  /** Names these facts: a query of others is not answered. */
  stamp: string;
  /** The last sample: who was there and has no fact does not grow. Null: too few samples of anybody. */
  sampledAt: number | null;
  /** Percent of a quota, days and hours from where on a row is a warning. */
  quotaPercent: number;
  daysToFull: number;
  limitedHours: number;
}

/** What an open file has in its temporary table. A file that took its place has nothing. */
export interface PressureState {
  /** The facts that are being handed over. */
  filling?: string;
  facts?: PressureFacts;
}

const columns = [
  ...['daily', 'resource', 'rate', 'rate_limit', 'share', 'busy_at', 'hours', 'raised', 'young'],
];

const emptyTable = `
  CREATE TEMP TABLE IF NOT EXISTS pressure_fact (kind TEXT NOT NULL, id TEXT NOT NULL, daily REAL,
    resource TEXT, rate REAL, rate_limit REAL, share REAL, busy_at INTEGER, hours INTEGER,
    raised INTEGER, young INTEGER, PRIMARY KEY (kind, id)) WITHOUT ROWID;
  DELETE FROM temp.pressure_fact`;

const addFacts = `
  INSERT INTO temp.pressure_fact
  SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
    value ->> 7, value ->> 8, value ->> 9, value ->> 10 FROM json_each(?) WHERE true
  ON CONFLICT (kind, id) DO UPDATE SET ${columns
    .map((name) => `${name} = coalesce(excluded.${name}, ${name})`)
    .join(', ')}`;

/** Forgets the facts before; those of `stamp` follow by {@link addPressure}. */
export function beginPressure(database: DatabaseSync, state: PressureState, stamp: string): null {
  delete state.facts;
  database.exec(emptyTable);
  state.filling = stamp;
  return null;
}

/**
 * Takes a part of the facts.
 * @param rows `[kind, id, daily, resource, rate, limit, share, at, hours, raisedUntil, young]` each, as JSON
 * @returns false where another file took the place of the one they were begun with
 */
export function addPressure(
  database: DatabaseSync,
  { filling }: PressureState,
  { stamp, rows }: { stamp: string; rows: string },
): boolean {
  if (filling !== stamp) return false;
  database.prepare(addFacts).run(rows);
  return true;
}

/** The facts are whole: queries of them are answered from now on. Returns as {@link addPressure}. */
export function endPressure(state: PressureState, facts: PressureFacts): boolean {
  if (state.filling !== facts.stamp) return false;
  state.facts = facts;
  return true;
}

const rates = (of: string): string => `iif(${of} > 0, ${of}, ops_default)`;

/** Users and buckets with rate limits, as JSON: `[kind, id, get, put, list, other, out]` each. */
export function limitedTargets(database: DatabaseSync): string {
  const row = database
    .prepare(
      `SELECT json_group_array(json_array(kind, id, ${rates('ops_get')}, ${rates('ops_put')},
         ${rates('ops_list')}, ops_default, bandwidth_out)) AS rows FROM target
       WHERE kind <> 'default' AND limits_set = 1
         AND max(ops_default, ops_get, ops_put, ops_list, bandwidth_out) > 0`,
    )
    .get();
  return String(row?.rows ?? '[]');
}

const days = `CASE WHEN used >= 1 THEN 0.0
  WHEN applied > 0 AND growth > 0 THEN (applied * 1e9 - current_bytes) / growth END`;

/** 3: critical, 2: warning, 1: to watch, 0: none; null where nothing is known. Names are bound. */
const level = `CASE WHEN quota_as_of IS NULL AND limits_as_of IS NULL THEN NULL ELSE max(
  CASE WHEN used >= 1 OR days <= 3 THEN 3
    WHEN used >= 0.9 OR days <= :daysToFull THEN 2
    WHEN used * 100 >= :quotaPercent OR days <= 2 * :daysToFull THEN 1 ELSE 0 END,
  CASE WHEN hours >= :limitedHours OR share >= 0.9 THEN 2 WHEN share >= 0.75 THEN 1 ELSE 0 END) END`;

const tie = 'min(9.9, max(coalesce(used, 0), coalesce(share, 0), coalesce(1 / (1 + days), 0)))';

const levels = ['none', 'watch', 'warning', 'critical'] as const;

const sortColumns = {
  risk: 'risk',
  name: 'place',
  state: 'state',
  currentBytes: 'current_bytes',
  quota: 'applied',
  used: 'used',
  daysToFull: 'days',
  dailyBytes: 'growth',
  busiest: 'share',
  limitedHours: 'hours',
  raised: 'raised',
} as const;

const board = (of: 'user' | 'bucket', sampledAt: number | null): string =>
  `SELECT *, level * 10 + ${tie} AS risk FROM (SELECT *, ${level} AS level FROM (
     SELECT *, ${days} AS days FROM (
       SELECT grid.*, ${columns.map((name) => `fact.${name}`).join(', ')},
         CASE WHEN fact.daily IS NOT NULL THEN fact.daily WHEN fact.young = 1 THEN NULL
           WHEN grid.first_seen <= ${sampledAt ?? 'NULL'} THEN 0.0 END AS growth
       FROM (${gridRows(of).replaceAll('?', ':of')}) AS grid
       LEFT JOIN temp.pressure_fact AS fact ON fact.kind = '${of}' AND fact.id = grid.id)))`;

/** One page of the board; null where the facts of that stamp are not here. */
export function listPressure(
  database: DatabaseSync,
  { facts }: PressureState,
  { stamp, query, now }: { stamp: string; query: PressureQuery; now: number },
): PressurePage | null {
  if (facts?.stamp !== stamp) return null;
  const { conditions, values } = conditionsOf(query, now);
  const { quotaPercent, daysToFull, limitedHours } = facts;
  const named = { of: query.of, quotaPercent, daysToFull, limitedHours };
  const matching = `FROM (${board(query.of, facts.sampledAt)}) WHERE ${conditions.join(' AND ')}`;
  const by = query.sort?.by ?? 'risk';
  const direction = (query.sort?.descending ?? query.sort === undefined) ? 'DESC' : 'ASC';
  const first = by === 'name' ? '' : `${sortColumns[by]} ${direction} NULLS LAST, `;
  const order = `${first}place ${by === 'name' ? direction : 'ASC'}`;
  const count = database.prepare(`SELECT count(*) AS total ${matching}`).get(named, ...values);
  const page = database.prepare(`SELECT * ${matching} ORDER BY ${order} LIMIT ? OFFSET ?`);
  page.setReadBigInts(true);
  return {
    total: Number(count?.total),
    rows: page
      .all(named, ...values, query.limit, query.offset)
      .map((row) => toRow(query.of, row, now)),
    defaults: readDefaults(database),
  };
}

function conditionsOf(query: PressureQuery, now: number) {
  const { conditions, values } = gridConditions(query);
  const where = (sql: string, ...bound: SQLInputValue[]): void => {
    conditions.push(sql);
    values.push(...bound);
  };
  const { risk, withinDays, minLimitShare, raised } = query.filter ?? {};
  if (risk === 'unknown') where('level IS NULL');
  else if (risk) where('level = ?', levels.indexOf(risk));
  if (withinDays !== undefined) where('days <= ?', withinDays);
  if (minLimitShare !== undefined) where('share >= ?', minLimitShare);
  if (raised) where(raised === 'overdue' ? 'raised <= ?' : 'raised > ?', now);
  return { conditions, values };
}

const iso = (value: unknown): string => new Date(Number(value)).toISOString();
const real = (value: unknown): number | null => (value === null ? null : Number(value));

function toRow(of: 'user' | 'bucket', row: Record<string, unknown>, now: number): PressureRow {
  return {
    ...toGridRow(of, row),
    risk: row.level === null ? 'unknown' : (levels[Number(row.level)] ?? 'none'),
    dailyBytes: real(row.growth),
    daysToFull: real(row.days),
    busiest:
      row.share === null
        ? null
        : {
            resource: row.resource as NonNullable<PressureRow['busiest']>['resource'],
            rate: Number(row.rate),
            limit: Number(row.rate_limit),
            share: Number(row.share),
            at: iso(row.busy_at),
          },
    limitedHours: Number(row.hours ?? 0),
    raised:
      row.raised === null ? null : { until: iso(row.raised), overdue: Number(row.raised) <= now },
  };
}
