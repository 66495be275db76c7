import { BrowserWindow, Notification } from 'electron';
import type { Core } from '#core/create-core.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import type { DesktopSettingsFile } from './desktop-settings.ts';
import type { WorkWatch } from './work-left.ts';

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
 * the refreshes that go on all day.
 */
export function isWorthTelling(
  task: Pick<Task, 'kind' | 'state' | 'startedAt' | 'endedAt' | 'failed'>,
): boolean {
  if (task.endedAt === null || task.state === 'cancelled' || task.kind === 'sync.refresh')
    return false;
  const took = Date.parse(task.endedAt) - Date.parse(task.startedAt);
  return task.state !== 'succeeded' || task.failed > 0 || took >= longWork;
}

/** How a task ended, in one line: "Failed: 12 of 300". */
export function describeEnd({
  state,
  done,
  total,
  failed,
}: Pick<Task, 'state' | 'done' | 'total' | 'failed'>): string {
  const count = total === null ? `${done}` : `${done} of ${total}`;
  return `${outcomes[state]}: ${count}${failed > 0 ? `, ${failed} failed` : ''}`;
}

/** What {@link announceEvents} needs of the shell. */
export interface AnnouncementsOptions {
  core: Pick<Core, 'dispatch' | 'events'>;
  work: WorkWatch;
  settings: DesktopSettingsFile;
  /** Brings the console to the front. */
  showWindow(): void;
}

/** Announces ended work and new alerts through the system, while no window of the console is in front. */
export function announceEvents({ core, work, settings, showWindow }: AnnouncementsOptions): void {
  const shown = new Set<Notification>(); // one that is collected as garbage can't be clicked any more
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
  const told = new Set<string>();
  core.events.subscribe(async (event) => {
    if (event.name !== 'notices.changed') return;
    for (const notice of await alerts(core)) {
      if (!told.has(notice.id)) announce(notice.message, notice.hint);
      told.add(notice.id);
    }
  });
}

async function alerts(core: Pick<Core, 'dispatch'>) {
  const reply = await core.dispatch('app.info', {}, { signal: new AbortController().signal });
  if (!reply.ok) return [];
  const { notices } = reply.value as CallOutput<'app.info'>;
  return notices.filter(({ severity }) => severity !== 'information');
}
