import type { ConsoleEvent, EventName, EventPayload } from '#shared/contract/events.ts';

type EventListener = (event: ConsoleEvent) => void;

/** A signal from one part of core to others, which subscribe once both parts exist. */
export class Signal<Value> {
  readonly #listeners: ((value: Value) => void | Promise<void>)[] = [];

  /** Calls `listener` each time from now on. It must neither throw nor reject. */
  on(listener: (value: Value) => void | Promise<void>): void {
    this.#listeners.push(listener);
  }

  /** Resolves when every listener has done its part. */
  async tell(value: Value): Promise<void> {
    await Promise.all(this.#listeners.map((listener) => listener(value)));
  }
}

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

  emit<Name extends EventName>(name: Name, payload: EventPayload<Name>): void {
    const event = { name, payload } as ConsoleEvent;
    for (const listener of this.#listeners) listener(event);
  }
}
