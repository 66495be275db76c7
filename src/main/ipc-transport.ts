import { BrowserWindow, type IpcMainInvokeEvent, ipcMain } from 'electron';
import { z } from 'zod';
import type { Core } from '#core/core.ts';
import { bridgeChannels } from '#shared/contract/bridge.ts';
import { answerCalls, forwardEvents } from './ipc-calls.ts';
import { developmentOrigin } from './page-guards.ts';
import type { SecretClipboard } from './secret-clipboard.ts';
import { isTrustedCaller } from './trusted-addresses.ts';

const clipboardInput = z.tuple([
  z.enum(['copy', 'keep', 'clear']),
  z.string().max(4_096).optional(),
]);

/**
 * Joins core to the windows: calls in, events out. The only file that imports `ipcMain`.
 * @returns ends the forwarding of events
 */
export function openIpcTransport(
  core: Pick<Core, 'dispatch' | 'events'>,
  secrets: Pick<SecretClipboard, 'do'>,
): () => void {
  const isTrusted = ({ sender, senderFrame }: Pick<IpcMainInvokeEvent, 'sender' | 'senderFrame'>) =>
    isTrustedCaller(
      senderFrame,
      BrowserWindow.fromWebContents(sender) !== null,
      developmentOrigin(),
    );
  answerCalls(ipcMain, core.dispatch, isTrusted);
  ipcMain.handle(bridgeChannels.clipboard, async (event, ...args: unknown[]) => {
    if (!isTrusted(event)) throw new Error('The call did not come from the console.');
    const [deed, secret] = clipboardInput.parse(args);
    await secrets.do(deed, secret);
  });
  return forwardEvents(core.events, () =>
    BrowserWindow.getAllWindows().map((window) => window.webContents),
  );
}
