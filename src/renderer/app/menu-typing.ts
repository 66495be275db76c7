import { useEffect } from 'react';

/** A pause longer than this begins another word, milliseconds. */
const pauseWithin = 1_000;

/**
 * Lets the entries of any menu be typed with their spaces: while somebody types "disable user", the
 * space is a letter and presses nothing. The library's own typing ends a word at a space.
 */
export function useMenuTyping(): void {
  useEffect(() => {
    let typed = '';
    let last = Number.NEGATIVE_INFINITY;
    const listener = (event: KeyboardEvent) => {
      const menu = menuOf(event);
      if (!menu) return;
      typed = event.timeStamp - last < pauseWithin ? typed : '';
      if (event.key === ' ' && typed === '') return;
      last = event.timeStamp;
      typed += event.key.toLowerCase();
      // up to its first space the library follows by itself
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
