import { createContext, type ReactNode, useContext } from 'react';

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
