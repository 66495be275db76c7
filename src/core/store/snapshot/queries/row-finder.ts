import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { FigureOrders } from '../orders/figure-orders.ts';
import { readIds } from '../orders/stored-orders.ts';
import {
  both,
  type MapCondition,
  type Matches,
  type MatchMap,
  MatchMaps,
  walk,
} from './match-maps.ts';

/** Which rows a table has: ids 1, 2, 3 … but for a few that were removed. */
interface Extent {
  lastId: number;
  size: number;
  /** Which ids there are, where some are missing. */
  present: MatchMap | null;
}

/** Which rows are wanted of those that match. */
interface Part {
  descending: boolean;
  offset: number;
  limit: number;
}

/** The ids of one page, in order, and how many rows match in all. */
export interface FoundPage {
  total: number;
  ids: number[];
}

/** Finds pages of a table by conditions; what was found is kept until rows change. */
export abstract class RowFinder {
  protected readonly database: DatabaseSync;
  readonly #maps = new MatchMaps();
  readonly #figures: FigureOrders;
  /** Whether rows were changed since the extent was measured. */
  #stale = true;
  #extent: Extent = { lastId: 0, size: 0, present: null };

  constructor(database: DatabaseSync) {
    this.database = database;
    this.#figures = new FigureOrders(database);
  }

  /** Measures the table anew, and forgets what was found before. */
  protected abstract measure(): Extent;

  protected get extent(): Extent {
    if (this.#stale) {
      this.#stale = false;
      this.#maps.forget();
      this.#figures.forget();
      this.#extent = this.measure();
    }
    return this.#extent;
  }

  /** The highest id: as many entries a match map has. */
  get lastId(): number {
    return this.extent.lastId;
  }

  /** How many rows there are. */
  get size(): number {
    return this.extent.size;
  }

  /** Forgets what it found before, since rows were changed. Cheap: it is found anew when asked for. */
  forgetFound(): void {
    this.#stale = true;
  }

  /** What fulfils all conditions; null where there is none. */
  matches(conditions: readonly MapCondition[]): Matches | null {
    // what was found before a change is forgotten first
    this.extent;
    return conditions.length === 0 ? null : this.#maps.of(conditions);
  }

  /** Takes from a match map the rows that were removed and those that came after it was made. */
  present(map: MatchMap): MatchMap {
    const { lastId, present } = this.extent;
    const whole = map.length === lastId ? map : new Uint8Array(lastId);
    if (whole !== map) whole.set(map.subarray(0, lastId));
    return present ? both(whole, present) : whole;
  }

  /** What a question for ids, also of what lies beside the table, yields. */
  yielded(sql: string, values: readonly SQLInputValue[]): MatchMap {
    const map = new Uint8Array(this.lastId);
    readIds(this.database, sql, values, (id) => {
      map[id - 1] = 1;
    });
    return this.present(map);
  }

  /** {@link yielded} as a condition. */
  beside(sql: string, ...values: SQLInputValue[]): MapCondition {
    return {
      key: JSON.stringify([sql, ...values.map(String)]),
      matches: () => this.yielded(sql, values),
    };
  }

  /** @param figure a question for a figure, which yields `id` and `value`: rows without it come last */
  protected byFigure(figure: string, matches: Matches | null, part: Part): FoundPage {
    const { lastId, size, present } = this.extent;
    const total = matches?.total ?? size;
    const wanted = Math.max(0, Math.min(part.limit, total - part.offset));
    const all = present ?? new Uint8Array(lastId).fill(1);
    const order = this.#figures.ids(figure, part.descending, all);
    return { total, ids: walk(order, matches?.map ?? null, false, part.offset, wanted) };
  }

  /** Has an order walked along from whichever end is nearer. */
  protected fromNearerEnd(
    total: number,
    { descending, offset, limit }: Part,
    along: (descending: boolean, skipped: number, wanted: number) => number[],
  ): FoundPage {
    const wanted = Math.min(limit, total - offset);
    if (wanted <= 0) return { total, ids: [] };
    const fromEnd = total - offset - wanted;
    const turned = fromEnd < offset;
    const ids = along(descending !== turned, turned ? fromEnd : offset, wanted);
    return { total, ids: turned ? ids.reverse() : ids };
  }
}
