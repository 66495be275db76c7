import type { ConsoleEvent, EventName, EventPayload } from '#shared/contract/events.ts';

/** Takes an event. Must not throw. */
export type EventListener = (event: ConsoleEvent) => void;

/** Carries events from core to whichever shells listen. */
export class EventBus {
  readonly #listeners = new Set<EventListener>();

  /**
   * Calls `listener` for every event from now on.
   * @returns ends the subscription
   */
  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Tells every listener. */
  emit<Name extends EventName>(name: Name, payload: EventPayload<Name>): void {
    const event = { name, payload } as ConsoleEvent;
    for (const listener of this.#listeners) listener(event);
  }
}
