import { type ReactNode, useEffect, useRef } from 'react';
import { type OpenDialog, useDialogs } from '../stores/dialogs.ts';
import { useCluster } from './cluster-context.tsx';

/** What had the focus when a dialog opened; for an entry of a menu, the button that opened the menu. */
function focusedNow(): HTMLElement | null {
  const active = document.activeElement;
  if (!(active instanceof HTMLElement) || active === document.body) return null;
  const menu = active.closest('[role="menu"]');
  const target = menu && document.getElementById(menu.getAttribute('aria-labelledby') ?? '');
  return target ?? active;
}

function giveBackFocus(before: HTMLElement | null): void {
  // After the dialog is gone: it holds the focus in itself until then.
  requestAnimationFrame(() => {
    if (document.querySelector('[aria-modal="true"]')) return;
    if (before?.isConnected) before.focus();
    else document.querySelector<HTMLElement>('[role="grid"], main h1, main a')?.focus();
  });
}

function HostedDialog(props: { dialog: OpenDialog; children?: ReactNode }) {
  const close = useDialogs((dialogs) => dialogs.close);
  const before = useRef<HTMLElement | null>(null);
  const { id, render } = props.dialog;
  useEffect(() => {
    before.current ??= focusedNow();
    return () => giveBackFocus(before.current);
  }, []);
  return render(() => close(id));
}

/** Draws the dialogs of operations over the cluster's pages; they close when another cluster is opened. */
export function DialogHost() {
  const { id } = useCluster();
  const dialogs = useDialogs((state) => state.dialogs);
  const closeAll = useDialogs((state) => state.closeAll);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a dialog belongs to the cluster it was opened on
  useEffect(() => closeAll, [id, closeAll]);
  return dialogs.map((dialog) => <HostedDialog key={dialog.id} dialog={dialog} />);
}
