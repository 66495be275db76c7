import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BrowserWindow, dialog, nativeTheme, screen, type WebContents } from 'electron';
import { type ArrivedText, bridgeChannels } from '#shared/contract/bridge.ts';
import type { DesktopSettingsFile } from './desktop-settings.ts';
import { pageAddress } from './page-guards.ts';
import { fitToDisplays, type WindowStateFile } from './window-state.ts';

/** Zoom levels that one step of the mouse's wheel makes; a level is a factor of 1.2. */
const zoomStep = 0.5;
const zoomLimits = { least: -4, most: 6 };

export function goInHistory(contents: WebContents, direction: 'back' | 'forward'): void {
  const { navigationHistory: history } = contents;
  if (direction === 'back' && history.canGoBack()) history.goBack();
  if (direction === 'forward' && history.canGoForward()) history.goForward();
}

/** Goes back and forward by the mouse's side buttons and keyboards' own keys, and by swiping on macOS. */
function followGestures(window: BrowserWindow): void {
  window.on('app-command', (_event, command) => {
    if (command === 'browser-backward') goInHistory(window.webContents, 'back');
    if (command === 'browser-forward') goInHistory(window.webContents, 'forward');
  });
  window.on('swipe', (_event, direction) => {
    if (direction === 'left') goInHistory(window.webContents, 'back');
    if (direction === 'right') goInHistory(window.webContents, 'forward');
  });
}

/**
 * Opens a window's page with the zoom that was last set, keeps the one that the menu or Ctrl and the
 * wheel set, and follows the wheel.
 */
function keepZoom(window: BrowserWindow, settings: DesktopSettingsFile): void {
  const { webContents } = window;
  const keep = (): void => {
    const zoomLevel = webContents.getZoomLevel();
    if (zoomLevel !== settings.current.zoomLevel) settings.change({ zoomLevel });
  };
  webContents.on('did-finish-load', () => webContents.setZoomLevel(settings.current.zoomLevel));
  webContents.on('zoom-changed', (_event, direction) => {
    const wanted = webContents.getZoomLevel() + (direction === 'in' ? zoomStep : -zoomStep);
    webContents.setZoomLevel(Math.min(zoomLimits.most, Math.max(zoomLimits.least, wanted)));
    keep();
  });
  window.on('blur', keep);
  window.on('close', keep);
}

/** What is behind the page until it has drawn: the interface's own background in either theme. */
const background = { light: '#f8fafc', dark: '#0b1017' } as const;

/** A window is shown after so long in any case, milliseconds: on Wayland nothing else may announce it. */
const longestHidden = 3_000;

/** How far a further window is from the one before, in points. */
const cascade = 28;

function keepState(window: BrowserWindow, file: WindowStateFile): void {
  const keep = (): void => {
    if (window.isDestroyed() || window.isMinimized()) return;
    file.write({ ...window.getNormalBounds(), maximized: window.isMaximized() });
  };
  let timer: NodeJS.Timeout | undefined;
  const keepSoon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(keep, 500);
  };
  window.on('resize', keepSoon);
  window.on('move', keepSoon);
  window.on('close', keep);
  window.on('closed', () => clearTimeout(timer));
}

/**
 * Shows a window when its page is drawn, and in any case soon: `ready-to-show` never comes where the
 * compositor draws no hidden windows, and a page that fails to load has something to say as well.
 */
function showWhenReady(window: BrowserWindow, maximized: boolean, onShown: () => void): void {
  let shown = false;
  const show = (): void => {
    clearTimeout(timer);
    if (shown || window.isDestroyed()) return;
    shown = true;
    if (maximized) window.maximize();
    window.show();
    onShown();
  };
  const timer = setTimeout(show, longestHidden);
  window.once('ready-to-show', show);
  window.webContents.once('did-finish-load', show);
  window.webContents.once('did-fail-load', show);
  window.once('closed', () => clearTimeout(timer));
}

/** Where to open: as kept, or next to the window in front. */
function place(stateFile: WindowStateFile) {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  const areas = [primary, ...others].map((display) => display.workArea);
  const front = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
  if (!front) return fitToDisplays(stateFile.read(), areas);
  const { x, y, width, height } = front.getNormalBounds();
  return fitToDisplays({ x: x + cascade, y: y + cascade, width, height, maximized: false }, areas);
}

interface WindowParts {
  stateFile: WindowStateFile;
  settings: DesktopSettingsFile;
  /** Where in the interface it begins; omitted: at its start. */
  address?: string | undefined;
  onShown(): void;
}

/**
 * Opens a window of the console where one last was, or next to the one that is open. The page has no
 * Node, can't select its process and has no way out but the bridge.
 */
export function openWindow(parts: WindowParts): BrowserWindow {
  const { stateFile, settings, onShown, address = pageAddress() } = parts;
  const { x, y, width, height, maximized } = place(stateFile);
  const window = new BrowserWindow({
    ...(x === undefined || y === undefined ? {} : { x, y }),
    width,
    height,
    minWidth: 900,
    minHeight: 600,
    title: 'Ostor Console',
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    webPreferences: {
      preload: fileURLToPath(new URL('../preload/index.cjs', import.meta.url)),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      webviewTag: false,
      webSecurity: true,
      spellcheck: false,
    },
  });
  keepState(window, stateFile);
  keepZoom(window, settings);
  followGestures(window);
  showWhenReady(window, maximized, onShown);
  window.loadURL(address).catch(() => undefined); // a page that fails to load shows that itself
  return window;
}

/** Bytes of a file that is opened; the interface has the same limit. */
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
