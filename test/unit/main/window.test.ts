import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bridgeChannels } from '#shared/contract/bridge.ts';
import { DesktopSettingsFile } from '../../../src/main/desktop-settings.ts';
import { WindowStateFile } from '../../../src/main/window-state.ts';

/** As much of a page as a window's own behaviour needs; whole ones are in the stand-in. */
class FakeContents extends EventEmitter {
  zoomLevel = 0;
  loading = false;
  readonly sent: unknown[][] = [];
  went: string[] = [];
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
  isLoading(): boolean {
    return this.loading;
  }
  send(...message: unknown[]): void {
    this.sent.push(message);
  }
}

class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  readonly options: { webPreferences: object };

  constructor(options: { webPreferences: object }) {
    super();
    this.options = options;
  }
  static getFocusedWindow = () => null;
  static getAllWindows = () => [];
  async loadURL(): Promise<void> {}
  isDestroyed = () => false;
  isMinimized = () => false;
  isMaximized = () => false;
  getNormalBounds = () => ({ x: 0, y: 0, width: 1360, height: 860 });
  show(): void {}
}

vi.mock('electron', async () => ({
  ...(await import('../../electron-stand-in/desktop.ts')),
  app: { isPackaged: true },
  BrowserWindow: FakeWindow,
}));

// test files share their modules: those that were loaded over another `electron` are not these
vi.resetModules();
const { openWindow, sendFiles } = await import('../../../src/main/window.ts');

let folder: string;
const open = (): FakeWindow =>
  openWindow({
    stateFile: new WindowStateFile(folder),
    settings: new DesktopSettingsFile(folder),
    onShown: () => undefined,
  }) as unknown as FakeWindow;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'window-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a window', () => {
  it('keeps its zoom, set by the wheel or by the menu, for the next window', () => {
    const first = open();
    first.webContents.emit('did-finish-load');
    first.webContents.emit('zoom-changed', {}, 'in');
    expect(first.webContents.zoomLevel).toBe(0.5);
    first.webContents.setZoomLevel(2); // the menu's role does it by itself
    first.emit('blur');
    const second = open();
    second.webContents.emit('did-finish-load');
    expect(second.webContents.zoomLevel).toBe(2);
    for (let step = 0; step < 20; step += 1) second.webContents.emit('zoom-changed', {}, 'in');
    expect(second.webContents.zoomLevel).toBe(6);
    for (const window of [first, second]) window.emit('closed');
  });

  it('checks no spelling: most of what is typed is ids, addresses and keys', () => {
    const window = open();
    expect(window.options.webPreferences).toMatchObject({ spellcheck: false });
    window.emit('closed');
  });

  it('goes back and forward by the keys of the mouse', () => {
    const window = open();
    window.emit('app-command', {}, 'browser-backward');
    window.emit('app-command', {}, 'browser-forward');
    expect(window.webContents.went).toEqual(['back']);
    window.emit('closed');
  });

  it('is handed the change plan that the system opened, once its page is there', async () => {
    const window = open();
    const path = join(folder, 'night.ostorplan');
    writeFileSync(path, '{"format":"plan"}');
    window.webContents.loading = true;
    await sendFiles(window as never, [path, join(folder, 'missing.ostorplan')]);
    expect(window.webContents.sent).toEqual([]);
    window.webContents.emit('did-finish-load');
    const file = { name: 'night.ostorplan', text: '{"format":"plan"}' };
    expect(window.webContents.sent).toEqual([[bridgeChannels.file, file]]);
    window.emit('closed');
  });
});
