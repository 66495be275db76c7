import { SeededRandom } from '../model/seeded-random.ts';
import type { WhmcsFault } from './model/variants.ts';

/** The faults in force, each with what is left of it. */
export class WhmcsFaults {
  readonly #random: SeededRandom;
  #faults: { fault: WhmcsFault; left: number; toSkip: number }[] = [];

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  /** Adds a fault. */
  add(fault: WhmcsFault): void {
    const left = fault.count ?? Number.POSITIVE_INFINITY;
    this.#faults.push({ fault, left, toSkip: fault.skip ?? 0 });
  }

  /** Takes every fault away. */
  clear(): void {
    this.#faults = [];
  }

  /** Returns the fault that hits this request, and counts it. */
  next(action: string): WhmcsFault | null {
    for (const entry of this.#faults) {
      const { fault } = entry;
      if (entry.left === 0 || (fault.action !== undefined && fault.action !== action)) continue;
      if (entry.toSkip > 0) {
        entry.toSkip -= 1;
        continue;
      }
      if (fault.probability !== undefined && this.#random.fraction() >= fault.probability) continue;
      entry.left -= 1;
      return fault;
    }
    return null;
  }
}
