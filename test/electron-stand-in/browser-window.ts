import { EventEmitter } from 'node:events';
import { app } from './app.ts';
import { openWindows } from './open-windows.ts';
import { PreventableEvent } from './preventable.ts';
import { WebContents } from './web-contents.ts';

interface WindowOptions {
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

/** Stands in for Electron's `BrowserWindow`: refuses to open one that is not sandboxed and isolated. */
export class BrowserWindow extends EventEmitter {
  static readonly #open = new Set<BrowserWindow>();
  readonly webContents: WebContents;
  readonly options: WindowOptions;
  #destroyed = false;

  constructor(options: WindowOptions) {
    super();
    if (!app.isReady()) throw new Error('A window is opened once the app is ready.');
    const { sandbox, contextIsolation, nodeIntegration, preload } = options.webPreferences;
    if (!sandbox || !contextIsolation || nodeIntegration) {
      throw new Error('The stand-in opens sandboxed, isolated windows without Node only.');
    }
    this.options = options;
    this.webContents = new WebContents(preload);
    this.webContents.on('page-closed', () => this.#destroy());
    BrowserWindow.#open.add(this);
    openWindows.add(this);
  }

  static getAllWindows(): BrowserWindow[] {
    return [...BrowserWindow.#open];
  }

  static fromWebContents(contents: unknown): BrowserWindow | null {
    return BrowserWindow.getAllWindows().find((window) => window.webContents === contents) ?? null;
  }

  async loadURL(address: string): Promise<void> {
    await this.webContents.load(address);
    this.emit('ready-to-show');
  }

  close(): void {
    const event = new PreventableEvent();
    this.emit('close', event);
    if (!event.defaultPrevented) this.#destroy();
  }

  #destroy(): void {
    if (this.#destroyed) return;
    this.#destroyed = true;
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
    return false;
  }

  maximize(): void {
    this.emit('maximize');
  }

  restore(): void {
    this.emit('restore');
  }

  show(): void {
    this.emit('show');
  }

  focus(): void {
    this.emit('focus');
  }

  reload(): void {
    this.webContents.reload();
  }
}
