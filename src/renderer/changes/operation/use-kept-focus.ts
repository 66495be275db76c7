import { type RefObject, useEffect, useRef } from 'react';

/** Whether no key reaches what has the focus, or soon will not: it is gone, or off. */
function focusIsLost(): boolean {
  const active = document.activeElement;
  return active === null || active === document.body || active.matches(':disabled');
}

/**
 * Keeps a dialog whose content changes under the operator in hand: what it has to tell comes into sight,
 * and where a button that was pressed is gone or off, the message takes the focus, so that Tab leads to
 * what can be done about it. Never a button, which Enter would press once more.
 */
export function useKeptFocus(content: RefObject<HTMLElement | null>): void {
  const shown = useRef<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => {
      const dialog = content.current;
      const alert = dialog?.querySelector<HTMLElement>('[role="alert"]') ?? null;
      if (alert && alert.textContent !== shown.current) alert.scrollIntoView({ block: 'center' });
      shown.current = alert?.textContent ?? null;
      if (!dialog || !(focusIsLost() || document.activeElement === dialog)) return;
      const taking = alert ?? dialog;
      taking.tabIndex = -1;
      taking.focus({ preventScroll: true });
    });
    return () => clearTimeout(timer);
  });
}
