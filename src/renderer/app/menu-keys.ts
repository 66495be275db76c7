import { useEffect } from 'react';

const closedMenuButton = 'button[aria-haspopup="menu"]:not([role], [aria-expanded="true"])';

/** A pause longer than this starts a new word, milliseconds. */
const pauseWithin = 1_000;

/**
 * Adds to the keys of every menu: the arrow down opens one from its button, and the entries of an open
 * one can be typed with their spaces: while somebody types "disable user", the space is a letter and
 * presses nothing. The library's own typing ends a word at a space.
 */
export function useMenuKeys(): void {
  useEffect(() => {
    let typed = '';
    let last = Number.NEGATIVE_INFINITY;
    const listener = (event: KeyboardEvent) => {
      if (opensMenu(event)) return;
      const menu = menuOf(event);
      if (!menu) return;
      typed = event.timeStamp - last < pauseWithin ? typed : '';
      if (event.key === ' ' && typed === '') return;
      last = event.timeStamp;
      typed += event.key.toLowerCase();
      // up to its first space the library follows on its own
      if (!typed.includes(' ')) return;
      event.preventDefault();
      event.stopPropagation();
      const entries = menu.querySelectorAll<HTMLElement>('[role^="menuitem"]:not(:disabled)');
      [...entries]
        .find(({ textContent }) => textContent.trim().toLowerCase().startsWith(typed))
        ?.focus();
    };
    // a space acts when it is let go
    const release = (event: KeyboardEvent) => {
      if (event.key === ' ' && typed.includes(' ') && menuOf(event)) event.preventDefault();
    };
    window.addEventListener('keydown', listener, { capture: true });
    window.addEventListener('keyup', release, { capture: true });
    return () => {
      window.removeEventListener('keydown', listener, { capture: true });
      window.removeEventListener('keyup', release, { capture: true });
    };
  }, []);
}

/** The menu that a letter is typed in, where it is no field's. */
function menuOf(event: KeyboardEvent): HTMLElement | null {
  if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey) return null;
  if (!(event.target instanceof HTMLElement) || event.target.matches('input, textarea'))
    return null;
  return event.target.closest('[role="menu"]');
}

/** Opens the menu of the button that has the focus, if that is what the key asks for. */
function opensMenu(event: KeyboardEvent): boolean {
  const { target, key } = event;
  if (key !== 'ArrowDown' || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey)
    return false;
  if (!(target instanceof HTMLElement) || !target.matches(closedMenuButton)) return false;
  event.preventDefault();
  event.stopPropagation();
  target.click();
  return true;
}
