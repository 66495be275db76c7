import { createHash } from 'node:crypto';

/**
 * A well-mixed unsigned 32-bit integer of its arguments: the same for the same arguments on every
 * machine. Data is derived from (seed, index), so that any record can be made without the ones before it.
 */
export function mix32(seed: number, first: number, second = 0): number {
  let hash = (seed ^ 0x9e3779b9) >>> 0;
  for (const part of [first, second]) {
    hash = Math.imul(hash ^ (part >>> 0), 0x85ebca6b) >>> 0;
    hash = (hash ^ (hash >>> 13)) >>> 0;
    hash = Math.imul(hash, 0xc2b2ae35) >>> 0;
    hash = (hash ^ (hash >>> 16)) >>> 0;
  }
  return hash;
}

/** A sequence of pseudo-random numbers, the same for the same seed (mulberry32). */
export class SeededRandom {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** An unsigned 32-bit integer. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let value = this.state;
    value = Math.imul(value ^ (value >>> 15), value | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return (value ^ (value >>> 14)) >>> 0;
  }

  /** At least 0, below 1. */
  fraction(): number {
    return this.next() / 0x1_0000_0000;
  }

  /** An integer from 0 to `limit` - 1. */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit);
  }

  /** One of `values`, which is not empty. */
  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }
}

/** A stable text of `length` (at most 43) letters and digits from the seed and a label. */
export function seededText(seed: number, label: string, length: number): string {
  return createHash('sha256')
    .update(`${seed}:${label}`)
    .digest('base64')
    .replaceAll('+', 'p')
    .replaceAll('/', 's')
    .slice(0, length);
}
