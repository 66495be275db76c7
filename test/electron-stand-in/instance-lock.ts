import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

// tells the instance that holds the socket, and says by its exit status whether there was one
const knock = `const s = require('node:net').connect(process.argv[1]);
s.on('connect', () => s.end()).on('close', (failed) => process.exit(failed ? 1 : 0)).on('error', () => {});`;

/**
 * Makes this the one instance of a data folder, or tells the one that is.
 * @param onSecond another instance was started
 * @returns whether this is the one
 */
export function holdInstanceLock(folder: string, onSecond: () => void): boolean {
  const path = join(folder, 'instance.sock');
  // Electron answers synchronously, and so has this to
  if (spawnSync(process.execPath, ['-e', knock, path]).status === 0) return false;
  rmSync(path, { force: true });
  const server = createServer((socket) => {
    socket.resume();
    onSecond();
  });
  server.listen(path);
  server.unref();
  return true;
}
