import type { BrowserWindow, WebContents } from 'electron';
import type { DesktopSettingsFile } from './desktop-settings.ts';

/** Zoom levels that one step of the mouse's wheel makes; a level is a factor of 1.2. */
const zoomStep = 0.5;
const zoomLimits = { least: -4, most: 6 };

export function goInHistory(contents: WebContents, direction: 'back' | 'forward'): void {
  const { navigationHistory: history } = contents;
  if (direction === 'back' && history.canGoBack()) history.goBack();
  if (direction === 'forward' && history.canGoForward()) history.goForward();
}

/** Goes back and forward by the mouse's side buttons and keyboards' own keys, and by swiping on macOS. */
export function followGestures(window: BrowserWindow): void {
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
export function keepZoom(window: BrowserWindow, settings: DesktopSettingsFile): void {
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
