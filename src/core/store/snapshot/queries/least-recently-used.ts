/** Remembers so many values, and forgets the one that was not asked for the longest. */
export class LeastRecentlyUsed<Key, Value> {
  readonly #most: number;
  readonly #values = new Map<Key, Value>();

  constructor(most: number) {
    this.#most = most;
  }

  /** The value remembered under a key, or the one `make` yields, which is remembered. */
  get(key: Key, make: () => Value): Value {
    const known = this.#values.has(key);
    const value = known ? (this.#values.get(key) as Value) : make();
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size > this.#most) {
      for (const oldest of this.#values.keys()) {
        this.#values.delete(oldest);
        break;
      }
    }
    return value;
  }
}
