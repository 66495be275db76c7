import type { ConsoleBridge } from '#shared/contract/bridge.ts';
import type { ConsoleEvent } from '#shared/contract/events.ts';
import type { CallReply } from '#shared/contract/index.ts';
import type { Transport } from './transport.ts';

/**
 * The desktop shell's transport: Electron IPC behind the preload bridge. It never loses an event, so
 * there are no gaps to report.
 */
export function createIpcTransport(
  bridge: Pick<ConsoleBridge, 'call' | 'cancel' | 'subscribe'>,
): Transport {
  let lastId = 0;
  return {
    call: (name, input, signal) => {
      lastId += 1;
      const id = lastId;
      if (!signal) return bridge.call(name, input, id);
      return callUntil(
        signal,
        () => bridge.call(name, input, id),
        () => bridge.cancel(id),
      );
    },
    subscribe: (listener) => bridge.subscribe((event) => listener.onEvent(event as ConsoleEvent)),
  };
}

/** Rejects as soon as the signal aborts, as `fetch` does, and cancels the call in core. */
async function callUntil(
  signal: AbortSignal,
  send: () => Promise<CallReply>,
  cancel: () => void,
): Promise<CallReply> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => {
    cancel();
    reject(signal.reason);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([send(), aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
