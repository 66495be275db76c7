import { fileURLToPath } from 'node:url';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { pageAddress } from './page-address.ts';
import { fitToDisplays, type WindowStateFile } from './window-state.ts';

/** What is behind the page until it has drawn: the interface's own background in either theme. */
const background = { light: '#f8fafc', dark: '#0b1017' } as const;

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
 * Opens the console's window where it last stood. The page has no Node, no process of its own
 * choosing and no way out but the bridge.
 */
export function openWindow(stateFile: WindowStateFile): BrowserWindow {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  const areas = [primary, ...others].map((display) => display.workArea);
  const { x, y, width, height, maximized } = fitToDisplays(stateFile.read(), areas);
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
  window.once('ready-to-show', () => {
    if (maximized) window.maximize();
    window.show();
  });
  window.loadURL(pageAddress()).catch(() => undefined); // a page that fails to load shows that itself
  return window;
}
