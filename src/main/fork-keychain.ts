import { fileURLToPath } from 'node:url';
import { utilityProcess } from 'electron';
import type { ForkKeychain } from '#core/clusters/secrets/keychain-process.ts';

/** Starts the keychain's process as one of Electron's own: the packaged program does not run as Node. */
export const forkAsUtility: ForkKeychain = (entry) => {
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
