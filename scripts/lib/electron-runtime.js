import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot, nodePath } from './paths.js';

const downloadFolder = inRoot('.cache', 'electron-download');
const stallMilliseconds = 15_000;

/** The path of Electron's program, or null where its runtime is not installed. */
export function electronPath() {
  const pathFile = inRoot('node_modules', 'electron', 'path.txt');
  if (!existsSync(pathFile)) return null;
  const folder =
    process.env.ELECTRON_OVERRIDE_DIST_PATH ?? inRoot('node_modules', 'electron', 'dist');
  const program = join(folder, readFileSync(pathFile, 'utf8'));
  return existsSync(program) ? program : null;
}

function downloadedBytes() {
  return readdirSync(downloadFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => {
      const { size } = statSync(join(entry.parentPath ?? entry.path, entry.name), {
        throwIfNoEntry: false,
      }) ?? { size: 0 };
      return sum + size;
    }, 0);
}

/**
 * Runs Electron's own installer, which downloads the runtime. Ended when nothing has arrived for a
 * while: a network that swallows packets would hold it for minutes.
 */
function install() {
  mkdirSync(downloadFolder, { recursive: true });
  return new Promise((resolve) => {
    const installer = inRoot('node_modules', 'electron', 'install.js');
    const child = spawn(nodePath(), [installer], {
      env: { ...process.env, TMPDIR: downloadFolder, TEMP: downloadFolder, TMP: downloadFolder },
      stdio: 'ignore',
    });
    let bytes = 0;
    let movedAt = Date.now();
    const watch = setInterval(() => {
      const now = downloadedBytes();
      if (now !== bytes) movedAt = Date.now();
      bytes = now;
      if (Date.now() - movedAt > stallMilliseconds) child.kill();
    }, 1000);
    child.once('exit', () => {
      clearInterval(watch);
      resolve();
    });
  });
}

/** Electron's program, downloaded if need be; null where it can't be had. */
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
