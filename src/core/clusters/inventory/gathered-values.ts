import type { TargetValue } from '../../store/snapshot/writes/save-values.ts';

/** What a {@link GatheredValues} writes to and tells. */
export interface GatheredOptions {
  save(values: TargetValue[]): Promise<unknown>;
  /** Told after each saving: what is on screen of it is stale. */
  onSaved(): void;
  /** Milliseconds between two savings at least. */
  every?: number;
}

const defaultEvery = 2000;

/**
 * Gathers what an inventory reads and saves it every so often: pages fill while it runs, and one that is
 * ended by force has little to read again.
 */
export class GatheredValues {
  readonly #options: GatheredOptions;
  #values: TargetValue[] = [];
  #savedAt = performance.now();
  #saving: Promise<void> | null = null;

  constructor(options: GatheredOptions) {
    this.#options = options;
  }

  /** Takes values; saves them with the others once it is time. */
  async add(values: readonly TargetValue[]): Promise<void> {
    this.#values.push(...values);
    const due = performance.now() - this.#savedAt >= (this.#options.every ?? defaultEvery);
    if (due && this.#saving === null) await this.flush();
  }

  /** Saves what is left. */
  async flush(): Promise<void> {
    await this.#saving;
    if (this.#values.length === 0) return;
    this.#saving = this.#save().finally(() => {
      this.#saving = null;
    });
    await this.#saving;
  }

  async #save(): Promise<void> {
    const values = this.#values;
    this.#values = [];
    await this.#options.save(values);
    this.#savedAt = performance.now();
    this.#options.onSaved();
  }
}
