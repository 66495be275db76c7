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
  /** Whether it is in a menu of the list or of its row: what is open or selected comes first. */
  ofRow?: boolean;
  /** Whether it is done to a part of what is open: what is done to the whole comes first. */
  ofPart?: boolean;
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

/** The actions on what is on screen now, each once, latest source first. */
export function useActionsOnScreen(): readonly ActionOnScreen[] {
  const all = useSources(({ sources }) => sources)
    .toReversed()
    .flatMap((read) => read());
  const ofRows = all.filter(({ ofRow }) => ofRow);
  const others = all
    .filter(({ ofRow }) => !ofRow)
    .sort((one, other) => Number(one.ofPart ?? false) - Number(other.ofPart ?? false));
  // an open row's page does what its menu does
  const isNew = ({ label }: ActionOnScreen) => !others.some((other) => other.label === label);
  return [...others, ...ofRows.filter(isNew)];
}
