import { EventEmitter } from 'node:events';

/**
 * The module `electron` for tests of single parts of the desktop shell: what has no page is the
 * stand-in's; windows show none. One for all test files, which share their modules.
 */
export {
  clipboard,
  dialog,
  Notification,
  nativeImage,
  nativeTheme,
  openDialogs,
  powerMonitor,
  screen,
  shell,
  shownNotifications,
} from '../electron-stand-in/desktop.ts';
export { Menu, poppedUp, Tray, trays } from '../electron-stand-in/menu.ts';

class FakeApp extends EventEmitter {
  readonly isPackaged = true;
  /** Statuses with which the program was to end. */
  readonly exits: number[] = [];

  quit(): void {
    const event = { preventDefault: () => undefined };
    this.emit('before-quit', event);
    this.emit('will-quit', event);
  }

  exit(status: number): void {
    this.exits.push(status);
  }
}

export const app: FakeApp = new FakeApp();

/** As much of a page as a window's own behaviour needs. */
class FakeContents extends EventEmitter {
  zoomLevel = 0;
  loading = false;
  readonly sent: unknown[][] = [];
  /** Says what comes of a window that the page asks for. */
  openHandler: ((asked: { url: string }) => { action: string }) | undefined;
  readonly went: string[] = [];
  readonly navigationHistory = {
    canGoBack: () => true,
    canGoForward: () => false,
    goBack: () => void this.went.push('back'),
    goForward: () => void this.went.push('forward'),
  };

  getZoomLevel(): number {
    return this.zoomLevel;
  }

  setZoomLevel(level: number): void {
    this.zoomLevel = level;
  }

  setWindowOpenHandler(handler: (asked: { url: string }) => { action: string }): void {
    this.openHandler = handler;
  }

  isLoading(): boolean {
    return this.loading;
  }

  send(...message: unknown[]): void {
    this.sent.push(message);
  }
}

export class BrowserWindow extends EventEmitter {
  static focused: object | null = null;
  readonly webContents: FakeContents = new FakeContents();
  readonly options: { webPreferences: object };
  readonly loaded: string[] = [];

  constructor(options: { webPreferences: object }) {
    super();
    this.options = options;
  }

  static getFocusedWindow(): object | null {
    return BrowserWindow.focused;
  }

  static getAllWindows(): object[] {
    return [];
  }

  async loadURL(address: string): Promise<void> {
    this.loaded.push(address);
  }

  isDestroyed(): boolean {
    return false;
  }

  isMinimized(): boolean {
    return false;
  }

  isMaximized(): boolean {
    return false;
  }

  getNormalBounds(): { x: number; y: number; width: number; height: number } {
    return { x: 0, y: 0, width: 1360, height: 860 };
  }

  show(): void {
    // nothing is on a screen
  }
}
