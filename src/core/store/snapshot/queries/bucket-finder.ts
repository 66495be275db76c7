import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { FigureOrders } from '../orders/figure-orders.ts';
import { type OrderedColumn, readIds, StoredOrders } from '../orders/stored-orders.ts';
import {
  both,
  type MapCondition,
  type Matches,
  type MatchMap,
  MatchMaps,
  walk,
} from './match-maps.ts';

interface BucketPageRequest {
  conditions: readonly MapCondition[];
  /**
   * Buckets of equal value stand in the order of their ids. Or a question for a figure that is not in the
   * table, which yields `id` and `value`: buckets without it come last.
   */
  column: OrderedColumn | { figure: string };
  descending: boolean;
  offset: number;
  limit: number;
}

/** From where to where in a column's order, the end not included. */
export type Span = readonly [start: number, end: number];

/**
 * Finds pages of the buckets. A page is a piece of the order of the sorted column; what does not match
 * is passed over while walking along it. A condition on a column matches a span of that column's order.
 */
export class BucketFinder {
  readonly #database: DatabaseSync;
  readonly #maps = new MatchMaps();
  readonly orders: StoredOrders;
  readonly #figures: FigureOrders;
  /** Whether rows were changed since the following was found. */
  #stale = true;
  #lastId = 0;
  #size = 0;
  /** Which ids there are, where some are missing. */
  #present: MatchMap | null = null;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.orders = new StoredOrders(database);
    this.#figures = new FigureOrders(database);
  }

  /** The highest id: as many entries a match map has. */
  get lastId(): number {
    this.#measure();
    return this.#lastId;
  }

  /** How many buckets there are. */
  get size(): number {
    this.#measure();
    return this.#size;
  }

  /** What fulfils all conditions; null where there is none. */
  matches(conditions: readonly MapCondition[]): Matches | null {
    this.#measure();
    return conditions.length === 0 ? null : this.#maps.of(conditions);
  }

  /** Forgets what it found before, since rows were changed. Cheap: it is found anew when asked for. */
  forgetFound(): void {
    this.#stale = true;
  }

  /** Takes from a match map the buckets that were removed. */
  present(map: MatchMap): MatchMap {
    this.#measure();
    const whole = map.length === this.#lastId ? map : new Uint8Array(this.#lastId);
    if (whole !== map) whole.set(map.subarray(0, this.#lastId));
    return this.#present ? both(whole, this.#present) : whole;
  }

  /** What a question for ids yields. */
  yielded(sql: string, values: readonly SQLInputValue[]): MatchMap {
    const map = new Uint8Array(this.lastId);
    readIds(this.#database, sql, values, (id) => {
      map[id - 1] = 1;
    });
    return this.present(map);
  }

  /** What stands in the given spans of a column's order. */
  inSpans(column: OrderedColumn, spans: readonly Span[]): MatchMap {
    const map = new Uint8Array(this.lastId);
    const ids = this.orders.ids(column);
    for (const [start, end] of spans) {
      for (let at = start; at < end; at += 1) map[(ids[at] as number) - 1] = 1;
    }
    return this.present(map);
  }

  /** The ids of one page, in order, and how many buckets match in all. */
  find(request: BucketPageRequest): { total: number; ids: number[] } {
    this.#measure();
    const { conditions, column, descending, offset } = request;
    const matches = this.matches(conditions);
    const total = matches?.total ?? this.#size;
    const wanted = Math.min(request.limit, total - offset);
    if (wanted <= 0) return { total, ids: [] };
    const map = matches?.map ?? this.#present;
    if (typeof column !== 'string') {
      const present = this.#present ?? new Uint8Array(this.#lastId).fill(1);
      const order = this.#figures.ids(column.figure, descending, present);
      return { total, ids: walk(order, matches?.map ?? null, false, offset, wanted) };
    }
    // Walk from whichever end is nearer.
    const fromEnd = total - offset - wanted;
    const turned = fromEnd < offset;
    const skipped = turned ? fromEnd : offset;
    const ids = walk(this.orders.ids(column), map, descending !== turned, skipped, wanted);
    return { total, ids: turned ? ids.reverse() : ids };
  }

  #measure(): void {
    if (!this.#stale) return;
    this.#stale = false;
    this.#maps.forget();
    this.orders.forget();
    this.#figures.forget();
    const last = this.#database.prepare('SELECT ifnull(max(id), 0) AS last FROM bucket').get();
    this.#lastId = Number(last?.last);
    this.#size = this.#lastId;
    this.#present = null;
    readIds(this.#database, 'SELECT id FROM removed_bucket', [], (id) => {
      if (id > this.#lastId) return;
      this.#present ??= new Uint8Array(this.#lastId).fill(1);
      this.#present[id - 1] = 0;
      this.#size -= 1;
    });
  }
}
