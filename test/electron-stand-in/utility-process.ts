import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { isAbsolute } from 'node:path';
import { app } from './app.ts';

/** Gives a process of Node the port that Electron gives a utility process. */
const parentPort = `data:text/javascript,${encodeURIComponent(`
import { EventEmitter } from 'node:events';
process.parentPort = Object.assign(new EventEmitter(), {
  postMessage: (message) => process.send(message),
});
// as with any port, what comes before somebody listens waits
process.parentPort.once('newListener', () => setImmediate(() => {
  process.on('message', (data) => process.parentPort.emit('message', { data }));
}));
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
`)}`;

/** Names of the services that were started. */
export const startedServices: string[] = [];

class StandInUtilityProcess extends EventEmitter {
  readonly #child: ChildProcess;

  constructor(child: ChildProcess) {
    super();
    this.#child = child;
    child.on('message', (message) => this.emit('message', message));
    child.on('exit', (code) => this.emit('exit', code));
    child.unref();
    child.channel?.unref();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  postMessage(message: unknown): void {
    if (this.#child.connected) this.#child.send(structuredClone(message) as object);
  }

  kill(): boolean {
    return this.#child.kill();
  }
}

/** Stand-in for Electron's `utilityProcess`. */
export const utilityProcess = {
  fork(path: string, args: string[], options: { serviceName: string }): StandInUtilityProcess {
    if (!app.isReady()) throw new Error('utilityProcess.fork is called once the app is ready.');
    if (!isAbsolute(path)) throw new Error('A utility process is started from an absolute path.');
    startedServices.push(options.serviceName);
    return new StandInUtilityProcess(
      fork(path, args, {
        execArgv: ['--import', parentPort],
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      }),
    );
  },
};
