import type { ReactNode } from 'react';
import { create } from 'zustand';

/** A dialog that is open: what draws it is told how to close. It never holds a secret. */
export interface OpenDialog {
  id: number;
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

/** The dialogs of operations that are open, drawn by `DialogHost`. */
export const useDialogs = create<Dialogs>()((set) => ({
  dialogs: [],
  open: (render) => {
    lastId += 1;
    const dialog = { id: lastId, render };
    set(({ dialogs }) => ({ dialogs: [...dialogs, dialog] }));
  },
  close: (id) => set(({ dialogs }) => ({ dialogs: dialogs.filter((open) => open.id !== id) })),
  closeAll: () => set({ dialogs: [] }),
}));

/** Opens a dialog from anywhere, also from what is no component (a verb of the palette). */
export function openDialog(render: OpenDialog['render']): void {
  useDialogs.getState().open(render);
}
