import { EventEmitter } from 'node:events';
import { app } from './app.ts';
import { openWindows } from './open-windows.ts';
import { PreventableEvent } from './preventable.ts';
import { WebContents } from './web-contents.ts';

interface WindowOptions {
  show?: boolean;
  width: number;
  height: number;
  x?: number;
  y?: number;
  webPreferences: {
    preload: string;
    sandbox: boolean;
    contextIsolation: boolean;
    nodeIntegration: boolean;
  };
}

/** Stand-in for Electron's `BrowserWindow`: refuses to open one that is not sandboxed and isolated. */
export class BrowserWindow extends EventEmitter {
  static readonly #open = new Set<BrowserWindow>();
  readonly webContents: WebContents;
  readonly options: WindowOptions;
  #destroyed = false;
  #visible: boolean;
  #minimized = false;
  static #focused: BrowserWindow | null = null;

  constructor(options: WindowOptions) {
    super();
    if (!app.isReady()) throw new Error('A window is opened once the app is ready.');
    const { sandbox, contextIsolation, nodeIntegration, preload } = options.webPreferences;
    if (!sandbox || !contextIsolation || nodeIntegration) {
      throw new Error('The stand-in opens sandboxed, isolated windows without Node only.');
    }
    this.options = options;
    this.#visible = options.show ?? true;
    this.webContents = new WebContents(preload);
    // the test closes the page: the operator closes the window
    this.webContents.on('page-closed', () => this.close());
    BrowserWindow.#open.add(this);
    openWindows.add(this);
  }

  static getAllWindows(): BrowserWindow[] {
    return [...BrowserWindow.#open];
  }

  static getFocusedWindow(): BrowserWindow | null {
    return BrowserWindow.#focused;
  }

  static fromWebContents(contents: unknown): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.webContents === contents) ?? null;
  }

  async loadURL(address: string): Promise<void> {
    await this.webContents.load(address);
    // as on Wayland, where a hidden window draws nothing: not before it is shown
    if (process.env.STAND_IN_READY_TO_SHOW !== 'never') this.emit('ready-to-show');
  }

  close(): void {
    const event = new PreventableEvent();
    this.emit('close', event);
    if (!event.defaultPrevented) this.#destroy();
  }

  /** As in Electron: without `close`, and the page can't object. */
  destroy(): void {
    this.#destroy();
  }

  #destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
    if (BrowserWindow.#focused === this) BrowserWindow.#focused = null;
    BrowserWindow.#open.delete(this);
    openWindows.delete(this);
    this.webContents.destroy();
    this.emit('closed');
    if (openWindows.size === 0) app.onLastWindowClosed();
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  getNormalBounds(): { x: number; y: number; width: number; height: number } {
    const { x = 0, y = 0, width, height } = this.options;
    return { x, y, width, height };
  }

  isMaximized(): boolean {
    return false;
  }

  isMinimized(): boolean {
    return this.#minimized;
  }

  isVisible(): boolean {
    return this.#visible;
  }

  minimize(): void {
    this.#minimized = true;
    this.blur();
    this.emit('minimize');
  }

  blur(): void {
    if (BrowserWindow.#focused !== this) return;
    BrowserWindow.#focused = null;
    this.emit('blur');
  }

  maximize(): void {
    this.emit('maximize');
  }

  restore(): void {
    this.#minimized = false;
    this.emit('restore');
  }

  show(): void {
    this.#visible = true;
    BrowserWindow.#focused = this;
    this.emit('show');
  }

  focus(): void {
    this.emit('focus');
  }

  reload(): void {
    this.webContents.reload();
  }
}
