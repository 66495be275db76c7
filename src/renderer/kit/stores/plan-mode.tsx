import { createContext, type ReactNode, useContext, useEffect, useRef } from 'react';
import { beginPlanned } from './dialogs.ts';

/** A row of a kept plan whose values are being edited. */
export interface EditedRow {
  planId: string;
  rowId: number;
}

const PlanMode = createContext<boolean | EditedRow>(false);

/** Lets the dialogs inside add their change to a plan, or put it in the place of a plan's row. */
export function PlanModeProvider(props: { value: boolean | EditedRow; children: ReactNode }) {
  return <PlanMode value={props.value}>{props.children}</PlanMode>;
}

/** Returns whether a dialog's change goes to a plan, and which row of it the change replaces. */
export function usePlanMode(): { planned: boolean; edited: EditedRow | null } {
  const mode = useContext(PlanMode);
  return { planned: mode !== false, edited: typeof mode === 'object' ? mode : null };
}

/**
 * Lets a dialog that only reads what another one begins with make way for it, once it is read; the
 * other opens in the same mode.
 */
export function useOnceRead<Value>(
  value: Value | undefined,
  onClose: () => void,
  start: (value: Value) => void,
): void {
  const done = useRef(false);
  const { planned } = usePlanMode();
  useEffect(() => {
    if (!value || done.current) return;
    done.current = true;
    onClose();
    if (planned) beginPlanned(() => start(value));
    else start(value);
  });
}
