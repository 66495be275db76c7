import { useEffect, useRef } from 'react';
import { create } from 'zustand';

/** Something that can be done to what is on screen now. */
export interface ActionOnScreen {
  id: string;
  /** The verb with what it is done to: `Disable user jo@acme.example`. */
  label: string;
  /** The name of its button on the page, where that is another one: `Disable user`. */
  button?: string;
  /** Further words it is found by. */
  keywords?: string | undefined;
  /** Why it is off; null where it is on. */
  reason: string | null;
  start(): void;
}

type ReadActions = () => readonly ActionOnScreen[];

/** Current sources of actions, the latest last: an open detail, selected rows. */
const useSources = create<{ sources: readonly ReadActions[] }>()(() => ({ sources: [] }));

/** Offers actions on what a component shows in the command palette too, as long as it is there. */
export function useOfferOnScreen(read: ReadActions): void {
  const latest = useRef(read);
  useEffect(() => {
    latest.current = read;
  });
  useEffect(() => {
    const source = () => latest.current();
    useSources.setState(({ sources }) => ({ sources: [...sources, source] }));
    return () =>
      useSources.setState(({ sources }) => ({ sources: sources.filter((one) => one !== source) }));
  }, []);
}

/** The actions on what is on screen now, latest source first. */
export function useActionsOnScreen(): readonly ActionOnScreen[] {
  return useSources(({ sources }) => sources)
    .toReversed()
    .flatMap((read) => read());
}
