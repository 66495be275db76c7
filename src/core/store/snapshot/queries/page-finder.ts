import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { readIds } from '../orders/stored-orders.ts';
import { LeastRecentlyUsed, type MapCondition, type Matches, type MatchMap } from './match-maps.ts';
import { type FoundPage, RowFinder } from './row-finder.ts';

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
 * Finds pages of a table. The order comes from the index of the sorted column; what does not match is
 * passed over while walking along it, by the match map that is bound to the statement. Few matches are
 * looked up and sorted instead.
 */
export class PageFinder extends RowFinder {
  readonly #table: string;
  #counts = new LeastRecentlyUsed<string, number>(rememberedCounts);

  constructor(database: DatabaseSync, table: string) {
    super(database);
    this.#table = table;
  }

  find({ column, ...request }: PageRequest): FoundPage {
    return typeof column === 'string'
      ? this.#findByColumn({ ...request, column })
      : this.byFigure(column.figure, this.matches(request.conditions), request);
  }

  #findByColumn(request: ByColumn): FoundPage {
    const { conditions, column } = request;
    const [first, ...others] = conditions;
    const plain = first?.sql && others.length === 0 ? this.#findPlainly(first, request) : null;
    if (plain) return plain;
    const matches = this.matches(conditions);
    return this.fromNearerEnd(
      matches?.total ?? this.size,
      request,
      (descending, skipped, wanted) => {
        const direction = descending ? 'DESC' : 'ASC';
        return matches
          ? this.#matchingIds(matches, column, direction, wanted, skipped)
          : this.#ids('', [], column, direction, wanted, skipped);
      },
    );
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
        const inverted = matching * 2 > this.size;
        const map = new Uint8Array(this.lastId).fill(inverted ? 1 : 0);
        this.#mark(map, inverted ? 0 : 1, inverted ? otherwise : where, values);
        return this.present(map);
      },
    };
  }

  protected measure() {
    const figures = `SELECT ifnull(max(id), 0) AS last, count(*) AS size FROM ${this.#table}`;
    const row = this.database.prepare(figures).get();
    const [lastId, size] = [Number(row?.last), Number(row?.size)];
    this.#counts = new LeastRecentlyUsed(rememberedCounts);
    if (size === lastId) return { lastId, size, present: null };
    const present = new Uint8Array(lastId);
    this.#mark(present, 1, 'TRUE', []);
    return { lastId, size, present };
  }

  /** A page near the beginning, by one condition that many rows fulfil: no match map is needed. */
  #findPlainly(
    { sql }: Condition,
    { column, descending, offset, limit }: ByColumn,
  ): FoundPage | null {
    if (!sql) return null;
    const total = this.#count(sql);
    if (offset >= total) return { total, ids: [] };
    const sorted = sql.where.startsWith(`${column} `);
    if (!sorted && ((offset + limit) * this.size) / total > mostLookups) return null;
    // The sign keeps SQLite from reading by this condition's index, and sorting all that match.
    const where = `WHERE ${sorted ? '' : '+'}${sql.where}`;
    const direction = descending ? 'DESC' : 'ASC';
    return { total, ids: this.#ids(where, sql.values, column, direction, limit, offset) };
  }

  /** Puts a value into a match map wherever a condition is fulfilled. */
  #mark(map: MatchMap, value: 0 | 1, where: string, values: readonly SQLInputValue[]): void {
    readIds(this.database, `SELECT id FROM ${this.#table} WHERE ${where}`, values, (id) => {
      map[id - 1] = value;
    });
  }

  #count(sql: SqlCondition): number {
    return this.#counts.get(conditionKey(sql), () => {
      const count = `SELECT count(*) AS matching FROM ${this.#table} WHERE ${sql.where}`;
      return Number(this.database.prepare(count).get(...sql.values)?.matching);
    });
  }

  #matchingIds(
    { map, total }: Matches,
    column: string,
    direction: string,
    limit: number,
    offset: number,
  ): number[] {
    const steps = ((offset + limit) * this.size) / total;
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
    const rows = this.database.prepare(sql).all(...values, limit, offset);
    return rows.map((row) => Number(row.id));
  }
}

function conditionKey({ where, values }: SqlCondition): string {
  return JSON.stringify([where, ...values.map(String)]);
}
