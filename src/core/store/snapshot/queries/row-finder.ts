import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { readIds } from '../orders/stored-orders.ts';

/** Keeps a fixed number of values, and drops the least recently used one. */
export class LeastRecentlyUsed<Key, Value> {
  readonly #most: number;
  readonly #values = new Map<Key, Value>();

  constructor(most: number) {
    this.#most = most;
  }

  /** The value remembered under a key, or the one `make` yields, which is remembered. */
  get(key: Key, make: () => Value): Value {
    const known = this.#values.has(key);
    const value = known ? (this.#values.get(key) as Value) : make();
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size > this.#most) {
      for (const oldest of this.#values.keys()) {
        this.#values.delete(oldest);
        break;
      }
    }
    return value;
  }
}

/** For every row of a table one byte, at its id less 1: 1 where the row matches. */
export type MatchMap = Uint8Array;

export interface MapCondition {
  /** Tells this condition, with its values, from every other. */
  key: string;
  /** Finds what matches; asked once, as long as the answer is remembered. */
  matches(): MatchMap;
}

export interface Matches {
  map: MatchMap;
  total: number;
}

const rememberedMatches = 16;

/** Remembers which rows of a table match which conditions. */
class MatchMaps {
  #found = new LeastRecentlyUsed<string, Matches>(rememberedMatches);

  /** Forgets what was found before, since rows were changed. */
  forget(): void {
    this.#found = new LeastRecentlyUsed(rememberedMatches);
  }

  /** What fulfils all of some conditions, of which there is at least one. */
  of(conditions: readonly MapCondition[]): Matches {
    const key = conditions.map((condition) => condition.key).join('\n');
    return this.#found.get(key, () => {
      const [first, ...others] = conditions as [MapCondition, ...MapCondition[]];
      const map =
        others.length === 0 ? first.matches() : both(this.of([first]).map, this.of(others).map);
      let total = 0;
      for (let index = 0; index < map.length; index += 1) total += map[index] as number;
      return { map, total };
    });
  }
}

function both(left: MatchMap, right: MatchMap): MatchMap {
  const map = new Uint8Array(left.length);
  for (let index = 0; index < map.length; index += 1) {
    map[index] = (left[index] as number) & (right[index] as number);
  }
  return map;
}

/** This many ids along an order, from its beginning or its end, without what does not match. */
export function walk(
  order: Uint32Array,
  map: MatchMap | null,
  backwards: boolean,
  skipped: number,
  wanted: number,
): number[] {
  const step = backwards ? -1 : 1;
  const ids: number[] = [];
  let at = backwards ? order.length - 1 : 0;
  let left = skipped;
  if (!map) {
    at += step * skipped;
    left = 0;
  }
  for (; ids.length < wanted && at >= 0 && at < order.length; at += step) {
    const id = order[at] as number;
    if (map && map[id - 1] !== 1) continue;
    if (left > 0) left -= 1;
    else ids.push(id);
  }
  return ids;
}

const rememberedOrders = 8;

/**
 * Orders of a list by figures that are not in its table: quotas, traffic, customers. Each is made when it
 * is first asked for, some tenths of a second for half a million rows, and kept until rows change.
 */
class FigureOrders {
  readonly #database: DatabaseSync;
  #orders = new LeastRecentlyUsed<string, Uint32Array>(rememberedOrders);

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Forgets what it has made, since rows were changed. */
  forget(): void {
    this.#orders = new LeastRecentlyUsed(rememberedOrders);
  }

  /**
   * The ids of all rows: those that have the figure in its order, then those without it, whichever way
   * the list is sorted.
   * @param rows a question that yields `id` and `value`, null where there is none
   * @param present which ids there are
   */
  ids(rows: string, descending: boolean, present: MatchMap): Uint32Array {
    return this.#orders.get(`${descending} ${rows}`, () => {
      const direction = descending ? 'DESC' : 'ASC';
      const sql = `SELECT id FROM (${rows}) WHERE value IS NOT NULL
        ORDER BY value ${direction}, id ${direction}`;
      const ids = new Uint32Array(present.length);
      const without = present.slice();
      let length = 0;
      readIds(this.#database, sql, [], (id) => {
        if (without[id - 1] !== 1) return;
        without[id - 1] = 0;
        ids[length++] = id;
      });
      for (let at = without.indexOf(1); at >= 0; at = without.indexOf(1, at + 1)) {
        ids[length++] = at + 1;
      }
      return ids.subarray(0, length);
    });
  }
}

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

  /** Measures the table again, and forgets what was found before. */
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

  /** Forgets what it found before, since rows were changed. Cheap: it is found again when asked for. */
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

  /** What a question for ids, also of what is next to the table, yields. */
  yielded(sql: string, values: readonly SQLInputValue[]): MatchMap {
    const map = new Uint8Array(this.lastId);
    readIds(this.database, sql, values, (id) => {
      map[id - 1] = 1;
    });
    return this.present(map);
  }

  /** {@link yielded} as a condition. */
  yielding(sql: string, ...values: SQLInputValue[]): MapCondition {
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
