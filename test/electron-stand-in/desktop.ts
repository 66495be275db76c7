import { EventEmitter } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';

const display = { id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1080 } };

/** Stand-in for Electron's `screen`: one display. */
export const screen = {
  getPrimaryDisplay: () => display,
  getAllDisplays: () => [display],
};

/** Stand-in for Electron's `nativeTheme`. */
export const nativeTheme = Object.assign(new EventEmitter(), { shouldUseDarkColors: false });

/** Addresses that were handed to the operator's browser. */
export const openedOutside: string[] = [];

/** Stand-in for Electron's `shell`. */
export const shell = {
  openExternal: async (address: string): Promise<void> => {
    openedOutside.push(address);
  },
  openPath: async (_path: string): Promise<string> => '',
};

/** Stand-in for Electron's `dialog`: writes to standard error what it would show. */
export const dialog = {
  showErrorBox: (title: string, content: string): void => {
    process.stderr.write(`[dialog] ${title}: ${content}\n`);
  },
  showMessageBox: (...args: unknown[]): Promise<{ response: number }> => {
    const options = args.at(-1) as { message: string };
    process.stderr.write(`[dialog] ${JSON.stringify(options)}\n`);
    return new Promise((resolve) => {
      openDialogs.push({
        message: options.message,
        answer: (response) => resolve({ response }),
      });
    });
  },
};

/** Questions that wait for the operator's answer. */
export const openDialogs: { message: string; answer(button: number): void }[] = [];

/** Notifications that were shown. */
export const shownNotifications: { title: string; body: string; click(): void }[] = [];

/** Stand-in for Electron's `Notification`. */
export class Notification extends EventEmitter {
  readonly #options: { title: string; body: string };

  constructor(options: { title: string; body: string }) {
    super();
    this.#options = options;
  }

  static isSupported(): boolean {
    return true;
  }

  show(): void {
    shownNotifications.push({ ...this.#options, click: () => void this.emit('click') });
  }
}

let clipboardText = '';

/** Stand-in for Electron's `clipboard`, whose methods are asynchronous. */
export const clipboard = {
  readText: async (): Promise<string> => clipboardText,
  writeText: async (written: string): Promise<void> => {
    clipboardText = written;
  },
  clear: (): void => {
    clipboardText = '';
  },
};

/** Stand-in for Electron's `powerMonitor`. */
export const powerMonitor = Object.assign(new EventEmitter(), {
  idleState: 'active' as 'active' | 'idle' | 'locked' | 'unknown',
  getSystemIdleState(threshold: number): string {
    if (!(threshold > 0)) throw new TypeError('Invalid idle threshold, must be greater than 0');
    return powerMonitor.idleState;
  },
});

/** Stand-in for Electron's `NativeImage`. */
class NativeImage {
  readonly path: string;
  readonly representations: { scaleFactor: number; dataURL: string }[] = [];
  isTemplate = false;

  constructor(path: string) {
    this.path = path;
  }

  toDataURL(): string {
    return `data:image/png;base64,${readFileSync(this.path).toString('base64')}`;
  }

  addRepresentation(representation: { scaleFactor: number; dataURL: string }): void {
    this.representations.push(representation);
  }

  setTemplateImage(isTemplate: boolean): void {
    this.isTemplate = isTemplate;
  }
}

/** Stand-in for Electron's `nativeImage`: a file that is missing makes an empty image there, and fails here. */
export const nativeImage = {
  createFromPath(path: string): NativeImage {
    if (!existsSync(path)) throw new Error(`The image is missing: ${path}`);
    return new NativeImage(path);
  },
};
