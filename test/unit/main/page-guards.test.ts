import { afterEach, expect, it, vi } from 'vitest';
import { appOrigin } from '#shared/page-policy.ts';
import { app, BrowserWindow, openDialogs, shell } from '#test/fakes/fake-electron.ts';
import { openedOutside } from '../../electron-stand-in/desktop.ts';

vi.mock('electron', () => import('#test/fakes/fake-electron.ts'));

const { adminAreas, guardPages, ownWindows } = await import('../../../src/main/page-guards.ts');

const { open } = ownWindows;
const { list } = adminAreas;
const { openExternal } = shell;
afterEach(() => {
  adminAreas.list = list;
  ownWindows.open = open;
  shell.openExternal = openExternal;
  app.removeAllListeners('web-contents-created');
});

/** Asks for a window as a guarded page does; returns what Electron is to do about it. */
function ask(url: string): string | undefined {
  guardPages({
    setPermissionRequestHandler: () => undefined,
    setPermissionCheckHandler: () => undefined,
    setDevicePermissionHandler: () => undefined,
  } as unknown as Parameters<typeof guardPages>[0]);
  const { webContents } = new BrowserWindow({ webPreferences: {} });
  app.emit('web-contents-created', {}, webContents);
  return webContents.openHandler?.({ url }).action;
}

it('a row that is opened in a new window gets one of the console’s own, at the same address', () => {
  const opened: string[] = [];
  ownWindows.open = (url) => void opened.push(url);
  const address = `${appOrigin}/#/c/rack-7/users/0a`;
  // the shell makes the window itself: Electron's own would lack the bridge and its guards
  expect(ask(address)).toBe('deny');
  expect(opened).toEqual([address]);
});

it.each([
  'http://127.0.0.1:1/#/c/rack-7/users',
  `${appOrigin}.example/#/c/rack-7/users`,
  'file:///etc/passwd',
  'javascript:alert(1)',
])('no window is opened at %s', (address) => {
  const opened: string[] = [];
  const outside = openedOutside.length;
  ownWindows.open = (url) => void opened.push(url);
  expect(ask(address)).toBe('deny');
  expect([opened, openedOutside.length]).toEqual([[], outside]);
});

it('a page of a billing system’s admin area opens in the operator’s browser, where it is saved', async () => {
  const page = 'https://billing.example/admin/invoices.php?action=edit&id=7';
  const before = openedOutside.length;
  const asked: string[] = [];
  adminAreas.list = async () => {
    asked.push('asked');
    return [];
  };
  expect(ask(page)).toBe('deny');
  await vi.waitFor(() => expect(asked).toEqual(['asked']));
  adminAreas.list = async () => ['https://billing.example/admin'];
  expect(ask(page)).toBe('deny');
  await vi.waitFor(() => expect(openedOutside.slice(before)).toEqual([page]));
});

it('a page that no browser opens is said to the operator, with its address', async () => {
  const asked = openDialogs.length;
  adminAreas.list = async () => ['https://billing.example/admin'];
  shell.openExternal = () => Promise.reject(new Error('no application is registered'));
  expect(ask('https://billing.example/admin/orders.php')).toBe('deny');
  await vi.waitFor(() =>
    expect(openDialogs.slice(asked).map(({ message }) => message)).toEqual([
      'The page could not be opened in your browser',
    ]),
  );
});
