import { app, Menu, type MenuItemConstructorOptions, shell } from 'electron';

function applicationMenu(): MenuItemConstructorOptions {
  return { role: 'appMenu' };
}

function fileMenu(): MenuItemConstructorOptions {
  return {
    label: 'File',
    submenu: [
      { role: 'close', accelerator: 'CommandOrControl+W' },
      { role: 'quit', accelerator: 'CommandOrControl+Q' },
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

function helpMenu(dataDir: string): MenuItemConstructorOptions {
  return {
    role: 'help',
    submenu: [
      { label: 'Open data folder', click: () => void shell.openPath(dataDir) },
      { type: 'separator' },
      { role: 'about' },
    ],
  };
}

/** Puts up the menu: the system's standard entries, and the way to the data folder. */
export function setMenu(dataDir: string): void {
  const isMac = process.platform === 'darwin';
  const template = [
    ...(isMac ? [applicationMenu()] : []),
    fileMenu(),
    { role: 'editMenu' } as const,
    viewMenu(),
    { role: 'windowMenu' } as const,
    helpMenu(dataDir),
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
