import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { CallOutput, ParsedInput } from '#shared/contract/index.ts';
import { readIds } from '../orders/stored-orders.ts';
import type { BucketLists } from './bucket-lists.ts';
import type { ListQuestion } from './figure-conditions.ts';
import { gridFilters, readDefaults, rowsOf, toGridRow } from './limit-grid.ts';
import { usedShare } from './list-figures.ts';
import {
  addFacts,
  beginFacts,
  endFacts,
  type FactsName,
  type FactsPart,
  type FactsState,
  type PressureFacts,
} from './pressure-facts.ts';
import { LeastRecentlyUsed, walk } from './row-finder.ts';
import type { UserLists } from './user-lists.ts';

export type PressureQuery = Omit<ParsedInput<'pressure.list'>, 'connectionId'>;
type PressurePage = Pick<CallOutput<'pressure.list'>, 'total' | 'rows' | 'defaults'>;
type PressureRow = PressurePage['rows'][number];
type Kind = PressureQuery['of'];

/** Percent of a quota, days and hours from where on a row is a warning. */
export interface PressureBounds {
  quotaPercent: number;
  daysToFull: number;
  limitedHours: number;
}

/** Which board is asked for: of these facts, ranked by these bounds. */
export interface PressureBoard {
  of: Kind;
  stamp: string;
  bounds: PressureBounds;
}

/** An open raise: of whom, and until when in Unix milliseconds. Of two of one target the last counts. */
export type RaisedMark = [kind: Kind, id: string, until: number];

export interface PressureQuestion extends Omit<PressureBoard, 'of'> {
  query: PressureQuery;
  raised: readonly RaisedMark[];
  now: number;
}

/** Targets that were changed since, or `all` where rows may have come or gone. */
export type Touched = readonly { kind: Kind | 'default'; id: string }[] | 'all';

/** Users or buckets with all they are ranked by, in a temporary table, and orders of it. */
interface Board {
  /** Of which facts and bounds; empty where all has to be computed again. */
  key: string;
  table: string;
  /** Of each id, from 1, its place in the order of names; 0: it is gone. */
  places: Uint32Array;
  /** How many ids were looked at. */
  filled: number;
  /** Changed since they were read, to be read again. */
  touched: Set<string>;
  /** Ids of all rows. */
  orders: LeastRecentlyUsed<string, Uint32Array>;
}

/** Rows that are computed at a time: some hundredths of a second. */
const rowsAtOnce = 10_000;
const rememberedOrders = 4;
/** With more changes than that, all rows are computed again. */
const mostTouched = 5000;

const columns = {
  ...{ current_bytes: 'INTEGER', quota_set: 'INTEGER', quota_gb: 'INTEGER' },
  ...{ limits_set: 'INTEGER', applied: 'INTEGER', used: 'REAL', growth: 'REAL', days: 'REAL' },
  ...{ share: 'REAL', hours: 'INTEGER', level: 'INTEGER', risk: 'REAL' },
};
const names = Object.keys(columns);

const days = `CASE WHEN used >= 1 THEN 0.0
  WHEN applied > 0 AND growth > 0 THEN (applied * 1e9 - current_bytes) / growth END`;

/** 3: critical, 2: warning, 1: to watch, 0: none; null where nothing is known. Names are bound. */
const level = `CASE WHEN quota_set IS NULL AND limits_set IS NULL THEN NULL ELSE max(
  CASE WHEN used >= 1 OR days <= 3 THEN 3
    WHEN used >= 0.9 OR days <= :daysToFull THEN 2
    WHEN used * 100 >= :quotaPercent OR days <= 2 * :daysToFull THEN 1 ELSE 0 END,
  CASE WHEN hours >= :limitedHours OR share >= 0.9 THEN 2 WHEN share >= 0.75 THEN 1 ELSE 0 END) END`;

const tie = 'min(9.9, max(coalesce(used, 0), coalesce(share, 0), coalesce(1 / (1 + days), 0)))';

const levels = ['none', 'watch', 'warning', 'critical'] as const;

/**
 * Computes rows, in three steps: what is computed of another column would be computed again wherever
 * that is used. Names are bound.
 * @param from where rows are `listed`, and a `page` whose value is the row's `page_value`
 */
const computed = (of: Kind, from: string): string => `
  WITH known AS MATERIALIZED (
    SELECT page_value, row, current_bytes, quota_set, quota_gb, limits_set, applied,
      busy.share, busy.hours, CASE WHEN growth.id IS NOT NULL THEN growth.daily
        WHEN grid.first_seen <= :sampledAt THEN 0.0 END AS growth
    FROM (${rowsOf(of, from, 'page.value AS page_value,')}) AS grid
    LEFT JOIN temp.growth_${of} AS growth ON growth.id = grid.row
    LEFT JOIN temp.busy_${of} AS busy ON busy.id = grid.row),
  full AS MATERIALIZED (
    SELECT *, ${days} AS days FROM (
      SELECT *, ${usedShare('current_bytes', 'applied')} AS used FROM known)),
  ranked AS MATERIALIZED (SELECT *, ${level} AS level FROM full)
  SELECT *, level * 10 + ${tie} AS risk FROM ranked`;

/** Rows of consecutive ids, each with its place. */
const consecutive = (of: Kind): string =>
  `json_each(:places) AS page CROSS JOIN ${of} AS listed ON listed.id = :first + page.key`;

const ofIds = (of: Kind): string =>
  `json_each(:ids) AS page CROSS JOIN ${of} AS listed ON listed.id = page.value`;

/** Ids of what is raised, and until when, of the marks that are bound. */
const raisedRows = (of: Kind): string =>
  `SELECT listed.id AS id, mark.value ->> 2 AS value FROM json_each(?) AS mark
   CROSS JOIN ${of} AS listed ON listed.${key[of]} = mark.value ->> 1
   WHERE mark.value ->> 0 = '${of}'`;

const key = { user: 'user_id', bucket: 'name' } as const;

const sortColumns = {
  risk: 'risk',
  currentBytes: 'current_bytes',
  quota: 'applied',
  used: 'used',
  daysToFull: 'days',
  dailyBytes: 'growth',
  busiest: 'share',
  limitedHours: 'hours',
} as const;
type Sorted = keyof typeof sortColumns;

/** The pressure board of an open file: computed once, then read along orders that are kept. */
export class PressureBoards {
  readonly #database: DatabaseSync;
  readonly #lists: { user: UserLists; bucket: BucketLists };
  readonly #facts: Record<Kind, FactsState> = { user: {}, bucket: {} };
  readonly #boards = new Map<Kind, Board>();
  /** How often users were changed. */
  #userChanges = 0;
  #made = 0;

  constructor(database: DatabaseSync, lists: { user: UserLists; bucket: BucketLists }) {
    this.#database = database;
    this.#lists = lists;
  }

  beginFacts(facts: FactsName): null {
    return beginFacts(this.#database, this.#facts[facts.of], facts);
  }

  addFacts(facts: FactsPart): boolean {
    return addFacts(this.#database, this.#facts[facts.of], facts);
  }

  endFacts(facts: PressureFacts): boolean {
    return endFacts(this.#facts[facts.of], facts);
  }

  /** Notes what was changed: it is computed again when the board is asked for next. */
  note(touched: Touched): void {
    if (touched === 'all') {
      for (const board of this.#boards.values()) board.key = '';
      return;
    }
    for (const { kind, id } of touched) {
      if (kind === 'user') this.#userChanges += 1;
      const board = this.#boards.get(kind === 'default' ? (id as Kind) : kind);
      if (!board) continue;
      board.touched.add(id);
      if (kind === 'default' || board.touched.size > mostTouched) board.key = '';
    }
  }

  /** Computes some more rows. @returns how many are left, or null where the facts are not here */
  arrange(asked: PressureBoard): number | null {
    if (this.#facts[asked.of].facts?.stamp !== asked.stamp) return null;
    const board = this.#boardOf(asked) ?? this.#begin(asked);
    const places = board.places.subarray(board.filled, board.filled + rowsAtOnce);
    const bound = { first: board.filled + 1, places: JSON.stringify([...places]) };
    this.#database
      .prepare(
        `INSERT INTO temp.${board.table} (id, place, ${names.join(', ')})
         SELECT row, page_value, ${names.join(', ')}
         FROM (${computed(asked.of, consecutive(asked.of))})`,
      )
      .run({ ...this.#bound(asked), ...bound });
    board.filled += places.length;
    return board.places.length - board.filled;
  }

  /** One page; null where the board has to be arranged first. */
  page({ query, raised, now, ...asked }: PressureQuestion): PressurePage | null {
    const { of } = query;
    const board = this.#boardOf({ ...asked, of });
    if (!board || board.filled < board.places.length) return null;
    if (!this.#catchUp(of, board, asked.bounds)) return null;
    const marks = JSON.stringify(raised);
    const questions = questionsOf(board.table, query, marks, now);
    const matches = this.#lists[of].matching(query, questions);
    const order = this.#order(board, query, marks);
    const ids = walk(order, matches?.map ?? null, false, query.offset, query.limit);
    return {
      total: matches?.total ?? this.#lists[of].size,
      rows: this.#rows(of, board, ids, raised, now),
      defaults: readDefaults(this.#database),
    };
  }

  #boardOf({ of, stamp, bounds }: PressureBoard): Board | null {
    const board = this.#boards.get(of);
    return board?.key === keyOf(stamp, bounds) ? board : null;
  }

  #begin({ of, stamp, bounds }: PressureBoard): Board {
    const before = this.#boards.get(of);
    if (before) this.#database.exec(`DROP TABLE temp.${before.table}`);
    this.#made += 1;
    // its own name: what was found in the table before is remembered by its name
    const table = `board_${of}_${this.#made}`;
    const typed = Object.entries(columns).map(([name, type]) => `${name} ${type}`);
    this.#database.exec(
      `CREATE TEMP TABLE ${table} (id INTEGER PRIMARY KEY, place INTEGER, ${typed.join(', ')})`,
    );
    const board: Board = {
      ...{ key: keyOf(stamp, bounds), table, filled: 0, touched: new Set() },
      places: placesOf(this.#lists[of].byName()),
      orders: new LeastRecentlyUsed(rememberedOrders),
    };
    this.#boards.set(of, board);
    return board;
  }

  /** Computes again what was changed. @returns false where there are rows that the board has not */
  #catchUp(of: Kind, board: Board, bounds: PressureBounds): boolean {
    if (board.touched.size === 0) return true;
    const ids: number[] = [];
    readIds(
      this.#database,
      `SELECT id FROM ${of} WHERE ${key[of]} IN (SELECT value FROM json_each(?))`,
      [JSON.stringify([...board.touched])],
      (id) => ids.push(id),
    );
    const { changes } = this.#database
      .prepare(
        `UPDATE temp.${board.table} AS kept SET ${names.map((name) => `${name} = now.${name}`).join(', ')}
         FROM (${computed(of, ofIds(of))}) AS now WHERE now.row = kept.id`,
      )
      .run({ ...this.#bound({ of, bounds }), ids: JSON.stringify(ids) });
    board.touched.clear();
    board.orders = new LeastRecentlyUsed(rememberedOrders);
    if (Number(changes) < ids.length) board.key = '';
    return board.key !== '';
  }

  #bound({ of, bounds }: Pick<PressureBoard, 'of' | 'bounds'>) {
    return { ...bounds, sampledAt: this.#facts[of].facts?.sampledAt ?? null };
  }

  /** The ids of all rows in the order that is asked for. */
  #order({ table, orders }: Board, { of, sort }: PressureQuery, marks: string): Uint32Array {
    const by = sort?.by ?? 'risk';
    const direction = (sort?.descending ?? sort === undefined) ? 'DESC' : 'ASC';
    const joins = {
      raised: `LEFT JOIN (${raisedRows(of)}) AS ordered USING (id)`,
      state: `JOIN (SELECT row AS id, state AS value FROM (${rowsOf(of)})) AS ordered USING (id)`,
    };
    const joined = by === 'raised' || by === 'state' ? joins[by] : '';
    const column =
      by === 'name' ? 'place' : by in sortColumns ? sortColumns[by as Sorted] : 'value';
    const sql = `SELECT id FROM temp.${table} ${joined}
      ORDER BY ${column} ${direction} NULLS LAST, place`;
    const values = by === 'raised' ? [marks] : [];
    // a bucket's state is its owner's: no row of the board changes with it
    const asOf = by === 'state' ? this.#userChanges : 0;
    return orders.get(JSON.stringify([sql, asOf, ...values]), () => {
      const ids: number[] = [];
      readIds(this.#database, sql, values, (id) => ids.push(id));
      return Uint32Array.from(ids);
    });
  }

  #rows(
    of: Kind,
    { table }: Board,
    ids: readonly number[],
    raised: readonly RaisedMark[],
    now: number,
  ): PressureRow[] {
    const from = `json_each(:ids) AS page CROSS JOIN temp.${table} AS board ON board.id = page.value
      CROSS JOIN ${of} AS listed ON listed.id = board.id`;
    const also = 'page.key AS page_key, board.growth, board.days, board.level,';
    const select = this.#database.prepare(
      `SELECT grid.*, resource, rate, rate_limit, share, busy_at, hours
       FROM (${rowsOf(of, from, also)}) AS grid
       LEFT JOIN temp.busy_${of} AS busy ON busy.id = grid.row
       ORDER BY page_key`,
    );
    select.setReadBigInts(true);
    const until = new Map(raised.map(([kind, id, at]) => [`${kind} ${id}`, at]));
    return select
      .all({ ids: JSON.stringify(ids) })
      .map((row) => toRow(of, row, until.get(`${of} ${row.id}`) ?? null, now));
  }
}

const keyOf = (stamp: string, bounds: PressureBounds): string => JSON.stringify([stamp, bounds]);

function placesOf(ids: Uint32Array): Uint32Array {
  const places = new Uint32Array(ids.reduce((last, id) => Math.max(last, id), 0));
  ids.forEach((id, index) => {
    places[id - 1] = index + 1;
  });
  return places;
}

/** Filters, as questions for ids; search and `only` are asked of the lists. */
function questionsOf(
  table: string,
  query: PressureQuery,
  marks: string,
  now: number,
): ListQuestion[] {
  const questions: ListQuestion[] = [];
  const { state, ...filter } = query.filter ?? {};
  const { conditions, values } = gridFilters({ of: query.of, filter });
  const where = (sql: string, ...bound: SQLInputValue[]): void => {
    conditions.push(sql);
    values.push(...bound);
  };
  const { risk, withinDays, minLimitShare, raised } = filter;
  if (risk === 'unknown') where('level IS NULL');
  else if (risk) where('level = ?', levels.indexOf(risk));
  if (withinDays !== undefined) where('days <= ?', withinDays);
  if (minLimitShare !== undefined) where('share >= ?', minLimitShare);
  if (conditions.length > 0) {
    questions.push({
      sql: `SELECT id FROM temp.${table} WHERE ${conditions.join(' AND ')}`,
      values,
    });
  }
  if (state) {
    const sql = `SELECT row AS id FROM (${rowsOf(query.of)}) WHERE state = ?`;
    questions.push({ sql, values: [state] });
  }
  if (raised) {
    const sql = `SELECT id FROM (${raisedRows(query.of)}) WHERE value ${raised === 'overdue' ? '<=' : '>'} ?`;
    questions.push({ sql, values: [marks, now] });
  }
  return questions;
}

const iso = (value: unknown): string => new Date(Number(value)).toISOString();
const real = (value: unknown): number | null => (value === null ? null : Number(value));

function toRow(
  of: Kind,
  row: Record<string, unknown>,
  raised: number | null,
  now: number,
): PressureRow {
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
    raised: raised === null ? null : { until: iso(raised), overdue: raised <= now },
  };
}
