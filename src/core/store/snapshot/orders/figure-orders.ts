import type { DatabaseSync } from 'node:sqlite';
import { LeastRecentlyUsed, type MatchMap } from '../queries/match-maps.ts';
import { readIds } from './stored-orders.ts';

const remembered = 8;

/**
 * Orders of a list by figures that are not in its table: quotas, traffic, customers. Each is made when it
 * is first asked for, some tenths of a second for half a million rows, and kept until rows change.
 */
export class FigureOrders {
  readonly #database: DatabaseSync;
  #orders = new LeastRecentlyUsed<string, Uint32Array>(remembered);

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Forgets what it has made, since rows were changed. */
  forget(): void {
    this.#orders = new LeastRecentlyUsed(remembered);
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
