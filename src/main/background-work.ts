import { fileURLToPath } from 'node:url';
import { app, BrowserWindow, Menu, Tray } from 'electron';
import type { Core } from '#core/create-core.ts';
import { describeWorkLeft, findWorkLeft, isWorkLeft, type WorkLeft } from './work-left.ts';

const trayImage = fileURLToPath(new URL('../../build/tray.png', import.meta.url));

/**
 * Keeps the console alive without a window while work runs or usage is collected on a schedule: closing
 * the window must not break off a bulk change or leave a night uncollected. An icon in the tray says so
 * and leads back.
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

  /** Quits, or stays in the tray until the work that runs has ended and no schedule is on. */
  async onAllWindowsClosed(): Promise<void> {
    const work = await findWorkLeft(this.#core);
    if (!isWorkLeft(work)) {
      if (process.platform !== 'darwin') app.quit();
      return;
    }
    this.#stay(work);
  }

  #stay(work: WorkLeft): void {
    if (this.#tray) return;
    this.#tray = new Tray(trayImage);
    this.#tray.setToolTip(describeWorkLeft(work));
    this.#tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: 'Open the console', click: () => this.#return() },
        { label: 'Stop and quit', click: () => app.quit() },
      ]),
    );
    this.#tray.on('click', () => this.#return());
    this.#unsubscribe = this.#core.events.subscribe((event) => {
      if (event.name === 'task.changed' && event.payload.task.endedAt !== null) void this.#settle();
    });
  }

  async #settle(): Promise<void> {
    const work = await findWorkLeft(this.#core);
    if (isWorkLeft(work)) {
      this.#tray?.setToolTip(describeWorkLeft(work));
      return;
    }
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
