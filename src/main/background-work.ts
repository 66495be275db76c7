import { fileURLToPath } from 'node:url';
import {
  app,
  BrowserWindow,
  dialog,
  Menu,
  type NativeImage,
  Notification,
  nativeImage,
  Tray,
} from 'electron';
import type { Core } from '#core/core.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import type { DesktopSettingsFile } from './desktop-settings.ts';
import type { Quitting } from './quit.ts';
import { isTrayAvailable } from './tray-available.ts';
import {
  describeWorkLeft,
  findWorkLeft,
  isWorkLeft,
  type WorkLeft,
  type WorkWatch,
} from './work-left.ts';

type Task = CallOutput<'tasks.list'>[number];

/** Work that ended well sooner than this was waited for, milliseconds. */
const longWork = 10_000;

const outcomes: Readonly<Record<Task['state'], string>> = {
  running: 'In progress',
  paused: 'Paused',
  succeeded: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
  interrupted: 'Interrupted',
};

/**
 * Whether the end of a task is worth a notification: it took a while or went wrong, and is not one of
 * the refreshes that continue all day.
 */
function isWorthTelling(
  task: Pick<Task, 'kind' | 'state' | 'startedAt' | 'endedAt' | 'failed'>,
): boolean {
  if (task.endedAt === null || task.state === 'cancelled' || task.kind === 'sync.refresh')
    return false;
  const took = Date.parse(task.endedAt) - Date.parse(task.startedAt);
  return task.state !== 'succeeded' || task.failed > 0 || took >= longWork;
}

/** How a task ended, in one line: "Failed: 12 of 300". */
function describeEnd({
  state,
  done,
  total,
  failed,
}: Pick<Task, 'state' | 'done' | 'total' | 'failed'>): string {
  const count = total === null ? `${done}` : `${done} of ${total}`;
  return `${outcomes[state]}: ${count}${failed > 0 ? `, ${failed} failed` : ''}`;
}

interface AnnouncementsOptions {
  core: Pick<Core, 'dispatch' | 'events'>;
  work: WorkWatch;
  settings: DesktopSettingsFile;
  showWindow(): void;
}

/** Announces ended work and new alerts through the system, while no window of the console is in front. */
export function announceEvents({ core, work, settings, showWindow }: AnnouncementsOptions): void {
  const shown = new Set<Notification>(); // one that is collected as garbage can no longer be clicked
  const announce = (title: string, body: string): void => {
    const isInFront = BrowserWindow.getFocusedWindow() !== null;
    if (isInFront || !settings.current.notify || !Notification.isSupported()) return;
    const notification = new Notification({ title, body });
    shown.add(notification);
    notification.on('click', showWindow);
    notification.on('close', () => shown.delete(notification));
    notification.show();
  };
  work.onEnded((task) => {
    if (isWorthTelling(task)) announce(task.title, describeEnd(task));
  });
  const announced = new Set<string>();
  core.events.subscribe(async (event) => {
    if (event.name !== 'notices.changed') return;
    for (const notice of await alerts(core)) {
      if (!announced.has(notice.id)) announce(notice.message, notice.hint);
      announced.add(notice.id);
    }
  });
}

async function alerts(core: Pick<Core, 'dispatch'>) {
  const reply = await core.dispatch('app.info', {}, { signal: new AbortController().signal });
  if (!reply.ok) return [];
  const { notices } = reply.value as CallOutput<'app.info'>;
  return notices.filter(({ severity }) => severity !== 'information');
}

interface BackgroundWorkOptions {
  core: Pick<Core, 'dispatch'>;
  work: WorkWatch;
  settings: DesktopSettingsFile;
  quitting: Pick<Quitting, 'ending' | 'quit' | 'request'>;
  showWindow(): void;
}

const nothingLeft: WorkLeft = { tasks: [], schedules: [] };

/**
 * Keeps the console alive without a window while work runs or usage is collected on a schedule: closing
 * the window must not break off a bulk change or leave a night uncollected. An icon in the tray says so
 * and leads back; where the desktop shows no such icons the window is minimised instead.
 */
export class BackgroundWork {
  readonly #options: BackgroundWorkOptions;
  #tray: Tray | null = null;
  /** Windows that are being closed: they are there for a moment after that was decided. */
  readonly #closing = new WeakSet<BrowserWindow>();
  /** The operator wants the console to end as soon as nothing is left to do. */
  #ends: 'with its tasks' | 'with all work' | null = null;

  constructor(options: BackgroundWorkOptions) {
    this.#options = options;
    options.work.onEnded(() => void this.#settle());
    app.on('window-all-closed', () => {
      if (this.#tray === null && process.platform !== 'darwin') app.quit();
    });
  }

  /** Decides what becomes of a window that the operator closes: the last one may have to stay. */
  watch(window: BrowserWindow): void {
    window.on('close', (event) => {
      this.#closing.add(window);
      const isLast = BrowserWindow.getAllWindows().every((open) => this.#closing.has(open));
      if (!isLast || this.#options.quitting.ending || process.platform === 'darwin') return;
      this.#closing.delete(window);
      event.preventDefault();
      void this.#closeLast(window);
    });
    window.on('restore', () => {
      this.#ends = null;
    });
  }

  /** Continues without a window, and quits when the tasks under way have ended. */
  async finish(): Promise<void> {
    const titles = this.#options.work.titles();
    await this.#leaveScreen({ tasks: titles, schedules: [] });
    this.#ends = 'with its tasks';
    await this.#settle();
  }

  async #closeLast(window: BrowserWindow): Promise<void> {
    const { quitting, settings, work } = this.#options;
    const left = settings.current.keepRunning ? await this.#workLeft() : nothingLeft;
    if (window.isDestroyed()) return;
    if (isWorkLeft(left)) {
      await this.#leaveScreen(left);
      this.#tellOnce();
      this.#ends = 'with all work';
      await this.#settle();
    } else if (work.titles().length > 0) await quitting.request();
    else window.destroy();
  }

  /** Tasks may have begun that core has not listed yet, and the other way round. */
  async #workLeft(): Promise<WorkLeft> {
    const { core, work } = this.#options;
    const { tasks, schedules } = await findWorkLeft(core);
    return { tasks: [...new Set([...work.titles(), ...tasks])], schedules };
  }

  async #leaveScreen(left: WorkLeft): Promise<void> {
    const hasTray = (await isTrayAvailable()) && this.#putIntoTray(left);
    for (const window of BrowserWindow.getAllWindows()) {
      if (hasTray) window.destroy();
      else window.minimize();
    }
  }

  #putIntoTray(left: WorkLeft): boolean {
    try {
      this.#tray ??= this.#makeTray();
      this.#tray.setToolTip(describeWorkLeft(left));
      return true;
    } catch {
      return false; // the desktop refuses the icon: the window stays within reach
    }
  }

  #makeTray(): Tray {
    const tray = new Tray(trayImage());
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: 'Open Ostor Console', click: () => this.return() },
        { type: 'separator' },
        { label: 'Pause and Quit', click: () => this.#options.quitting.quit() },
      ]),
    );
    tray.on('click', () => this.return());
    return tray;
  }

  #tellOnce(): void {
    const { settings } = this.#options;
    if (settings.current.keepRunningTold) return;
    settings.change({ keepRunningTold: true });
    const where = this.#tray ? 'in the tray' : 'in a minimised window';
    const message = `Ostor Console keeps running ${where}`;
    const detail =
      'Work in progress and scheduled collection continue. Turn this off with File > Keep Running When Closed.';
    if (Notification.isSupported()) new Notification({ title: message, body: detail }).show();
    else void dialog.showMessageBox({ type: 'info', message, detail, buttons: ['OK'] });
  }

  async #settle(): Promise<void> {
    if (this.#ends === null) return;
    const left = await this.#workLeft();
    const isDone = this.#ends === 'with its tasks' ? left.tasks.length === 0 : !isWorkLeft(left);
    if (this.#ends === null) return; // the operator came back meanwhile
    if (isDone) this.#options.quitting.quit();
    else this.#tray?.setToolTip(describeWorkLeft(left));
  }

  /** Brings the window back: the console is in use again. */
  return(): void {
    this.#ends = null;
    this.#tray?.destroy();
    this.#tray = null;
    this.#options.showWindow();
  }
}

function imagePath(name: string): string {
  return fileURLToPath(new URL(`./images/${name}.png`, import.meta.url));
}

/** The icon in the tray; on macOS a template, which the system draws in the colour of its menu bar. */
export function trayImage(platform: NodeJS.Platform = process.platform): NativeImage {
  if (platform !== 'darwin') return nativeImage.createFromPath(imagePath('tray'));
  const image = nativeImage.createFromPath(imagePath('tray-template'));
  const sharp = nativeImage.createFromPath(imagePath('tray-template-2x'));
  image.addRepresentation({ scaleFactor: 2, dataURL: sharp.toDataURL() });
  image.setTemplateImage(true);
  return image;
}
