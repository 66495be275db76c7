import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** A path inside the repository. */
export function inRoot(...parts) {
  return join(root, ...parts);
}

/**
 * The Node that the console runs on: the one Electron embeds, from the `node` package; else the
 * running one, where it is new enough.
 */
export function nodePath() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const own = inRoot('node_modules', 'node', 'bin', name);
  if (existsSync(own)) return own;
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  throw new Error(
    'Node 24 is missing: the package "node" did not install it. Run "npm ci" and look at its output, or install Node 24.',
  );
}
