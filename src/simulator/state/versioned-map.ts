/**
 * A map that can still show what it held before a recent write: the gateway's storage is eventually
 * consistent, so a reading right after a write may be stale.
 */
export class VersionedMap<Key, Value> {
  private readonly current = new Map<Key, Value>();
  private readonly former = new Map<Key, { value: Value | undefined; until: number }>();
  private readonly staleMs: () => number;
  /** Counts every write. */
  revision = 0;

  constructor(staleMs: () => number = () => 0) {
    this.staleMs = staleMs;
  }

  /** What is true now. */
  get(key: Key): Value | undefined {
    return this.current.get(key);
  }

  /** What a reading shows: the state before a write while that is younger than the staleness. */
  read(key: Key): Value | undefined {
    const former = this.former.get(key);
    if (former === undefined) return this.current.get(key);
    if (former.until > Date.now()) return former.value;
    this.former.delete(key);
    return this.current.get(key);
  }

  /** Puts a value as a write at run time does: readings may lag behind. */
  set(key: Key, value: Value): void {
    this.remember(key);
    this.current.set(key, value);
  }

  /** Removes a value as a write at run time does. */
  delete(key: Key): void {
    this.remember(key);
    this.current.delete(key);
  }

  private remember(key: Key): void {
    this.revision += 1;
    const staleMs = this.staleMs();
    const former = this.former.get(key);
    if (staleMs <= 0 || (former !== undefined && former.until > Date.now())) return;
    this.former.set(key, { value: this.current.get(key), until: Date.now() + staleMs });
  }

  /** Whether some reading may still be stale, so that no list of it should be kept. */
  get settling(): boolean {
    const now = Date.now();
    return this.former.values().some(({ until }) => until > now);
  }

  get size(): number {
    return this.current.size;
  }

  /** Keys in the order of their first write. */
  keys(): IterableIterator<Key> {
    return this.current.keys();
  }

  /** What is true now, in the order of first writes. */
  values(): IterableIterator<Value> {
    return this.current.values();
  }

  /** What a list shows: {@link read} of every key, removed ones included while they are still seen. */
  *readValues(): Generator<Value> {
    for (const key of this.current.keys()) {
      const value = this.read(key);
      if (value !== undefined) yield value;
    }
    for (const key of [...this.former.keys()]) {
      const value = this.current.has(key) ? undefined : this.read(key);
      if (value !== undefined) yield value;
    }
  }
}
