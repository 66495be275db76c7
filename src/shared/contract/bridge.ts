import type { CallReply } from './index.ts';

/** Names of what crosses between the desktop shell's processes. Nothing else does. */
export const bridgeChannels = {
  /** Invoked by the page with a call's name and input; answered with a {@link CallReply}. */
  call: 'console:call',
  /** Sent by the page with the id of a cancelled call. */
  cancel: 'console:cancel',
  /** Sent to the page with a `ConsoleEvent`. */
  event: 'console:event',
  /** Sent to the page with an {@link ArrivedText}. */
  file: 'console:file',
  /** Invoked by the page with a {@link ClipboardDeed} and, to copy, the secret. */
  clipboard: 'console:clipboard',
} as const;

/** A file that the operator opened from outside the console. */
export interface ArrivedText {
  name: string;
  text: string;
}

/** Copy a secret for a minute, keep it for good, or clear it now; only what is still there is cleared. */
export type ClipboardDeed = 'copy' | 'keep' | 'clear';

/** Name of the {@link ConsoleBridge} on the page's `window`; it is there in the desktop shell only. */
export const bridgeGlobal = 'ostorConsole';

/** What the preload script exposes to the page: its only way out of the sandbox. */
export interface ConsoleBridge {
  /**
   * Sends one call; resolves with its reply, rejects only where the shell is gone.
   * @param callId names the call for {@link cancel}; unique in the page
   */
  call(name: string, input: unknown, callId?: number): Promise<CallReply>;
  /** Cancels the call of that id, unless it has been answered. */
  cancel(callId: number): void;
  /**
   * Calls `listener` with every event from now on.
   * @returns ends the subscription
   */
  subscribe(listener: (event: unknown) => void): () => void;
  /**
   * Calls `listener` with every file that arrives, and with those that arrived before anybody listened.
   * @returns ends it
   */
  onFile(listener: (file: ArrivedText) => void): () => void;
  /** Does something with a secret on the clipboard; it outlives the window. */
  clipboard(deed: ClipboardDeed, secret?: string): Promise<void>;
}
