import { type RefObject, useEffect } from 'react';

/** Whether no key reaches what has the focus, or soon will not: it is gone, or off. */
function focusIsLost(): boolean {
  const active = document.activeElement;
  return active === null || active === document.body || active.matches(':disabled');
}

/**
 * Keeps the focus within a dialog whose content changes under it (a button that was pressed is gone or
 * off): then what the dialog tells takes the focus, so that Tab leads to what can be done about it. Never
 * a button, which Enter would press once more.
 */
export function useKeptFocus(content: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      const dialog = content.current;
      if (!dialog || !(focusIsLost() || document.activeElement === dialog)) return;
      const told = dialog.querySelector<HTMLElement>('[role="alert"]') ?? dialog;
      told.tabIndex = -1;
      told.focus({ preventScroll: true });
    });
    return () => clearTimeout(timer);
  });
}
