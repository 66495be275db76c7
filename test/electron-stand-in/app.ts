import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { holdInstanceLock, releaseInstanceLock } from './instance-lock.ts';
import { openWindows } from './open-windows.ts';
import { PreventableEvent } from './preventable.ts';

class StandInApp extends EventEmitter {
  readonly isPackaged = process.env.STAND_IN_PACKAGED === '1';
  readonly ready = Promise.withResolvers<void>();
  isReadyNow = false;
  #name: string = packageJson.name;
  #userData: string | null = null;
  #quitting = false;

  whenReady(): Promise<void> {
    return this.ready.promise;
  }

  isReady(): boolean {
    return this.isReadyNow;
  }

  setName(name: string): void {
    this.#name = name;
  }

  setAppUserModelId(_id: string): void {
    // names the application to Windows alone
  }

  getName(): string {
    return this.#name;
  }

  getVersion(): string {
    return process.env.STAND_IN_VERSION ?? packageJson.version;
  }

  getAppPath(): string {
    return this.isPackaged ? join(process.resourcesPath, 'app.asar') : process.cwd();
  }

  getPath(name: string): string {
    if (name !== 'userData') throw new Error(`The stand-in has no path "${name}".`);
    return this.#userData ?? join(homedir(), '.config', this.#name);
  }

  setPath(name: string, path: string): void {
    if (name !== 'userData') throw new Error(`The stand-in has no path "${name}".`);
    if (!isAbsolute(path)) throw new Error('Path must be absolute');
    if (!existsSync(path)) throw new Error(`Failed to set path: ${path} does not exist`);
    this.#userData = path;
  }

  requestSingleInstanceLock(): boolean {
    const folder = this.getPath('userData');
    mkdirSync(folder, { recursive: true });
    return holdInstanceLock(folder, (args, directory) =>
      this.emit('second-instance', {}, args, directory),
    );
  }

  releaseSingleInstanceLock(): void {
    releaseInstanceLock();
  }

  /** The program is started once more when this one has ended. */
  relaunch(): void {
    process.stderr.write('[app] relaunch\n');
  }

  quit(): void {
    if (this.#quitting) return;
    this.#quitting = true;
    void this.#quit();
  }

  /** As in Electron, at once: the browser ends with this process, and nobody waits for it. */
  exit(code = 0): never {
    process.exit(code);
  }

  /** The last window is closed: as Electron, the default without a listener is to quit. */
  onLastWindowClosed(): void {
    if (!this.#quitting && !this.emit('window-all-closed')) this.quit();
  }

  async #quit(): Promise<void> {
    if (this.#isPrevented('before-quit')) return;
    const closed = await Promise.all([...openWindows].map((window) => window.closed()));
    if (closed.includes(false)) {
      this.#quitting = false;
      return;
    }
    if (this.#isPrevented('will-quit')) return;
    this.exit(0);
  }

  #isPrevented(name: string): boolean {
    const event = new PreventableEvent();
    this.emit(name, event);
    this.#quitting = !event.defaultPrevented;
    return event.defaultPrevented;
  }
}

/** Stand-in for Electron's `app`. */
export const app = new StandInApp();

/** The application's code is loaded: readiness may be announced. */
export function becomeReady(): void {
  app.isReadyNow = true;
  app.emit('ready');
  app.ready.resolve();
}
