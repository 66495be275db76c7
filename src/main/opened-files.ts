import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type BrowserWindow, dialog } from 'electron';
import { type ArrivedText, bridgeChannels } from '#shared/contract/bridge.ts';

/** Bytes of a file that is opened; the interface takes no more either. */
const most = 20_000_000;

async function read(path: string): Promise<ArrivedText | null> {
  try {
    const { size } = await stat(path);
    if (size > most) throw new Error('too large');
    return { name: basename(path), text: await readFile(path, 'utf8') };
  } catch {
    dialog.showErrorBox(
      'The file could not be opened',
      `${path} cannot be read, or has more than ${most / 1_000_000} MB.`,
    );
    return null;
  }
}

/** Hands files that were opened from outside to the page of a window, once it has loaded. */
export async function sendFiles(window: BrowserWindow, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const file = await read(path);
    if (!file || window.isDestroyed()) continue;
    const { webContents } = window;
    const send = (): void => webContents.send(bridgeChannels.file, file);
    if (webContents.isLoading()) webContents.once('did-finish-load', send);
    else send();
  }
}
