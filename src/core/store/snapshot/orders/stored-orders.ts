import type { DatabaseSync, SQLInputValue } from 'node:sqlite';

/**
 * Hands out the ids a question yields, in its order. They come as one text that is read digit by digit:
 * far cheaper than a row or a number object for each.
 * @param sql selects one column, `id`, of integers above 0
 */
export function readIds(
  database: DatabaseSync,
  sql: string,
  values: readonly SQLInputValue[],
  take: (id: number) => void,
): void {
  const all = database.prepare(`SELECT json_group_array(id) AS ids FROM (${sql})`);
  const ids = String(all.get(...values)?.ids);
  for (let index = 0, id = 0; index < ids.length; index += 1) {
    const digit = ids.charCodeAt(index) - 0x30;
    if (digit >= 0 && digit <= 9) id = id * 10 + digit;
    else if (id > 0) {
      take(id);
      id = 0;
    }
  }
}

const idsAtOnce = 1 << 16;

/** What buckets are sorted by: columns of the table `bucket`. */
export const orderedColumns = [
  'name',
  'owner',
  'current_bytes',
  'peak_bytes',
  'created_at',
  'last_hour',
] as const;

export type OrderedColumn = (typeof orderedColumns)[number];

/** An order of the snapshot's file is missing or no list of ids. */
export class BrokenOrderError extends Error {
  override readonly name = 'BrokenOrderError';

  constructor(column: OrderedColumn) {
    super(`The order of the buckets by ${column} can't be read.`);
  }
}

/**
 * The orders of the buckets that are in a snapshot's file: for each column the ids of all buckets a
 * refresh brought, in ascending order of that column, null first, then of the ids; names as people
 * expect them, numbers by their value. Ids of buckets that were removed since stay in them.
 */
export class StoredOrders {
  readonly #database: DatabaseSync;
  readonly #orders = new Map<OrderedColumn, Uint32Array>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** All ids, in ascending order of a column. @throws BrokenOrderError */
  ids(column: OrderedColumn): Uint32Array {
    const known = this.#orders.get(column) ?? this.#read(column);
    this.#orders.set(column, known);
    return known;
  }

  /** Forgets what it has read, since the file was changed. */
  forget(): void {
    this.#orders.clear();
  }

  /**
   * How many ids at the beginning of a column's order fulfil a condition that holds for the first of
   * them and for no further ones. SQL answers it for about twenty rows.
   */
  leading(column: OrderedColumn, condition: string, ...values: SQLInputValue[]): number {
    const ids = this.ids(column);
    const statement = this.#database.prepare(
      `SELECT ${condition} AS holds FROM bucket WHERE id = ?`,
    );
    let [low, high] = [0, ids.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      let at = middle;
      let row = statement.get(...values, ids[at] as number);
      // Past buckets that were removed.
      while (!row && at + 1 < high) row = statement.get(...values, ids[++at] as number);
      if (row?.holds === 1) low = at + 1;
      else high = middle;
    }
    return low;
  }

  /** How many come before a value: those of lesser ones, and those without. */
  before(column: OrderedColumn, value: SQLInputValue): number {
    return this.leading(column, `${column} IS NULL OR ${column} < ?`, value);
  }

  /** How many come before those of greater values. */
  upTo(column: OrderedColumn, value: SQLInputValue): number {
    return this.leading(column, `${column} IS NULL OR ${column} <= ?`, value);
  }

  /** How many have no value. */
  without(column: OrderedColumn): number {
    return this.leading(column, `${column} IS NULL`);
  }

  /** Puts an order into the file, in place of the one there is. */
  write(column: OrderedColumn, ids: Uint32Array): void {
    this.#orders.delete(column);
    this.#database.prepare('DELETE FROM bucket_order WHERE sorted_by = ?').run(column);
    const insert = this.#database.prepare('INSERT INTO bucket_order VALUES (?, ?, ?)');
    for (let first = 0; first < ids.length; first += idsAtOnce) {
      const part = ids.subarray(first, first + idsAtOnce);
      insert.run(column, first, new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
    }
  }

  #read(column: OrderedColumn): Uint32Array {
    const pieces = this.#database
      .prepare('SELECT first, ids FROM bucket_order WHERE sorted_by = ? ORDER BY first')
      .all(column)
      .map(({ first, ids }) => ({ first: Number(first), bytes: ids as Uint8Array }));
    const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.bytes.length, 0));
    let length = 0;
    for (const piece of pieces) {
      if (piece.first * 4 !== length) throw new BrokenOrderError(column);
      bytes.set(piece.bytes, length);
      length += piece.bytes.length;
    }
    const row = this.#database
      .prepare(`SELECT ifnull(max(id), 0) - (SELECT count(*) FROM removed_bucket) AS least
        FROM bucket`)
      .get();
    if (length % 4 !== 0 || length / 4 < Number(row?.least)) throw new BrokenOrderError(column);
    return new Uint32Array(bytes.buffer);
  }
}
