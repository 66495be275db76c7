import type { ReactNode } from 'react';
import { create } from 'zustand';

/** A dialog that is open: what draws it is told how to close. It never holds a secret. */
export interface OpenDialog {
  id: number;
  /** What had the focus when it was opened. */
  openedFrom: HTMLElement | null;
  render(close: () => void): ReactNode;
}

interface Dialogs {
  dialogs: readonly OpenDialog[];
  /** Opens a dialog over the page; it stays although the row or section it was opened from goes away. */
  open(render: OpenDialog['render']): void;
  close(id: number): void;
  closeAll(): void;
}

let lastId = 0;

/** Where the focus was when the last dialog was opened from the page. */
let lastOpenedFrom: HTMLElement | null = null;

/**
 * What has the focus; for an entry of a menu, the button that opened the menu; for one dialog that leads
 * to the next, what the first was opened from.
 */
function focusedNow(): HTMLElement | null {
  const active = document.activeElement;
  if (active?.closest('[role="dialog"]')) return lastOpenedFrom;
  if (!(active instanceof HTMLElement) || active === document.body) return null;
  const menu = active.closest('[role="menu"]');
  const target = menu && document.getElementById(menu.getAttribute('aria-labelledby') ?? '');
  return target ?? active;
}

/** The dialogs of operations that are open, drawn by `DialogHost`. */
export const useDialogs = create<Dialogs>()((set) => ({
  dialogs: [],
  open: (render) => {
    lastId += 1;
    lastOpenedFrom = focusedNow();
    const dialog = { id: lastId, openedFrom: lastOpenedFrom, render };
    set(({ dialogs }) => ({ dialogs: [...dialogs, dialog] }));
  },
  close: (id) => set(({ dialogs }) => ({ dialogs: dialogs.filter((open) => open.id !== id) })),
  closeAll: () => set({ dialogs: [] }),
}));

/** Opens a dialog from anywhere, also from what is no component (a verb of the palette). */
export function openDialog(render: OpenDialog['render']): void {
  useDialogs.getState().open(render);
}
