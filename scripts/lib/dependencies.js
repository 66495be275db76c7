import { existsSync, readFileSync } from 'node:fs';
import { withLock } from './lock.js';
import { inRoot } from './paths.js';
import { run } from './run.js';
import { say } from './say.js';

function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages ?? {};
}

/**
 * Whether what is installed is what the lock file names, package by package. npm leaves a lock file
 * of what it installed in `node_modules`, written last, so that a broken-off installation is seen.
 */
export function dependenciesAreCurrent() {
  const installedFile = inRoot('node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = packagesOf(inRoot('package-lock.json'));
  const installed = packagesOf(installedFile);
  return Object.entries(wanted).every(([path, { version, optional, devOptional, link }]) => {
    if (path === '' || link) return true;
    const found = installed[path];
    // packages for other platforms are named in the lock file and left out of the installation
    return found ? found.version === version : optional === true || devOptional === true;
  });
}

/** npm as it was called, else the one on the PATH. */
function npm(args) {
  const options = { stdout: 'stderr', env: { NODE_ENV: 'development' } };
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return run(process.execPath, [script, ...args], options);
  return run('npm', args, { ...options, shell: process.platform === 'win32' });
}

/** Installs what the lock file names, where it is not there yet. Throws where npm fails. */
export async function ensureDependencies() {
  if (dependenciesAreCurrent()) return;
  await withLock('install', async () => {
    if (dependenciesAreCurrent()) return;
    say('Installing dependencies (npm ci): a minute or two the first time.');
    const status = await npm([
      'ci',
      '--loglevel=error',
      '--no-audit',
      '--no-fund',
      '--include=dev',
      '--include=optional',
    ]);
    if (status !== 0) throw new Error(`npm ci failed with status ${status}; its output is above.`);
  });
}
