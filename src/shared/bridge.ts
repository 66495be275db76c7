import type { CallReply } from './contract/index.ts';

/** Names of what crosses between the desktop shell's processes. Nothing else does. */
export const bridgeChannels = {
  /** Invoked by the page with a call's name and input; answered with a {@link CallReply}. */
  call: 'console:call',
  /** Sent to the page with a `ConsoleEvent`. */
  event: 'console:event',
} as const;

/** Name of the {@link ConsoleBridge} on the page's `window`; it is there in the desktop shell only. */
export const bridgeGlobal = 'ostorConsole';

/** What the preload script hands the page: the whole of the page's way out of its sandbox. */
export interface ConsoleBridge {
  /** Sends one call; resolves with its reply, rejects only where the shell is gone. */
  call(name: string, input: unknown): Promise<CallReply>;
  /**
   * Calls `listener` with every event from now on.
   * @returns ends the subscription
   */
  subscribe(listener: (event: unknown) => void): () => void;
}
