/** Which locked `production` connections are unlocked for writing, and until when. Not kept on disk. */
export class ProductionLocks {
  readonly #until = new Map<string, number>();
  readonly #now: () => number;

  /** @param now the clock, in milliseconds since the Unix epoch */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /**
   * Unlocks for a while; a second call replaces the first.
   * @returns until when, ISO 8601 in UTC
   */
  unlock(connectionId: string, minutes: number): string {
    const until = this.#now() + minutes * 60_000;
    this.#until.set(connectionId, until);
    return new Date(until).toISOString();
  }

  /** Locks at once. */
  lock(connectionId: string): void {
    this.#until.delete(connectionId);
  }

  /** Until when writes are let through, ISO 8601 in UTC; undefined while locked. */
  unlockedUntil(connectionId: string): string | undefined {
    const until = this.#until.get(connectionId);
    if (until === undefined || until <= this.#now()) return undefined;
    return new Date(until).toISOString();
  }
}
