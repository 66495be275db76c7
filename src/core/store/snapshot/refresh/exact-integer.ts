import type { ExactInteger } from './bucket-scanner.ts';

/** Sums by number, exact however large; in plain memory as long as they are small. */
export class ExactSums {
  readonly #small: Float64Array;
  readonly #large = new Map<number, bigint>();

  /** @param size how many sums there are, all 0 */
  constructor(size: number) {
    this.#small = new Float64Array(size);
  }

  /** Adds to the sum of that number. */
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

  /** The sum of that number. */
  get(index: number): ExactInteger {
    const small = this.#small[index] as number;
    const large = this.#large.size === 0 ? undefined : this.#large.get(index);
    return large === undefined ? small : large + BigInt(small);
  }
}
