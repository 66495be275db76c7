import type { DatabaseSync } from 'node:sqlite';
import { type OrderedColumn, readIds, StoredOrders } from '../orders/stored-orders.ts';
import { type MapCondition, type MatchMap, walk } from './match-maps.ts';
import { type FoundPage, RowFinder } from './row-finder.ts';

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
export class BucketFinder extends RowFinder {
  readonly orders: StoredOrders;

  constructor(database: DatabaseSync) {
    super(database);
    this.orders = new StoredOrders(database);
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

  find({ conditions, column, ...part }: BucketPageRequest): FoundPage {
    const matches = this.matches(conditions);
    if (typeof column !== 'string') return this.byFigure(column.figure, matches, part);
    const { size, present } = this.extent;
    const map = matches?.map ?? present;
    return this.fromNearerEnd(matches?.total ?? size, part, (descending, skipped, wanted) =>
      walk(this.orders.ids(column), map, descending, skipped, wanted),
    );
  }

  protected measure() {
    this.orders.forget();
    const last = this.database.prepare('SELECT ifnull(max(id), 0) AS last FROM bucket').get();
    const lastId = Number(last?.last);
    let size = lastId;
    let present: MatchMap | null = null;
    readIds(this.database, 'SELECT id FROM removed_bucket', [], (id) => {
      if (id > lastId) return;
      present ??= new Uint8Array(lastId).fill(1);
      present[id - 1] = 0;
      size -= 1;
    });
    return { lastId, size, present };
  }
}
