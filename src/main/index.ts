import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, clipboard, session, utilityProcess } from 'electron';
import type { ForkKeychain } from '#core/clusters/secrets/keychain-process.ts';
import type { Core, CoreOptions } from '#core/core.ts';
import { createCore } from '#core/create-core.ts';
import { StaticAssets } from '#core/platform/files/static-assets.ts';
import { registerAppScheme, serveInterface } from './app-protocol.ts';
import { announceEvents, BackgroundWork } from './background-work.ts';
import { DesktopSettingsFile } from './desktop-settings.ts';
import { exitOnFailedStart, exitOnUncaught, recoverPage, tellStarter } from './failures.ts';
import { IdleLock } from './idle-lock.ts';
import { openIpcTransport } from './ipc-transport.ts';
import { addContextMenu, setMenu } from './menu.ts';
import { type DesktopOptions, makeDataDir, readDesktopOptions } from './options.ts';
import { adminAreas, developmentOrigin, guardPages, ownWindows } from './page-guards.ts';
import { Quitting } from './quit.ts';
import { SecretClipboard } from './secret-clipboard.ts';
import { systemProxy } from './system-proxy.ts';
import { SystemUpdater } from './system-updater.ts';
import { savedAdminAreas } from './trusted-addresses.ts';
import { openWindow, sendFiles } from './window.ts';
import { WindowStateFile } from './window-state.ts';
import { WorkWatch } from './work-left.ts';

/** Starts the keychain's process as one of Electron's own: the packaged program does not run as Node. */
const forkAsUtility: ForkKeychain = (entry) => {
  const child = utilityProcess.fork(fileURLToPath(entry), [], {
    serviceName: 'Ostor Console Keychain',
    stdio: 'ignore',
  });
  return {
    send: (request) => child.postMessage(request),
    onReply: (listener) => void child.on('message', listener),
    onExit: (listener) => void child.on('exit', listener),
    hold: () => undefined, // it never keeps Electron alive
    kill: () => {
      // a thread that waits for a keyring to be unlocked holds up any gentler end
      if (child.pid === undefined) child.kill();
      else process.kill(child.pid, 'SIGKILL');
    },
  };
};

// whatever the console writes is its owner's alone
process.umask(0o077);

/** The demo is loaded when it is needed: a console with saved connections never does. */
const startDemo: NonNullable<CoreOptions['startDemo']> = async () =>
  (await import('#simulator/demo-cluster.ts')).startDemoCluster();

async function openCore(dataDir: string, updater: SystemUpdater, demo: boolean): Promise<Core> {
  return await createCore({
    shell: 'desktop',
    version: app.getVersion(),
    dataDir,
    ...(demo && { startDemo }),
    forkKeychain: forkAsUtility,
    systemProxy: systemProxy(session.defaultSession),
    updater,
    checkOutputs: developmentOrigin() !== undefined,
  });
}

function bringToFront(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore();
  window.show();
  window.focus();
}

/**
 * Joins the parts of the shell to an open core; the first window opens at the end.
 * @returns what ends it
 */
function openShell(core: Core, dataDir: string, files: readonly string[]): Quitting {
  const settings = new DesktopSettingsFile(dataDir);
  const stateFile = new WindowStateFile(dataDir);
  const work = new WorkWatch(core.events);
  const secrets = new SecretClipboard(clipboard);
  const endForwarding = openIpcTransport(core, secrets);
  const idleLock = new IdleLock({ core, clearClipboard: () => secrets.clear() });
  const quitting = new Quitting({
    workUnderWay: () => work.titles(),
    finishInBackground: () => void background.finish(),
    close: async () => {
      endForwarding();
      idleLock.close();
      await secrets.clear().catch(() => undefined);
      await core.close();
    },
  });
  const newWindow = (address?: string): void => {
    if (quitting.ending) return; // nothing may be opened on a core that is closing
    const window = openWindow({ stateFile, settings, onShown: tellStarter, address });
    recoverPage(window);
    addContextMenu(window);
    quitting.watchSession(window);
    background.watch(window);
  };
  const showWindow = (): void => {
    const [open] = BrowserWindow.getAllWindows();
    if (open && !quitting.ending) bringToFront(open);
    else newWindow();
  };
  const background = new BackgroundWork({ core, work, settings, quitting, showWindow });
  announceEvents({ core, work, settings, showWindow: () => background.return() });
  setMenu({ dataDir, settings, newWindow: () => newWindow() });
  ownWindows.open = newWindow;
  adminAreas.list = () => savedAdminAreas(core);
  const openFiles = (paths: readonly string[]): void => {
    background.return();
    const window = BrowserWindow.getFocusedWindow() ?? BrowserWindow.getAllWindows()[0];
    if (window && !quitting.ending) void sendFiles(window, paths);
  };
  app.on('second-instance', (_event, args, directory) => {
    openFiles(readDesktopOptions(args.slice(1), directory).files);
  });
  app.on('activate', () => background.return());
  app.on('open-file', (_event, path) => openFiles([path]));
  newWindow();
  if (files.length > 0) openFiles(files);
  return quitting;
}

async function start(dataDir: string, { files, demo }: DesktopOptions): Promise<void> {
  // macOS hands over the file that started the console before it is ready
  app.on('open-file', (event, path) => {
    event.preventDefault();
    files.push(path);
  });
  await app.whenReady();
  guardPages(session.defaultSession);
  serveInterface(new StaticAssets(fileURLToPath(new URL('../renderer', import.meta.url))));
  let quitting: Quitting | null = null;
  const updater = new SystemUpdater((install) => quitting?.endThen(install));
  quitting = openShell(await openCore(dataDir, updater, demo), dataDir, files);
}

/** Where the console's data is, and Chromium's own: it also tells one instance from another. */
function settleDataDir(dataDir: string | undefined): string {
  if (dataDir === undefined) return app.getPath('userData');
  makeDataDir(dataDir);
  app.setPath('userData', dataDir);
  return dataDir;
}

function sayAlreadyRunning(dataDir: string): void {
  process.stderr.write(
    `Ostor Console is already running on ${dataDir}; its window was brought to the front.\n`,
  );
  tellStarter();
  app.quit();
}

app.setName('Ostor Console');
app.setAppUserModelId('com.ostor.console'); // on Windows notifications come under this name
registerAppScheme();
const options = readDesktopOptions(process.argv.slice(app.isPackaged ? 1 : 2));
const wantedDataDir = options.dataDir ?? app.getPath('userData');
exitOnUncaught(wantedDataDir);
try {
  const dataDir = settleDataDir(options.dataDir);
  // not awaited here: Electron becomes ready only once this module has been evaluated
  if (app.requestSingleInstanceLock()) {
    start(dataDir, options).catch((thrown) => exitOnFailedStart(dataDir, thrown));
  } else sayAlreadyRunning(dataDir);
} catch (thrown) {
  exitOnFailedStart(wantedDataDir, thrown);
}
