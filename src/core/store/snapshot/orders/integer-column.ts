import type { ExactInteger } from '../refresh/bucket-scanner.ts';
import { sortByInteger } from './sort-by-integer.ts';

const smallest = 1 << 10;
const half = 2 ** 32;
const signBit = 0x8000_0000;

/** The values of one column, gathered row by row, so that the rows can be sorted by them. */
export class IntegerColumn {
  #high = new Uint32Array(smallest);
  #low = new Uint32Array(smallest);
  #length = 0;

  /** Adds the value of the next row; null comes before every integer, as in SQL. */
  add(value: ExactInteger | null): void {
    if (this.#length === this.#low.length) this.#grow();
    const at = this.#length++;
    // What no value comes before: 0 in both halves. Values of rows lie far above the least integer.
    if (value === null) return;
    if (typeof value === 'number') {
      this.#high[at] = Math.floor(value / half) ^ signBit;
      this.#low[at] = value;
    } else {
      this.#high[at] = Number(BigInt.asUintN(32, value >> 32n)) ^ signBit;
      this.#low[at] = Number(BigInt.asUintN(32, value));
    }
  }

  /** The numbers of the rows, from 1, in ascending order of their values, then of themselves. */
  sortedIds(): Uint32Array {
    const ids = sortByInteger({
      high: this.#high.subarray(0, this.#length),
      low: this.#low.subarray(0, this.#length),
    });
    for (let index = 0; index < ids.length; index += 1) ids[index] = (ids[index] as number) + 1;
    return ids;
  }

  #grow(): void {
    const [high, low] = [this.#high, this.#low];
    this.#high = new Uint32Array(high.length * 2);
    this.#low = new Uint32Array(low.length * 2);
    this.#high.set(high);
    this.#low.set(low);
  }
}
