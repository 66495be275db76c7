import type { EventBus } from '../events.ts';

/**
 * Until when writes on locked connections are unlocked. In memory alone: a console that starts again
 * starts locked.
 */
export class WriteUnlocks {
  readonly #events: EventBus;
  readonly #unlocked = new Map<string, { until: number; timer: NodeJS.Timeout }>();

  constructor(events: EventBus) {
    this.#events = events;
  }

  /** Unlocks a connection for so many minutes from now; a running time is replaced. */
  unlock(connectionId: string, minutes: number): void {
    this.#forget(connectionId);
    const milliseconds = minutes * 60_000;
    const timer = setTimeout(() => this.lock(connectionId), milliseconds);
    timer.unref();
    this.#unlocked.set(connectionId, { until: Date.now() + milliseconds, timer });
    this.#events.emit('connections.changed', {});
  }

  /** Locks a connection again. */
  lock(connectionId: string): void {
    if (this.#forget(connectionId)) this.#events.emit('connections.changed', {});
  }

  /** ISO 8601 in UTC, or undefined while the connection is locked. */
  until(connectionId: string): string | undefined {
    const unlocked = this.#unlocked.get(connectionId);
    if (!unlocked || unlocked.until <= Date.now()) return undefined;
    return new Date(unlocked.until).toISOString();
  }

  #forget(connectionId: string): boolean {
    clearTimeout(this.#unlocked.get(connectionId)?.timer);
    return this.#unlocked.delete(connectionId);
  }
}
