interface WatchedClusters {
  /** Whether a task or change runs on a cluster without a waiting call. */
  isBusy(connectionId: string): boolean;
  rest(connectionId: string): Promise<void>;
}

export interface IdleLimits {
  /** Idle time before a cluster's files are closed, milliseconds. */
  after?: number;
  /** Clusters kept open at most; more only while they are in use. */
  most?: number;
}

const tenMinutes = 600_000;

/**
 * Closes threads, files and connections of clusters that are not in use. A cluster is in use while a
 * call, a task or a change of it is under way. A few of them stay open for a while after, those used
 * last; who comes while one is being closed waits for that.
 */
export class IdleClusters {
  readonly #after: number;
  readonly #most: number;
  #watched: WatchedClusters | null = null;
  /** When each open cluster was last used, on a monotonic clock; the latest last. */
  readonly #usedAt = new Map<string, number>();
  readonly #resting = new Map<string, Promise<void>>();
  /** Calls in progress, by connection; those without one may use any cluster. */
  readonly #calls = new Map<string | null, number>();
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor({ after = tenMinutes, most = 8 }: IdleLimits = {}) {
    this.#after = after;
    this.#most = most;
  }

  watch(clusters: WatchedClusters): void {
    this.#watched = clusters;
  }

  /** Notes that a cluster is used; resolves at once, or when a closing in progress is done. */
  async need(connectionId: string): Promise<void> {
    this.#note(connectionId);
    await this.#resting.get(connectionId);
    this.#note(connectionId);
  }

  /** Keeps a cluster (null: every one) open while a call works. */
  async during<Value>(connectionId: string | null, call: () => Promise<Value>): Promise<Value> {
    this.#count(connectionId, 1);
    try {
      if (connectionId !== null) await this.#resting.get(connectionId);
      return await call();
    } finally {
      this.#count(connectionId, -1);
      if (connectionId !== null && this.#usedAt.has(connectionId)) this.#note(connectionId);
    }
  }

  /** Stops closing clusters; waits for those that are being closed. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
    await Promise.all(this.#resting.values());
  }

  #note(connectionId: string): void {
    this.#usedAt.delete(connectionId);
    this.#usedAt.set(connectionId, performance.now());
    this.#restAboveMost();
    this.#lookLater();
  }

  #isInUse(connectionId: string, watched: WatchedClusters): boolean {
    const isCalled = this.#calls.has(connectionId) || this.#calls.has(null);
    return isCalled || watched.isBusy(connectionId);
  }

  #restAboveMost(): void {
    const watched = this.#watched;
    if (!watched || this.#closed) return;
    const earliest = [...this.#usedAt.keys()].slice(0, -1);
    for (const connectionId of earliest) {
      if (this.#usedAt.size <= this.#most) return;
      if (!this.#isInUse(connectionId, watched)) this.#rest(connectionId, watched);
    }
  }

  #count(connectionId: string | null, change: number): void {
    const count = (this.#calls.get(connectionId) ?? 0) + change;
    if (count === 0) this.#calls.delete(connectionId);
    else this.#calls.set(connectionId, count);
  }

  #lookLater(): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#look();
    }, this.#after).unref();
  }

  #look(): void {
    const watched = this.#watched;
    if (!watched) return;
    for (const [connectionId, usedAt] of this.#usedAt) {
      if (this.#isInUse(connectionId, watched)) this.#usedAt.set(connectionId, performance.now());
      else if (performance.now() - usedAt >= this.#after) this.#rest(connectionId, watched);
    }
    if (this.#usedAt.size > 0) this.#lookLater();
  }

  #rest(connectionId: string, watched: WatchedClusters): void {
    this.#usedAt.delete(connectionId);
    const resting = watched
      .rest(connectionId)
      .catch(() => undefined) // What would not close is closed at the console's end.
      .then(() => void this.#resting.delete(connectionId));
    this.#resting.set(connectionId, resting);
  }
}
