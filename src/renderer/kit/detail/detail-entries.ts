import type { ComponentType } from 'react';

/** A section of a detail, as pages register it. */
export interface SectionEntry<Subject> {
  id: string;
  /** Place among the sections, lowest first. */
  order: number;
  /** Heading. */
  title: string;
  Component: ComponentType<{ subject: Subject }>;
  /** Stands at the right of the heading: a count, a small button. */
  Aside?: ComponentType<{ subject: Subject }>;
}

/** An action in the head of a detail: the first three are buttons, the rest lie in a menu. */
export interface ActionEntry<Subject> {
  id: string;
  /** Place among the actions, lowest first. */
  order: number;
  /** The verb, as on the dialog's button: `Disable user`. */
  label(subject: Subject): string;
  /** Red, and in the menu, never a button. */
  destructive?: boolean;
  /** Whether it writes: then it is off, with the reason, while the cluster takes no writes. */
  writes: boolean;
  /** False where it does not apply to this one. */
  applies?(subject: Subject): boolean;
  /** Key that starts it while the detail is open: `e`. */
  shortcut?: string;
  /** Begins it, as a rule with `openDialog`: the dialog stays although what it was opened from goes away. */
  start(subject: Subject): void;
}

/** An action on the rows chosen in a list: a button (with its dialog) of the selection bar. */
export interface BulkEntry<Row> {
  id: string;
  order: number;
  Component: ComponentType<{ rows: readonly Row[]; clear(): void }>;
}
