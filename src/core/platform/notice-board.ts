import { randomUUID } from 'node:crypto';
import type { CallOutput } from '#shared/contract/index.ts';
import type { EventBus } from './events.ts';

export type Notice = CallOutput<'app.info'>['notices'][number];

/** Keeps messages about the console until the operator dismisses them. */
export class NoticeBoard {
  readonly #events: EventBus;
  #notices: Notice[] = [];

  constructor(events: EventBus) {
    this.#events = events;
  }

  /** Adds a notice, unless one with the same words is still there. */
  add(notice: Pick<Notice, 'severity' | 'message' | 'hint'>): void {
    if (this.#notices.some((other) => other.message === notice.message)) return;
    this.#notices.push({ id: randomUUID(), ...notice, at: new Date().toISOString() });
    this.#events.emit('notices.changed', {});
  }

  /** Every notice not dismissed, oldest first. */
  list(): Notice[] {
    return [...this.#notices];
  }

  /** Dismisses a notice; a missing one is no error. */
  dismiss(id: string): void {
    const before = this.#notices.length;
    this.#notices = this.#notices.filter((notice) => notice.id !== id);
    if (this.#notices.length < before) this.#events.emit('notices.changed', {});
  }
}
