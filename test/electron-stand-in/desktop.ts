import { EventEmitter } from 'node:events';

const display = { id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1080 } };

/** Stands in for Electron's `screen`: one display. */
export const screen = {
  getPrimaryDisplay: () => display,
  getAllDisplays: () => [display],
};

/** Stands in for Electron's `nativeTheme`. */
export const nativeTheme = Object.assign(new EventEmitter(), { shouldUseDarkColors: false });

/** Addresses that were handed to the operator's browser. */
export const openedOutside: string[] = [];

/** Stands in for Electron's `shell`. */
export const shell = {
  openExternal: async (address: string): Promise<void> => {
    openedOutside.push(address);
  },
  openPath: async (_path: string): Promise<string> => '',
};

/** Stands in for Electron's `dialog`: writes to standard error what it would show. */
export const dialog = {
  showErrorBox: (title: string, content: string): void => {
    process.stderr.write(`[dialog] ${title}: ${content}\n`);
  },
  showMessageBox: async (...args: unknown[]): Promise<{ response: number }> => {
    process.stderr.write(`[dialog] ${JSON.stringify(args.at(-1))}\n`);
    return { response: 0 };
  },
};
