import { foreignAnswer } from '../../gateway/read-fields.ts';
import type { ExactInteger } from './bucket-scanner.ts';

const most = 2n ** 63n - 1n;
const least = -(2n ** 63n);

/** The sum of two integers, exact however large. */
export function addExact(left: ExactInteger, right: ExactInteger): ExactInteger {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return BigInt(left) + BigInt(right);
}

/**
 * An integer as SQLite can hold it.
 * @throws AppError `ANSWER_FOREIGN` past 64 bits: no cluster holds as much
 */
export function storable(value: ExactInteger, field: string): ExactInteger {
  if (typeof value === 'number' || (value >= least && value <= most)) return value;
  throw foreignAnswer(`the number "${field}"`);
}
