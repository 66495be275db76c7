import type { ReactNode } from 'react';
import { create } from 'zustand';
import type { CallOutput } from '#shared/contract/index.ts';

type Connection = CallOutput<'connections.list'>[number];

/** A dialog that is open: what draws it is told how to close. It never holds a secret. */
export interface OpenDialog {
  id: number;
  /** The cluster it acts on, where that is not the one on screen. */
  connection: Connection | null;
  render(close: () => void): ReactNode;
}

interface Dialogs {
  dialogs: readonly OpenDialog[];
  /** The cluster that the operator's last key or click was about; null: the one on screen. */
  acting: Connection | null;
  actOn(connection: Connection | null): void;
  /** Opens a dialog over the page; it stays although the row or section it was opened from goes away. */
  open(render: OpenDialog['render']): void;
  close(id: number): void;
  closeAll(): void;
}

let lastId = 0;

/** The dialogs of operations that are open, drawn by `DialogHost`. */
export const useDialogs = create<Dialogs>()((set) => ({
  dialogs: [],
  acting: null,
  actOn: (acting) => set({ acting }),
  open: (render) => {
    lastId += 1;
    const id = lastId;
    set(({ dialogs, acting }) => ({ dialogs: [...dialogs, { id, connection: acting, render }] }));
  },
  close: (id) => set(({ dialogs }) => ({ dialogs: dialogs.filter((open) => open.id !== id) })),
  closeAll: () => set({ dialogs: [] }),
}));

/** Opens a dialog from anywhere, also from what is no component (a verb of the palette). */
export function openDialog(render: OpenDialog['render']): void {
  useDialogs.getState().open(render);
}
