import { EventEmitter } from 'node:events';

/** Answers an `invoke` of a page. */
export type InvokeHandler = (event: unknown, ...args: unknown[]) => unknown;

class StandInIpcMain extends EventEmitter {
  readonly handlers = new Map<string, InvokeHandler>();

  handle(channel: string, handler: InvokeHandler): void {
    if (this.handlers.has(channel)) throw new Error(`Channel "${channel}" has a handler already.`);
    this.handlers.set(channel, handler);
  }

  removeHandler(channel: string): void {
    this.handlers.delete(channel);
  }
}

/** Stand-in for Electron's `ipcMain`. */
export const ipcMain = new StandInIpcMain();
