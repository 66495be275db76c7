import { useEffect } from 'react';
import { rowMenuMark } from '../components/data-table/row-menu.ts';
import { type OpenDialog, useDialogs } from '../stores/dialogs.ts';
import { useCluster } from './cluster-context.tsx';
import { useLastWriteShortcut } from './use-last-write-shortcut.ts';

const parts = 'section, article, main, [role="region"]';

/**
 * What stands around an element and can take the focus when the element itself is gone: what Tab stops
 * at, and the part of the page it is in, so that Tab goes on from there.
 */
function surroundings(element: HTMLElement | null): HTMLElement[] {
  const around: HTMLElement[] = [];
  for (let at = element; at; at = at.parentElement) {
    if (at.tabIndex >= 0 || at.matches(parts)) around.push(at);
  }
  return around;
}

/** Gives an element the focus; a part of the page that Tab does not stop at can have it all the same. */
function focusOn(element: HTMLElement): void {
  if (element.tabIndex < 0 && !element.hasAttribute('tabindex')) {
    element.tabIndex = -1;
    element.style.outline = 'none';
  }
  element.focus({ preventScroll: true });
}

/**
 * Gives the focus back to where it was. What it was on may go away a moment later, since the write
 * changed it ("Disable user" becomes "Enable user"): then what stands around it takes the focus.
 */
function giveBackFocus(places: readonly HTMLElement[]): void {
  const give = () => {
    const active = document.activeElement;
    // the dots of a row, where its menu leaves the focus, are no stop of Tab: its list is
    const lost = active === null || active === document.body || active.hasAttribute(rowMenuMark);
    if (!lost || document.querySelector('[aria-modal="true"]')) return;
    const place = places.find(({ isConnected }) => isConnected);
    const taking = place ?? document.querySelector<HTMLElement>('[role="grid"]');
    if (taking) focusOn(taking);
  };
  for (const delay of [0, 60, 300, 900, 2000]) setTimeout(give, delay);
}

function HostedDialog({ dialog }: { dialog: OpenDialog }) {
  const close = useDialogs((dialogs) => dialogs.close);
  const { id, render, openedFrom } = dialog;
  useEffect(() => {
    const places = surroundings(openedFrom);
    return () => giveBackFocus(places);
  }, [openedFrom]);
  return render(() => close(id));
}

/** Draws the dialogs of operations over the cluster's pages; they close when another cluster is opened. */
export function DialogHost() {
  const { id } = useCluster();
  const dialogs = useDialogs((state) => state.dialogs);
  const closeAll = useDialogs((state) => state.closeAll);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a dialog belongs to the cluster it was opened on
  useEffect(() => closeAll, [id, closeAll]);
  useLastWriteShortcut(id);
  return dialogs.map((dialog) => <HostedDialog key={dialog.id} dialog={dialog} />);
}
