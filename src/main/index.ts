import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, session } from 'electron';
import { type Core, createCore } from '#core/create-core.ts';
import { InterfaceFiles } from '#core/platform/files/static-assets.ts';
import { registerAppScheme, serveInterface } from './app-protocol.ts';
import { BackgroundWork } from './background-work.ts';
import { exitOnFailedStart, exitOnUncaught, recoverPage } from './failures.ts';
import { openIpcTransport } from './ipc-transport.ts';
import { setMenu } from './menu.ts';
import { readDesktopOptions } from './options.ts';
import { developmentOrigin } from './page-address.ts';
import { guardPages } from './page-guards.ts';
import { quitAfter } from './quit.ts';
import { systemProxy } from './system-proxy.ts';
import { openWindow } from './window.ts';
import { WindowStateFile } from './window-state.ts';

/** Opens the window, or brings the one that is open to the front. */
function showWindow(stateFile: WindowStateFile): void {
  const [open] = BrowserWindow.getAllWindows();
  if (!open) {
    recoverPage(openWindow(stateFile));
    return;
  }
  if (open.isMinimized()) open.restore();
  open.show();
  open.focus();
}

async function openCore(dataDir: string): Promise<Core> {
  return await createCore({
    shell: 'desktop',
    version: app.getVersion(),
    dataDir,
    // loaded when it is needed: a console with clusters of its own never does
    startDemo: async () => (await import('#simulator/demo-cluster.ts')).startDemoCluster(),
    systemProxy: systemProxy(session.defaultSession),
    checkOutputs: developmentOrigin() !== undefined,
  });
}

async function start(dataDir: string): Promise<void> {
  await app.whenReady();
  guardPages(session.defaultSession);
  serveInterface(new InterfaceFiles(fileURLToPath(new URL('../renderer', import.meta.url))));
  const core = await openCore(dataDir);
  const endForwarding = openIpcTransport(core);
  quitAfter(async () => {
    endForwarding();
    await core.close();
  });
  setMenu(dataDir);
  const stateFile = new WindowStateFile(dataDir);
  const show = (): void => showWindow(stateFile);
  const background = new BackgroundWork(core, show);
  app.on('second-instance', show);
  app.on('activate', show);
  app.on('window-all-closed', () => void background.onAllWindowsClosed());
  show();
}

app.setName('Ostor Console');
exitOnUncaught();
registerAppScheme();
const { dataDir } = readDesktopOptions(process.argv.slice(app.isPackaged ? 1 : 2));
// also where Chromium keeps its own files, and what tells one instance from another
if (dataDir !== undefined) app.setPath('userData', dataDir);
// not awaited here: Electron becomes ready only once this module has been evaluated
if (app.requestSingleInstanceLock()) start(app.getPath('userData')).catch(exitOnFailedStart);
else app.quit();
