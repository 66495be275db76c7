import { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
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
    nodeIntegrationInWorker?: boolean;
    webSecurity?: boolean;
    webviewTag?: boolean;
  };
}

/** Stand-in for Electron's `BrowserWindow`: refuses to open one that is not sandboxed and isolated. */
export class BrowserWindow extends EventEmitter {
  static readonly #open = new Set<BrowserWindow>();
  readonly #webContents: WebContents;
  readonly options: WindowOptions;
  #destroyed = false;
  #visible: boolean;
  #minimized = false;
  #maximized = false;
  static #focused: BrowserWindow | null = null;

  constructor(options: WindowOptions) {
    super();
    if (!app.isReady()) throw new Error('A window is opened once the app is ready.');
    const { sandbox, contextIsolation, nodeIntegration, preload, ...more } = options.webPreferences;
    const hasNode = nodeIntegration || more.nodeIntegrationInWorker === true;
    const isOpen = more.webSecurity === false || more.webviewTag === true;
    if (!sandbox || !contextIsolation || hasNode || isOpen) {
      throw new Error('The stand-in opens sandboxed, isolated windows without Node only.');
    }
    this.options = options;
    this.#visible = options.show ?? true;
    this.#webContents = new WebContents(preload);
    // the test closes the page: the operator closes the window
    this.#webContents.on('page-closed', () => {
      if (!this.#destroyed) this.close();
    });
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

  /** As in Electron, whatever a window is asked once it is gone throws. */
  #requireAlive(): void {
    if (this.#destroyed) throw new TypeError('Object has been destroyed');
  }

  get webContents(): WebContents {
    this.#requireAlive();
    return this.#webContents;
  }

  close(): void {
    this.#requireAlive();
    void this.closed();
  }

  /** As in Electron, a window is there for a moment after its `close`: others may be closed in it. */
  async closed(): Promise<boolean> {
    const event = new PreventableEvent();
    this.emit('close', event);
    if (event.defaultPrevented) return false;
    await setImmediate();
    this.#destroy();
    return true;
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
    this.#webContents.destroy();
    this.emit('closed');
    if (openWindows.size === 0) app.onLastWindowClosed();
  }

  isDestroyed(): boolean {
    return this.#destroyed;
  }

  getNormalBounds(): { x: number; y: number; width: number; height: number } {
    this.#requireAlive();
    const { x = 0, y = 0, width, height } = this.options;
    return { x, y, width, height };
  }

  isMaximized(): boolean {
    this.#requireAlive();
    return this.#maximized;
  }

  isMinimized(): boolean {
    this.#requireAlive();
    return this.#minimized;
  }

  isVisible(): boolean {
    this.#requireAlive();
    return this.#visible;
  }

  minimize(): void {
    this.#requireAlive();
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
    this.#requireAlive();
    this.#maximized = true;
    this.emit('maximize');
  }

  restore(): void {
    this.#requireAlive();
    this.#minimized = false;
    this.emit('restore');
  }

  show(): void {
    this.#requireAlive();
    this.#visible = true;
    this.emit('show');
    this.focus();
  }

  focus(): void {
    this.#requireAlive();
    if (BrowserWindow.#focused === this) return;
    BrowserWindow.#focused?.blur();
    BrowserWindow.#focused = this;
    this.emit('focus');
  }

  reload(): void {
    this.webContents.reload();
  }
}
