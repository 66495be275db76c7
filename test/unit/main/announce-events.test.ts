import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EventBus } from '#core/platform/events.ts';
import { eventually } from '#test/fakes/eventually.ts';
import { BrowserWindow, shownNotifications } from '#test/fakes/fake-electron.ts';
import { DesktopSettingsFile } from '../../../src/main/desktop-settings.ts';
import { WorkWatch } from '../../../src/main/work-left.ts';

vi.mock('electron', () => import('#test/fakes/fake-electron.ts'));

const { announceEvents, trayImage } = await import('../../../src/main/background-work.ts');

let folder: string;
let settings: DesktopSettingsFile;
let events: EventBus;
let notices: { id: string; severity: string; message: string; hint: string }[];
const showWindow = vi.fn();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'announce-'));
  settings = new DesktopSettingsFile(folder);
  events = new EventBus();
  notices = [];
  BrowserWindow.focused = null;
  shownNotifications.length = 0;
  showWindow.mockReset();
  const dispatch = async () => ({ ok: true, value: { notices } }) as never;
  announceEvents({
    core: { dispatch, events },
    work: new WorkWatch(events),
    settings,
    showWindow,
  });
});
afterEach(() => rmSync(folder, { recursive: true }));

const begun = '2026-10-01T00:00:00.000Z';

/** A task begins and ends as set. */
function work(end: object, kind = 'bulk.run'): void {
  const task = {
    ...{ taskId: 't1', kind, title: 'Set quota of 300 users', connectionId: 'lab' },
    ...{ state: 'running', done: 0, total: 300, failed: 0, startedAt: begun, endedAt: null },
  };
  events.emit('task.changed', { task } as never);
  const endedAt = '2026-10-01T00:00:30.000Z';
  events.emit('task.changed', {
    task: { ...task, state: 'succeeded', done: 300, endedAt, ...end },
  } as never);
}

const said = () => shownNotifications.map(({ title, body }) => [title, body]);

describe('native notifications', () => {
  it('tell how work ended that was waited for, and lead back to the window', () => {
    work({ state: 'failed', done: 299, failed: 12 });
    expect(said()).toEqual([['Set quota of 300 users', 'Failed: 299 of 300, 12 failed']]);
    shownNotifications[0]?.click();
    expect(showWindow).toHaveBeenCalledOnce();
  });

  it.each<[string, object, string?]>([
    ['work that took no time and went well', { endedAt: '2026-10-01T00:00:01.000Z' }],
    ['work that the operator cancelled', { state: 'cancelled' }],
    ['refreshes', {}, 'sync.refresh'],
  ])('are not for %s', (_what, end, kind) => {
    work(end, kind);
    expect(said()).toEqual([]);
  });

  it('stay away while a window is in front, and where they are turned off', () => {
    BrowserWindow.focused = {};
    work({});
    BrowserWindow.focused = null;
    settings.change({ notify: false });
    work({});
    expect(said()).toEqual([]);
  });

  it('tell of each alert once, and of no mere information', async () => {
    const alert = {
      id: 'n1',
      severity: 'warning',
      message: 'A snapshot was damaged.',
      hint: 'Wait.',
    };
    notices = [alert, { ...alert, id: 'n2', severity: 'information' }];
    for (let times = 0; times < 2; times += 1) events.emit('notices.changed', {});
    await eventually(() => expect(said()).toEqual([['A snapshot was damaged.', 'Wait.']]));
    notices = [...notices, { ...alert, id: 'n3', message: 'Another.' }];
    events.emit('notices.changed', {});
    await eventually(() => expect(said().at(-1)).toEqual(['Another.', 'Wait.']));
    expect(said()).toHaveLength(2);
  });
});

describe("the tray's icon", () => {
  it('is a template on macOS, sharp at twice the size, and an image in colour elsewhere', () => {
    const template = trayImage('darwin') as unknown as {
      path: string;
      isTemplate: boolean;
      representations: { scaleFactor: number }[];
    };
    expect(template.path).toMatch(/tray-template\.png$/);
    expect(template.isTemplate).toBe(true);
    expect(template.representations).toMatchObject([{ scaleFactor: 2 }]);
    for (const platform of ['linux', 'win32'] as const) {
      expect(trayImage(platform)).toMatchObject({ isTemplate: false });
    }
  });
});
