import {
  app,
  BrowserWindow,
  type ContextMenuParams,
  Menu,
  type MenuItemConstructorOptions,
  shell,
} from 'electron';
import type { DesktopSettingsFile } from './desktop-settings.ts';
import { goInHistory } from './window.ts';

/**
 * Entries of the right-click menu for where the pointer is: editing in fields, copying from selected
 * text, the way back elsewhere. The page keeps the menu away where it shows one of its own.
 */
function contextMenuFor(
  {
    isEditable,
    selectionText,
    editFlags,
  }: Pick<ContextMenuParams, 'isEditable' | 'selectionText' | 'editFlags'>,
  go: (direction: 'back' | 'forward') => void,
): MenuItemConstructorOptions[] {
  if (isEditable) {
    return [
      { role: 'undo', enabled: editFlags.canUndo },
      { role: 'redo', enabled: editFlags.canRedo },
      { type: 'separator' },
      { role: 'cut', enabled: editFlags.canCut },
      { role: 'copy', enabled: editFlags.canCopy },
      { role: 'paste', enabled: editFlags.canPaste },
      { role: 'delete', enabled: editFlags.canDelete },
      { type: 'separator' },
      { role: 'selectAll', enabled: editFlags.canSelectAll },
    ];
  }
  if (selectionText.trim() !== '') return [{ role: 'copy' }, { role: 'selectAll' }];
  return [
    { label: 'Back', click: () => go('back') },
    { label: 'Forward', click: () => go('forward') },
    { type: 'separator' },
    { role: 'selectAll' },
  ];
}

export function addContextMenu(window: BrowserWindow): void {
  window.webContents.on('context-menu', (_event, parameters) => {
    const go = (direction: 'back' | 'forward') => goInHistory(window.webContents, direction);
    Menu.buildFromTemplate(contextMenuFor(parameters, go)).popup({ window });
  });
}

interface MenuParts {
  dataDir: string;
  settings: DesktopSettingsFile;
  newWindow(): void;
}

const isMac = process.platform === 'darwin';

function check(
  label: string,
  settings: DesktopSettingsFile,
  name: 'keepRunning' | 'notify',
): MenuItemConstructorOptions {
  return {
    label,
    type: 'checkbox',
    checked: settings.current[name],
    click: ({ checked }) => settings.change({ [name]: checked }),
  };
}

function fileMenu({ settings, newWindow }: MenuParts): MenuItemConstructorOptions {
  return {
    label: 'File',
    submenu: [
      { label: 'New Window', accelerator: 'CommandOrControl+Shift+N', click: newWindow },
      { type: 'separator' },
      ...(isMac ? [] : [check('Keep Running When Closed', settings, 'keepRunning')]),
      check('Notifications', settings, 'notify'),
      { type: 'separator' },
      { role: 'close', accelerator: 'CommandOrControl+W' },
      ...(isMac ? [] : [{ role: 'quit', accelerator: 'CommandOrControl+Q' } as const]),
    ],
  };
}

function viewMenu(): MenuItemConstructorOptions {
  const development: MenuItemConstructorOptions[] = app.isPackaged
    ? []
    : [{ type: 'separator' }, { role: 'toggleDevTools' }];
  return {
    label: 'View',
    submenu: [
      { role: 'reload', accelerator: 'CommandOrControl+Shift+R' },
      { type: 'separator' },
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { type: 'separator' },
      { role: 'togglefullscreen' },
      ...development,
    ],
  };
}

function goMenu(): MenuItemConstructorOptions {
  const go = (direction: 'back' | 'forward') => () => {
    const window = BrowserWindow.getFocusedWindow();
    if (window) goInHistory(window.webContents, direction);
  };
  return {
    label: 'Go',
    submenu: [
      { label: 'Back', accelerator: isMac ? 'Command+[' : 'Alt+Left', click: go('back') },
      { label: 'Forward', accelerator: isMac ? 'Command+]' : 'Alt+Right', click: go('forward') },
    ],
  };
}

function helpMenu({ dataDir }: MenuParts): MenuItemConstructorOptions {
  return {
    role: 'help',
    submenu: [
      { label: 'Open Data Folder', click: () => void shell.openPath(dataDir) },
      ...(isMac ? [] : [{ type: 'separator' } as const, { role: 'about' } as const]),
    ],
  };
}

/** Puts up the menu: the system's standard entries, windows, history, and the shell's own settings. */
export function setMenu(parts: MenuParts): void {
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    fileMenu(parts),
    { role: 'editMenu' },
    viewMenu(),
    goMenu(),
    { role: 'windowMenu' },
    helpMenu(parts),
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
