import { app } from './app.ts';
import { BrowserWindow } from './browser-window.ts';
import { debuggingAddress } from './chromium.ts';
import {
  clipboard,
  openDialogs,
  openedOutside,
  powerMonitor,
  shownNotifications,
} from './desktop.ts';
import { Menu, poppedUp, trays } from './menu.ts';
import { requestedAddresses } from './net.ts';
import { startedServices } from './utility-process.ts';

/** What a test may ask the stand-in about the shell, besides what the page shows. */
const questions = {
  /** Where to attach to the pages. */
  debuggingAddress,
  menuLabels: () => Menu.applicationMenu?.items.map(({ label, role }) => label ?? role ?? '') ?? [],
  /** Entries of the menus that were opened by a right click. */
  poppedUp: () => poppedUp,
  /** What was asked of a network by way of Electron, updates above all. */
  requestedAddresses: () => requestedAddresses,
  pages: () => BrowserWindow.getAllWindows().map(({ webContents }) => webContents.getURL()),
  clipboard: () => clipboard.readText(),
  copyElsewhere: (text: unknown) => clipboard.writeText(String(text)),
  openedOutside: () => openedOutside,
  trayToolTips: () => [...trays].map((tray) => tray.toolTip),
  windows: () =>
    BrowserWindow.getAllWindows().map((window) => ({
      visible: window.isVisible(),
      minimized: window.isMinimized(),
    })),
  /** Where each window is, the first one first; without `x` and `y` where the system puts it. */
  places: () =>
    BrowserWindow.getAllWindows().map(({ options: { x, y, width, height } }) => ({
      ...(x === undefined ? {} : { x }),
      ...(y === undefined ? {} : { y }),
      ...{ width, height },
    })),
  notifications: () => shownNotifications.map(({ title, body }) => ({ title, body })),
  dialogs: () => openDialogs.map(({ message }) => message),
  services: () => startedServices,
  /** Presses a button of the question that is open. */
  answerDialog: (button: unknown) => openDialogs.shift()?.answer(Number(button)),
  /** Quits as the menu's entry does. */
  requestQuit: () => app.quit(),
  /** The screen is locked, as the system tells it. */
  lockScreen: () => powerMonitor.emit('lock-screen'),
  zoom: (direction: unknown) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    if (direction !== undefined) contents?.emit('zoom-changed', {}, direction);
    return contents?.getZoomLevel();
  },
  closeWindow: () => BrowserWindow.getAllWindows()[0]?.close(),
  /** Closes all at once, as a desktop's "Close all windows" does. */
  closeWindows: () => {
    for (const window of BrowserWindow.getAllWindows()) window.close();
  },
  /** Chooses an entry of the application's menu. */
  chooseFromMenu: (label: unknown) => {
    const items = Menu.applicationMenu?.items.flatMap(({ submenu }) => submenu ?? []) ?? [];
    const found = items.find((item) => item.label === label);
    if (!found?.click) throw new Error(`The menu has no ${label}.`);
    found.click();
  },
  clickTray: () => [...trays].map((tray) => tray.emit('click')).length,
};

/** Name of a question. */
export type StandInQuestion = keyof typeof questions;

interface Asked {
  id: number;
  question: StandInQuestion;
  argument?: unknown;
}

/** Answers the process that started the shell, over Node's own channel between parent and child. */
export function answerTests(): void {
  process.on('message', async ({ id, question, argument }: Asked) => {
    try {
      process.send?.({ id, answer: await questions[question](argument) });
    } catch (error) {
      process.send?.({ id, error: String(error) });
    }
  });
  process.channel?.unref();
}
