import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, Menu, Tray } from 'electron';
import type { Core } from '#core/create-core.ts';
import type { CallOutput } from '#shared/contract/index.ts';

const trayImage = fileURLToPath(new URL('../../build/tray.png', import.meta.url));

/**
 * Keeps the console alive without a window while work runs: closing the window must not break off a
 * refresh or a bulk change. An icon in the tray says so and leads back.
 */
export class BackgroundWork {
  readonly #core: Pick<Core, 'dispatch' | 'events'>;
  readonly #showWindow: () => void;
  #tray: Tray | null = null;
  #unsubscribe: (() => void) | null = null;

  /** @param showWindow opens the window again */
  constructor(core: Pick<Core, 'dispatch' | 'events'>, showWindow: () => void) {
    this.#core = core;
    this.#showWindow = showWindow;
  }

  /** Quits, or stays in the tray until the work that runs has ended. */
  async onAllWindowsClosed(): Promise<void> {
    if (!(await this.#hasWork())) {
      if (process.platform !== 'darwin') app.quit();
      return;
    }
    this.#stay();
  }

  async #hasWork(): Promise<boolean> {
    const reply = await this.#core.dispatch(
      'tasks.list',
      {},
      { signal: new AbortController().signal },
    );
    if (!reply.ok) return false;
    const tasks = reply.value as CallOutput<'tasks.list'>;
    return tasks.some((task) => task.endedAt === null);
  }

  #stay(): void {
    if (this.#tray) return;
    this.#tray = new Tray(trayImage);
    this.#tray.setToolTip('Ostor Console: work is under way');
    this.#tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: 'Open the console', click: () => this.#return() },
        { label: 'Cancel the work and quit', click: () => app.quit() },
      ]),
    );
    this.#tray.on('click', () => this.#return());
    this.#unsubscribe = this.#core.events.subscribe((event) => {
      if (event.name === 'task.changed' && event.payload.task.endedAt !== null) void this.#settle();
    });
  }

  async #settle(): Promise<void> {
    if (await this.#hasWork()) return;
    this.#leaveTray();
    if (BrowserWindow.getAllWindows().length === 0 && process.platform !== 'darwin') app.quit();
  }

  #return(): void {
    this.#leaveTray();
    this.#showWindow();
  }

  #leaveTray(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    this.#tray?.destroy();
    this.#tray = null;
  }
}
