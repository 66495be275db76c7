import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { FigureOrders } from '../orders/figure-orders.ts';
import { readIds } from '../orders/stored-orders.ts';
import {
  both,
  LeastRecentlyUsed,
  type MapCondition,
  type Matches,
  type MatchMap,
  MatchMaps,
  walk,
} from './match-maps.ts';

export interface Condition extends MapCondition {
  /** The same as a condition of SQL, where it is one. */
  sql?: SqlCondition;
}

interface SqlCondition {
  /** Begins with the column's name. */
  where: string;
  values: SQLInputValue[];
}

interface PageRequest {
  conditions: readonly Condition[];
  /**
   * The column to sort by, rows of equal value in the order of their ids; or a question for a figure that
   * is not in the table, which yields `id` and `value`: rows without it come last.
   */
  column: string | { figure: string };
  descending: boolean;
  offset: number;
  limit: number;
}

type ByColumn = PageRequest & { column: string };

const rememberedCounts = 64;
/** Looking a row up by its id and sorting it costs about as much as so many steps along an index. */
const stepsPerLookup = 12;
/** So many rows are looked at one by one before a match map is made instead. */
const mostLookups = 20_000;

/**
 * Finds pages of a table whose ids are 1, 2, 3 … but for a few that were removed. The order
 * comes from the index of the sorted column; what does not match is passed over while walking along
 * it, by the match map that is bound to the statement. Few matches are looked up and sorted instead.
 */
export class PageFinder {
  readonly #database: DatabaseSync;
  readonly #table: string;
  /** Whether rows were changed since the following was found. */
  #stale = true;
  #lastId = 0;
  #size = 0;
  /** Which ids there are, where some are missing. */
  #present: MatchMap | null = null;
  readonly #maps = new MatchMaps();
  #counts = new LeastRecentlyUsed<string, number>(rememberedCounts);
  readonly #orders: FigureOrders;

  constructor(database: DatabaseSync, table: string) {
    this.#database = database;
    this.#orders = new FigureOrders(database);
    this.#table = table;
  }

  /** The highest id: as many entries a match map has. */
  get lastId(): number {
    this.#measure();
    return this.#lastId;
  }

  /** How many rows there are. */
  get size(): number {
    this.#measure();
    return this.#size;
  }

  /** What fulfils all conditions; null where there is none. */
  matches(conditions: readonly Condition[]): Matches | null {
    this.#measure();
    return conditions.length === 0 ? null : this.#maps.of(conditions);
  }

  /** Forgets what it found before, since rows were changed. Cheap: it is found anew when asked for. */
  forgetFound(): void {
    this.#stale = true;
  }

  /** Takes from a match map the rows that were removed and those that came after it was made. */
  present(map: MatchMap): MatchMap {
    const whole = map.length === this.#lastId ? map : new Uint8Array(this.#lastId);
    if (whole !== map) whole.set(map.subarray(0, this.#lastId));
    return this.#present ? both(whole, this.#present) : whole;
  }

  /** The ids of one page, in order, and how many rows match in all. */
  find({ column, ...request }: PageRequest): { total: number; ids: number[] } {
    this.#measure();
    return typeof column === 'string'
      ? this.#findByColumn({ ...request, column })
      : this.#findByFigure(column.figure, request);
  }

  #findByFigure(
    figure: string,
    { conditions, descending, offset, limit }: Omit<PageRequest, 'column'>,
  ): { total: number; ids: number[] } {
    const matches = this.matches(conditions);
    const total = matches?.total ?? this.#size;
    const wanted = Math.max(0, Math.min(limit, total - offset));
    const present = this.#present ?? new Uint8Array(this.#lastId).fill(1);
    const order = this.#orders.ids(figure, descending, present);
    return { total, ids: walk(order, matches?.map ?? null, false, offset, wanted) };
  }

  #findByColumn(request: ByColumn): { total: number; ids: number[] } {
    const [first, ...others] = request.conditions;
    const plain = first?.sql && others.length === 0 ? this.#findPlainly(first, request) : null;
    if (plain) return plain;
    const matches = this.matches(request.conditions);
    const total = matches?.total ?? this.#size;
    const wanted = Math.min(request.limit, total - request.offset);
    if (wanted <= 0) return { total, ids: [] };
    // Walk from whichever end is nearer.
    const fromEnd = total - request.offset - wanted;
    const turned = fromEnd < request.offset;
    const skipped = turned ? fromEnd : request.offset;
    const direction = request.descending !== turned ? 'DESC' : 'ASC';
    const ids = matches
      ? this.#matchingIds(matches, request.column, direction, wanted, skipped)
      : this.#ids('', [], request.column, direction, wanted, skipped);
    return { total, ids: turned ? ids.reverse() : ids };
  }

  /**
   * A condition in SQL.
   * @param where what matches
   * @param otherwise what does not; of the two, the one with fewer rows is read
   */
  condition(where: string, otherwise: string, ...values: SQLInputValue[]): Condition {
    return {
      key: conditionKey({ where, values }),
      sql: { where, values },
      matches: () => {
        const matching = this.#count({ where, values });
        const inverted = matching * 2 > this.#size;
        const map = new Uint8Array(this.#lastId).fill(inverted ? 1 : 0);
        this.#mark(map, inverted ? 0 : 1, inverted ? otherwise : where, values);
        return this.present(map);
      },
    };
  }

  /**
   * A condition on what lies beside the table.
   * @param sql yields the `id` of what matches
   */
  beside(sql: string, ...values: SQLInputValue[]): Condition {
    return {
      key: JSON.stringify([sql, ...values.map(String)]),
      matches: () => {
        const map = new Uint8Array(this.#lastId);
        readIds(this.#database, sql, values, (id) => {
          map[id - 1] = 1;
        });
        return this.present(map);
      },
    };
  }

  #measure(): void {
    if (!this.#stale) return;
    this.#stale = false;
    const figures = `SELECT ifnull(max(id), 0) AS last, count(*) AS size FROM ${this.#table}`;
    const row = this.#database.prepare(figures).get();
    this.#lastId = Number(row?.last);
    this.#size = Number(row?.size);
    this.#maps.forget();
    this.#orders.forget();
    this.#counts = new LeastRecentlyUsed(rememberedCounts);
    this.#present = null;
    if (this.#size === this.#lastId) return;
    this.#present = new Uint8Array(this.#lastId);
    this.#mark(this.#present, 1, 'TRUE', []);
  }

  /** A page near the beginning, by one condition that many rows fulfil: no match map is needed. */
  #findPlainly(
    { sql }: Condition,
    { column, descending, offset, limit }: ByColumn,
  ): { total: number; ids: number[] } | null {
    if (!sql) return null;
    const total = this.#count(sql);
    if (offset >= total) return { total, ids: [] };
    const sorted = sql.where.startsWith(`${column} `);
    if (!sorted && ((offset + limit) * this.#size) / total > mostLookups) return null;
    // The sign keeps SQLite from reading by this condition's index, and sorting all that match.
    const where = `WHERE ${sorted ? '' : '+'}${sql.where}`;
    const direction = descending ? 'DESC' : 'ASC';
    return { total, ids: this.#ids(where, sql.values, column, direction, limit, offset) };
  }

  /** Puts a value into a match map wherever a condition is fulfilled. */
  #mark(map: MatchMap, value: 0 | 1, where: string, values: readonly SQLInputValue[]): void {
    readIds(this.#database, `SELECT id FROM ${this.#table} WHERE ${where}`, values, (id) => {
      map[id - 1] = value;
    });
  }

  #count(sql: SqlCondition): number {
    return this.#counts.get(conditionKey(sql), () => {
      const count = `SELECT count(*) AS matching FROM ${this.#table} WHERE ${sql.where}`;
      return Number(this.#database.prepare(count).get(...sql.values)?.matching);
    });
  }

  #matchingIds(
    { map, total }: Matches,
    column: string,
    direction: string,
    limit: number,
    offset: number,
  ): number[] {
    const steps = ((offset + limit) * this.#size) / total;
    if (total * stepsPerLookup > steps) {
      return this.#ids("WHERE substr(?, id, 1) = x'01'", [map], column, direction, limit, offset);
    }
    const ids: number[] = [];
    for (let at = map.indexOf(1); at >= 0; at = map.indexOf(1, at + 1)) ids.push(at + 1);
    const among = 'WHERE id IN (SELECT value FROM json_each(?))';
    return this.#ids(among, [JSON.stringify(ids)], column, direction, limit, offset);
  }

  #ids(
    where: string,
    values: SQLInputValue[],
    column: string,
    direction: string,
    limit: number,
    offset: number,
  ): number[] {
    const order = column === 'id' ? `id ${direction}` : `${column} ${direction}, id ${direction}`;
    const sql = `SELECT id FROM ${this.#table} ${where} ORDER BY ${order} LIMIT ? OFFSET ?`;
    const rows = this.#database.prepare(sql).all(...values, limit, offset);
    return rows.map((row) => Number(row.id));
  }
}

function conditionKey({ where, values }: SqlCondition): string {
  return JSON.stringify([where, ...values.map(String)]);
}
