import type { ConsoleEvent } from '#shared/contract/events.ts';
import type { CallReply } from '#shared/contract/index.ts';
import type { WebSession } from './web-session.ts';

/** What a subscriber is told besides events. */
export interface SubscriptionListener {
  onEvent(event: ConsoleEvent): void;
  /** Events may have been missed (the stream was interrupted): everything cached is to be read again. */
  onGap?(): void;
}

/** Carries calls to core and its events back. One implementation a shell. */
export interface Transport {
  /** Where the shell has sessions that can end; the desktop has none. */
  session?: WebSession;
  /** Sends one call. Rejects with an `AppError` only where core could not be reached at all. */
  call(name: string, input: unknown, signal?: AbortSignal): Promise<CallReply>;
  /**
   * Listens to core's events from now on.
   * @returns ends the subscription
   */
  subscribe(listener: SubscriptionListener): () => void;
}
