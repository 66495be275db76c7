/** The module `electron` as the desktop shell sees it under the stand-in. */
export { app } from './app.ts';
export { BrowserWindow } from './browser-window.ts';
export {
  clipboard,
  dialog,
  Notification,
  nativeImage,
  nativeTheme,
  powerMonitor,
  screen,
  shell,
} from './desktop.ts';
export { ipcMain } from './ipc-main.ts';
export { Menu, Tray } from './menu.ts';
export { autoUpdater, net } from './net.ts';
export { protocol } from './protocol.ts';
export { session } from './session.ts';
export { utilityProcess } from './utility-process.ts';
