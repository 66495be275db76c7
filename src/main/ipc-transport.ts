import { BrowserWindow, ipcMain } from 'electron';
import type { Core } from '#core/create-core.ts';
import { answerCalls, forwardEvents } from './ipc-calls.ts';
import { developmentOrigin } from './page-address.ts';
import { isTrustedCaller } from './trusted-sender.ts';

/**
 * Joins core to the windows: calls in, events out. The only file that imports `ipcMain`.
 * @returns ends the forwarding of events
 */
export function openIpcTransport(core: Pick<Core, 'dispatch' | 'events'>): () => void {
  answerCalls(ipcMain, core.dispatch, ({ sender, senderFrame }) =>
    isTrustedCaller(
      senderFrame,
      BrowserWindow.fromWebContents(sender) !== null,
      developmentOrigin(),
    ),
  );
  return forwardEvents(core.events, () =>
    BrowserWindow.getAllWindows().map((window) => window.webContents),
  );
}
