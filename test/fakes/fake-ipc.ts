import { bridgeChannels, type ConsoleBridge } from '#shared/contract/bridge.ts';
import type { CallReply } from '#shared/contract/index.ts';
import type { CallEvent, CallPort, EventTarget } from '../../src/main/ipc-calls.ts';

/** A window's end of the IPC: can be closed. */
export class FakeSender {
  readonly #onDestroyed = new Set<() => void>();

  once(_event: 'destroyed', listener: () => void): void {
    this.#onDestroyed.add(listener);
  }

  removeListener(_event: 'destroyed', listener: () => void): void {
    this.#onDestroyed.delete(listener);
  }

  /** The window is closed. */
  destroy(): void {
    for (const listener of this.#onDestroyed) listener();
  }
}

type Listener = (event: CallEvent<FakeSender, string>, ...args: unknown[]) => Promise<CallReply>;

/**
 * Electron's IPC between one window and main, in one process. What crosses is cloned as Electron
 * clones it, so that what can't be cloned fails here too. A frame is the name of its origin.
 */
export class FakeIpc implements CallPort<FakeSender, string>, EventTarget {
  readonly sender = new FakeSender();
  /** From where the page's calls come. */
  frame: string | null = 'app://console';
  readonly #handlers = new Map<string, Listener>();
  readonly #sent = new Map<string, (...args: Parameters<Listener>) => void>();
  readonly #listeners = new Set<(event: unknown) => void>();

  handle(channel: string, listener: Listener): void {
    this.#handlers.set(channel, listener);
  }

  on(channel: string, listener: (...args: Parameters<Listener>) => void): void {
    this.#sent.set(channel, listener);
  }

  isDestroyed(): boolean {
    return false;
  }

  send(channel: string, ...args: unknown[]): void {
    if (channel !== bridgeChannels.event) throw new Error(`Nothing listens on ${channel}.`);
    for (const listener of this.#listeners) listener(structuredClone(args[0]));
  }

  /** What the preload script exposes to the page. */
  readonly bridge: ConsoleBridge = {
    call: async (name, input, callId) => {
      const handler = this.#handlers.get(bridgeChannels.call);
      if (!handler) throw new Error('No handler is registered.');
      const event = { sender: this.sender, senderFrame: this.frame };
      return structuredClone(await handler(event, name, structuredClone(input), callId));
    },
    cancel: (callId) => {
      const event = { sender: this.sender, senderFrame: this.frame };
      this.#sent.get(bridgeChannels.cancel)?.(event, callId);
    },
    onFile: () => () => undefined,
    clipboard: async () => undefined,
    subscribe: (listener) => {
      this.#listeners.add(listener);
      return () => this.#listeners.delete(listener);
    },
  };
}
