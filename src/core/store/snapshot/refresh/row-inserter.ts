import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { ExactInteger } from './bucket-scanner.ts';

/** Sums by number, exact however large; in plain memory as long as they are small. */
export class ExactSums {
  readonly #small: Float64Array;
  readonly #large = new Map<number, bigint>();

  /** @param size how many sums there are, all 0 */
  constructor(size: number) {
    this.#small = new Float64Array(size);
  }

  add(index: number, value: ExactInteger): void {
    if (typeof value === 'number') {
      const sum = (this.#small[index] as number) + value;
      if (sum <= Number.MAX_SAFE_INTEGER && sum >= Number.MIN_SAFE_INTEGER) {
        this.#small[index] = sum;
        return;
      }
    }
    this.#large.set(index, (this.#large.get(index) ?? 0n) + BigInt(value));
  }

  get(index: number): ExactInteger {
    const small = this.#small[index] as number;
    const large = this.#large.size === 0 ? undefined : this.#large.get(index);
    return large === undefined ? small : large + BigInt(small);
  }
}

const rowsAtOnce = 50;

/** Inserts rows many at a time: one statement for fifty rows costs less than half of fifty statements. */
export class RowInserter {
  readonly #many: StatementSync;
  readonly #one: StatementSync;
  readonly #columns: number;
  readonly #values: SQLInputValue[];
  #length = 0;

  /**
   * @param columns what every row gives, in this order. Best without the id: an empty table numbers its
   *   rows from 1 on its own
   */
  constructor(database: DatabaseSync, table: string, columns: readonly string[]) {
    const row = `(${columns.map(() => '?').join(',')})`;
    const insert = `INSERT INTO ${table} (${columns.join(',')}) VALUES`;
    this.#columns = columns.length;
    this.#values = Array(rowsAtOnce * columns.length).fill(null);
    this.#one = database.prepare(`${insert} ${row}`);
    this.#many = database.prepare(`${insert} ${Array(rowsAtOnce).fill(row).join(',')}`);
  }

  /** Adds the next value of the row being made, column by column; the last one ends the row. */
  value(value: SQLInputValue): void {
    this.#values[this.#length++] = value;
    if (this.#length < this.#values.length) return;
    this.#many.run(...this.#values);
    this.#length = 0;
  }

  flush(): void {
    for (let start = 0; start < this.#length; start += this.#columns) {
      this.#one.run(...this.#values.slice(start, start + this.#columns));
    }
    this.#length = 0;
  }
}
