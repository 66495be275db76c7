import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot, nodePath, root } from './paths.js';
import { run } from './run.js';

const downloadFolder = inRoot('.cache', 'electron-download');
const distFolder = inRoot('node_modules', 'electron', 'dist');
const stallMilliseconds = 15_000;

const programs = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };

/** The path of Electron's program, or null where its runtime is not installed. */
export function electronPath() {
  // written last by Electron's installer: without it the folder may be half extracted
  const isComplete = existsSync(inRoot('node_modules', 'electron', 'path.txt'));
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? (isComplete ? distFolder : null);
  const program = folder && join(folder, programs[process.platform] ?? 'electron');
  return program && existsSync(program) ? program : null;
}

/** Bytes in a folder, with those below it; 0 where there is none. */
function bytesIn(folder) {
  if (!existsSync(folder)) return 0;
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => {
      const { size } = statSync(join(entry.parentPath ?? entry.path, entry.name), {
        throwIfNoEntry: false,
      }) ?? { size: 0 };
      return sum + size;
    }, 0);
}

/** The environment of Electron's installer: it asks a proxy only where it is set to. */
export function installerEnvironment(environment = process.env) {
  const names = ['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy'];
  const hasProxy = names.some((name) => environment[name]);
  const folders = { TMPDIR: downloadFolder, TEMP: downloadFolder, TMP: downloadFolder };
  const proxy = hasProxy ? { ELECTRON_GET_USE_PROXY: 'true' } : {};
  return { ...environment, ...folders, ...proxy };
}

/**
 * Ends a download in which nothing has arrived for a while: a network that swallows packets would
 * hold it for minutes. An extraction has begun when the second folder is there, and is left alone.
 * @param child the process to end
 * @param folders of the download, and of what is extracted from it
 * @returns ends the watching
 */
export function endWhenStalled(child, { download, extracted }, stall = stallMilliseconds) {
  let bytes = -1;
  let movedAt = Date.now();
  const watch = setInterval(() => {
    const now = bytesIn(download);
    if (now !== bytes || existsSync(extracted)) movedAt = Date.now();
    bytes = now;
    if (Date.now() - movedAt > stall) child.kill();
  }, stall / 15);
  return () => clearInterval(watch);
}

/** Runs Electron's own installer, which downloads the runtime. */
function install() {
  mkdirSync(downloadFolder, { recursive: true });
  // what a broken-off extraction left would pass for one under way
  rmSync(distFolder, { recursive: true, force: true });
  return new Promise((resolve) => {
    const installer = inRoot('node_modules', 'electron', 'install.js');
    const child = spawn(nodePath(), [installer], { env: installerEnvironment(), stdio: 'ignore' });
    const endWatch = endWhenStalled(child, { download: downloadFolder, extracted: distFolder });
    child.once('exit', () => {
      endWatch();
      resolve();
    });
  });
}

/** Electron's program, downloaded if needed; null where it isn't available. */
export async function obtainElectron() {
  const installed = electronPath();
  if (installed) return installed;
  await install();
  rmSync(downloadFolder, { recursive: true, force: true });
  return electronPath();
}

/** Why no window can be opened here, in a few words; null where one can. */
export function noWindowReason() {
  if (process.platform !== 'linux') return null;
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'there is no display';
  if (process.getuid?.() === 0) return 'Electron does not run sandboxed as root';
  return null;
}

/** The console's first word to whoever started it: it has a window, or has said why it ends. */
const startedMessage = 'ostor-console:started';

/**
 * Runs the console in Electron.
 * @param program Electron's
 * @param args of the console
 * @returns `status`, its exit status; or `diedEarly`, how it ended before it had shown a window or
 * said why it would not
 */
export async function runElectron(program, args, application = root) {
  let started = false;
  const onMessage = (message) => {
    started ||= message === startedMessage;
  };
  const stop = () => {
    started = true; // ended by the person at the terminal: nothing to make up for
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop);
  try {
    const status = await run(program, [application, ...args], { onMessage });
    return started || status === 0 ? { status } : { diedEarly: `status ${status}` };
  } catch (error) {
    return { diedEarly: error.code ?? error.message };
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, stop);
  }
}
