import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bridgeChannels } from '#shared/contract/bridge.ts';
import type { BrowserWindow } from '#test/fakes/fake-electron.ts';
import { DesktopSettingsFile } from '../../../src/main/desktop-settings.ts';
import { WindowStateFile } from '../../../src/main/window-state.ts';

vi.mock('electron', () => import('#test/fakes/fake-electron.ts'));

const { openWindow, sendFiles } = await import('../../../src/main/window.ts');
const { pageAddress } = await import('../../../src/main/page-guards.ts');

let folder: string;
const open = (address?: string): BrowserWindow =>
  openWindow({
    address,
    stateFile: new WindowStateFile(folder),
    settings: new DesktopSettingsFile(folder),
    onShown: () => undefined,
  }) as unknown as BrowserWindow;

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
    first.webContents.setZoomLevel(2); // the menu's role does it on its own
    first.emit('blur');
    const second = open();
    second.webContents.emit('did-finish-load');
    expect(second.webContents.zoomLevel).toBe(2);
    for (let step = 0; step < 20; step += 1) second.webContents.emit('zoom-changed', {}, 'in');
    expect(second.webContents.zoomLevel).toBe(6);
    for (const window of [first, second]) window.emit('closed');
  });

  it('shows the address that it was opened for, else the first page', () => {
    const address = 'app://console/#/c/rack-7/users/0a';
    const [first, further] = [open(), open(address)];
    expect(first.loaded).toEqual([pageAddress()]);
    expect(further.loaded).toEqual([address]);
    for (const window of [first, further]) window.emit('closed');
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
