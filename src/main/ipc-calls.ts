import type { Dispatch } from '#core/platform/dispatch.ts';
import type { EventBus } from '#core/platform/events.ts';
import { bridgeChannels } from '#shared/contract/bridge.ts';
import type { CallReply } from '#shared/contract/index.ts';
import { AppError } from '#shared/errors.ts';

interface CallSender {
  once(event: 'destroyed', listener: () => void): unknown;
  removeListener(event: 'destroyed', listener: () => void): unknown;
}

export interface CallEvent<Sender extends CallSender, Frame> {
  sender: Sender;
  senderFrame: Frame | null;
}

/** The part of `ipcMain` that answers calls. */
export interface CallPort<Sender extends CallSender, Frame> {
  handle(
    channel: string,
    listener: (event: CallEvent<Sender, Frame>, ...args: unknown[]) => Promise<CallReply>,
  ): void;
  on(
    channel: string,
    listener: (event: CallEvent<Sender, Frame>, ...args: unknown[]) => void,
  ): unknown;
}

export interface EventTarget {
  isDestroyed(): boolean;
  send(channel: string, ...args: unknown[]): void;
}

function refused(): CallReply {
  const error = new AppError({
    code: 'CALLER_REFUSED',
    message: 'The call did not come from the main frame of the console.',
    hint: 'Use the window of the console; no other page may call it.',
  });
  return { ok: false, error: error.toData() };
}

/**
 * Answers every call that comes through `port`, after asking whether its caller is trusted. A
 * stranger gets a coded error, never silence. A call under way ends when its window does, or when its
 * page cancels it.
 */
export function answerCalls<Sender extends CallSender, Frame>(
  port: CallPort<Sender, Frame>,
  dispatch: Dispatch,
  isTrusted: (event: CallEvent<Sender, Frame>) => boolean,
): void {
  const underWay = new WeakMap<Sender, Map<unknown, AbortController>>();
  port.handle(bridgeChannels.call, async (event, name, input, callId) => {
    if (!isTrusted(event)) return refused();
    const abort = new AbortController();
    const onDestroyed = (): void => abort.abort();
    const calls = underWay.get(event.sender) ?? new Map<unknown, AbortController>();
    underWay.set(event.sender, calls.set(callId, abort));
    event.sender.once('destroyed', onDestroyed);
    try {
      return await dispatch(name, input, { signal: abort.signal });
    } finally {
      event.sender.removeListener('destroyed', onDestroyed);
      // a page that was loaded again counts from the start: the id may be another call's by now
      if (calls.get(callId) === abort) calls.delete(callId);
    }
  });
  port.on(bridgeChannels.cancel, (event, callId) => {
    if (isTrusted(event)) underWay.get(event.sender)?.get(callId)?.abort();
  });
}

/**
 * Sends every event of core to every window.
 * @returns ends it
 */
export function forwardEvents(events: EventBus, targets: () => readonly EventTarget[]): () => void {
  return events.subscribe((event) => {
    for (const target of targets()) {
      if (!target.isDestroyed()) target.send(bridgeChannels.event, event);
    }
  });
}
