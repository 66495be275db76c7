/**
 * Gathers what is to be stored while an earlier commit is under way, so that many writers share one
 * durable commit. Each `add` resolves once its own item is on the disk.
 */
export class CommitQueue<Item> {
  readonly #commit: (items: Item[]) => Promise<unknown>;
  #waiting: { item: Item; resolve(): void; reject(error: unknown): void }[] = [];
  #committing = false;

  /** @param commit stores all or none of the items */
  constructor(commit: (items: Item[]) => Promise<unknown>) {
    this.#commit = commit;
  }

  /** Stores one item; rejects with what the commit rejected with. */
  add(item: Item): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#committing) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#committing = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#commit(batch.map(({ item }) => item));
        for (const { resolve } of batch) resolve();
      } catch (thrown) {
        for (const { reject } of batch) reject(thrown);
      }
    }
    this.#committing = false;
  }
}
