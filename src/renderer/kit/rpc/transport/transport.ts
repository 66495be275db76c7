import type { ConsoleEvent } from '#shared/contract/events.ts';
import type { CallInput, CallName, CallOutput, CallReply } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';
import type { WebSession } from './web-session.ts';

export interface SubscriptionListener {
  onEvent(event: ConsoleEvent): void;
  /** Events may have been missed (the stream was interrupted): everything cached is stale. */
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

/** Calls core. Always rejects with an `AppError`. */
export type Call = <Name extends CallName>(
  name: Name,
  input: CallInput<Name>,
  signal?: AbortSignal,
) => Promise<CallOutput<Name>>;

/** Returns the typed calls to core over a transport. */
export function createCall(transport: Transport): Call {
  return async <Name extends CallName>(
    name: Name,
    input: CallInput<Name>,
    signal?: AbortSignal,
  ): Promise<CallOutput<Name>> => {
    const reply = await transport.call(name, input, signal);
    if (!reply.ok) throw AppError.fromData(reply.error);
    return reply.value as CallOutput<Name>;
  };
}
