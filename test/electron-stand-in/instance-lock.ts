import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

// tells the instance that holds the socket, and says by its exit status whether there was one
const knock = `const s = require('node:net').connect(process.argv[1]);
s.on('connect', () => s.end(process.argv[2])).on('close', (failed) => process.exit(failed ? 1 : 0)).on('error', () => {});`;

let server: Server | null = null;

/** Lets another instance be the one. */
export function releaseInstanceLock(): void {
  server?.close();
  server = null;
}

/**
 * Makes this the one instance of a data folder, or tells the one that is.
 * @param onSecond another instance was started
 * @returns whether this is the one
 */
export function holdInstanceLock(
  folder: string,
  onSecond: (args: string[], directory: string) => void,
): boolean {
  const path = join(folder, 'instance.sock');
  // Electron answers synchronously, and so has this to
  if (
    spawnSync(process.execPath, ['-e', knock, path, JSON.stringify([process.argv, process.cwd()])])
      .status === 0
  )
    return false;
  rmSync(path, { force: true });
  server = createServer((socket) => {
    text(socket).then((said) => {
      if (said !== '') onSecond(...(JSON.parse(said) as [string[], string]));
    });
  });
  server.listen(path);
  server.unref();
  return true;
}
