import { type RefObject, useEffect } from 'react';

/** A browser takes the focus from what is disabled or removed no sooner than with its next frame. */
const nextFrame = 60;

/** Whether no key would reach what had the focus. */
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
      if (!content.current || !focusIsLost()) return;
      const told = content.current.querySelector<HTMLElement>('[role="alert"]') ?? content.current;
      told.tabIndex = -1;
      told.focus({ preventScroll: true });
    }, nextFrame);
    return () => clearTimeout(timer);
  });
}
