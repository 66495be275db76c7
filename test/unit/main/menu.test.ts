import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Menu, poppedUp } from '#test/fakes/fake-electron.ts';
import { DesktopSettingsFile } from '../../../src/main/desktop-settings.ts';

vi.mock('electron', () => import('#test/fakes/fake-electron.ts'));

const { addContextMenu, setMenu } = await import('../../../src/main/menu.ts');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'menu-'));
  poppedUp.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

interface Entry {
  label?: string;
  role?: string;
  type?: string;
  checked?: boolean;
  submenu?: readonly Entry[];
  click?: (item: { checked: boolean }) => void;
}

const flat = (items: readonly Entry[]): Entry[] =>
  items.flatMap((item) => [item, ...flat(item.submenu ?? [])]);

describe('the right-click menu', () => {
  const editFlags = { canUndo: true, canRedo: false, canCut: true, canCopy: true, canPaste: true };

  it.each<[string, object, string[]]>([
    ['a field', { isEditable: true, selectionText: '' }, ['undo', 'cut', 'copy', 'paste']],
    ['selected text', { isEditable: false, selectionText: 'user-5' }, ['copy', 'selectAll']],
    ['anything else', { isEditable: false, selectionText: ' ' }, ['Back', 'Forward', 'selectAll']],
  ])('of %s', (_what, parameters, entries) => {
    const webContents = new EventEmitter();
    addContextMenu({ webContents } as never);
    webContents.emit('context-menu', {}, { ...parameters, editFlags });
    expect(poppedUp).toHaveLength(1);
    expect(poppedUp[0]).toEqual(expect.arrayContaining(entries));
    expect(poppedUp[0]?.includes('paste')).toBe(entries.includes('paste'));
  });
});

describe('the menu', () => {
  it('opens windows, turns notifications and running on off, and has no tools of developers', () => {
    const settings = new DesktopSettingsFile(folder);
    const newWindow = vi.fn();
    setMenu({ dataDir: folder, settings, newWindow });
    const entries = flat([...((Menu.applicationMenu?.items ?? []) as readonly Entry[])]);
    const press = (label: string, checked: boolean): void =>
      entries.find((entry) => entry.label === label)?.click?.({ checked });
    press('New Window', false);
    expect(newWindow).toHaveBeenCalledOnce();
    press('Notifications', false);
    press('Keep Running When Closed', false);
    expect(new DesktopSettingsFile(folder).current).toMatchObject({
      notify: false,
      keepRunning: false,
    });
    const roles = entries.map(({ role }) => role);
    for (const role of ['reload', 'resetZoom', 'zoomIn', 'zoomOut', 'close', 'editMenu', 'help']) {
      expect(roles).toContain(role);
    }
    expect(roles).not.toContain('toggleDevTools');
  });
});
