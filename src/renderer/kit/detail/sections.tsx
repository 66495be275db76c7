import { type ComponentType, createContext, useContext } from 'react';
import type { CallOutput } from '#shared/contract/index.ts';

export type User = CallOutput<'users.get'>;

export type Bucket = CallOutput<'buckets.get'>;

interface SectionEntry<Subject> {
  id: string;
  title: string;
  Component: ComponentType<{ subject: Subject }>;
  /** At the right of the heading: a count, a small button. */
  Aside?: ComponentType<{ subject: Subject }>;
}

/** An action in the head of a detail: the first three are buttons, the rest are in a menu. */
export interface ActionEntry<Subject> {
  id: string;
  /** The verb, as on the dialog's button: `Disable user`. */
  label(subject: Subject): string;
  /** Further words that the command palette finds it by. */
  keywords?: string;
  /** Red, and in the menu, never a button. */
  destructive?: boolean;
  /** Whether it writes: then it is off, with the reason, while the cluster takes no writes. */
  writes: boolean;
  /** Why it can't be added to a plan; omitted: what writes can. */
  notPlannable?: string;
  /** False where it does not apply to this one. */
  applies?(subject: Subject): boolean;
  /** Key that starts it while the detail is open: `e`. */
  shortcut?: string;
  /** Starts it, usually with `openDialog`: the dialog stays although its opener goes away. */
  start(subject: Subject): void;
}

/** A verb with its object, in one line: `Disable user jo@acme.example`, `Set quota of user jo@acme.example`. */
export function actionOn<Subject>(
  action: ActionEntry<Subject>,
  subject: Subject,
  { noun, name }: { noun: string; name: string },
): string {
  const verb = action.label(subject);
  if (action.id === 'plans.add') return `${verb}: ${noun} ${name}`;
  return verb.endsWith(noun) ? `${verb} ${name}` : `${verb} of ${noun} ${name}`;
}

/** What pages show that comes from other pages: one list each, in the order shown. */
export interface PageSections {
  user: readonly SectionEntry<User>[];
  bucket: readonly SectionEntry<Bucket>[];
  /** Further sections of the Overview page, each half of its width. */
  overview: readonly { id: string; title: string; Component: ComponentType }[];
}

/** Hands the sections down from the frame, so that no page has to import another one. */
export const SectionsContext = createContext<PageSections>({ user: [], bucket: [], overview: [] });

/** Returns the sections that the frame put together. */
export function useSections(): PageSections {
  return useContext(SectionsContext);
}
