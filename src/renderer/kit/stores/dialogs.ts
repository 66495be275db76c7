import type { ReactNode } from 'react';
import { create } from 'zustand';
import type { CallOutput } from '#shared/contract/index.ts';

type Connection = CallOutput<'connections.list'>[number];

/** A dialog that is open: what draws it gets a function that closes it. It never holds a secret. */
export interface OpenDialog {
  id: number;
  /** The cluster it acts on, where that is not the one on screen. */
  connection: Connection | null;
  /** Whether its change goes to a plan, and is not sent. */
  planned: boolean;
  render(close: () => void): ReactNode;
}

interface Dialogs {
  dialogs: readonly OpenDialog[];
  /** The cluster of the operator's last key or click; null: the one on screen. */
  acting: Connection | null;
  actOn(connection: Connection | null): void;
  /** Opens a dialog over the page; it stays although the row or section it was opened from goes away. */
  open(render: OpenDialog['render']): void;
  /** The write that is about to be undone, by its journal entry; null: none. */
  undoing: { connection: Connection; journalId: string } | null;
  /** Asks, from anywhere, whether a write is to be undone. */
  undo(connection: Connection, journalId: string): void;
  endUndo(): void;
  close(id: number): void;
  closeAll(): void;
}

let lastId = 0;
let planning = false;

/** Begins something whose dialog adds its change to a plan. */
export function beginPlanned(start: () => void): void {
  planning = true;
  try {
    start();
  } finally {
    planning = false;
  }
}

/** The dialogs of operations that are open, drawn by `DialogHost`. */
export const useDialogs = create<Dialogs>()((set) => ({
  dialogs: [],
  acting: null,
  actOn: (acting) => set({ acting }),
  open: (render) => {
    lastId += 1;
    const id = lastId;
    const planned = planning;
    set(({ dialogs, acting }) => ({
      dialogs: [...dialogs, { id, connection: acting, planned, render }],
    }));
  },
  undoing: null,
  undo: (connection, journalId) => set({ undoing: { connection, journalId } }),
  endUndo: () => set({ undoing: null }),
  close: (id) => set(({ dialogs }) => ({ dialogs: dialogs.filter((open) => open.id !== id) })),
  closeAll: () => set({ dialogs: [], undoing: null }),
}));

/** Opens a dialog from anywhere, also outside components (a verb of the palette). */
export function openDialog(render: OpenDialog['render']): void {
  useDialogs.getState().open(render);
}
