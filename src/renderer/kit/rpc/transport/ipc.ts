import type { ConsoleBridge } from '#shared/bridge.ts';
import type { ConsoleEvent } from '#shared/contract/events.ts';
import type { CallReply } from '#shared/contract/index.ts';
import type { Transport } from './transport.ts';

/**
 * The desktop shell's transport: Electron IPC behind the preload bridge. It never loses an event, so
 * there are no gaps to report.
 */
export function createIpcTransport(bridge: Pick<ConsoleBridge, 'call' | 'subscribe'>): Transport {
  return {
    call: async (name, input) => (await bridge.call(name, input)) as CallReply,
    subscribe: (listener) => bridge.subscribe((event) => listener.onEvent(event as ConsoleEvent)),
  };
}
