import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.js';
import { inRoot, root } from './paths.js';
import { runNode, tool } from './run.js';
import { say } from './say.js';

const inputs = ['src', 'electron.vite.config.ts', 'package.json', 'package-lock.json'];
const stampFile = inRoot('out', '.stamp');

function filesUnder(path) {
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}

/** Changes with every file that the build reads: name, size, time of change. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const path of inputs.flatMap(filesUnder)) {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function isBuilt(wanted) {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted;
}

/** Builds main, preload and renderer into `out`. Throws where the build fails. */
async function build(wanted) {
  say('Building the console.');
  const electronVite = tool('electron-vite', 'bin', 'electron-vite.js');
  const status = await runNode([electronVite, 'build', '--logLevel', 'warn'], { stdout: 'stderr' });
  if (status !== 0) throw new Error(`The build failed with status ${status}; its output is above.`);
  writeFileSync(stampFile, wanted);
}

/**
 * Builds where a source changed since the last build.
 * @param force build in any case
 */
export async function ensureBundle({ force = false } = {}) {
  if (!force && isBuilt(fingerprint())) return;
  await withLock('build', async () => {
    const wanted = fingerprint();
    if (force || !isBuilt(wanted)) await build(wanted);
  });
}
