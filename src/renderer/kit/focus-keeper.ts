import { useEffect } from 'react';

/** Elements that take the focus for a while and give it back: dialogs, menus, pop-ups, toasts. */
const overlays =
  '[data-mantine-shared-portal-node], [role="dialog"], [role="menu"], [role="listbox"], [aria-modal="true"]';
const parts = 'section, article, [role="region"]';

/** Marks where the keyboard starts on a page; on pages with a list it is the list. */
export const focusHomeMark = 'data-focus-home';
const homes = `main [${focusHomeMark}], main [role="grid"], [role="grid"]`;

/**
 * Returns an element and everything around it that can have the focus when the element is gone: Tab
 * stops, and the parts of the page, so that Tab continues from there.
 */
function placesFrom(element: Element): HTMLElement[] {
  const places: HTMLElement[] = [];
  for (let at = element instanceof HTMLElement ? element : null; at; at = at.parentElement) {
    if (at.tabIndex >= 0 || at.matches(parts)) places.push(at);
  }
  return places;
}

/** Returns whether the element took the focus; elements that are no Tab stop can, too. */
function takesFocus(element: HTMLElement): boolean {
  if (!element.isConnected || element.matches(':disabled')) return false;
  if (element.tabIndex < 0 && !element.hasAttribute('tabindex')) {
    element.tabIndex = -1;
    element.style.outline = 'none';
  }
  element.focus({ preventScroll: true });
  return document.activeElement === element;
}

const nothingHasFocus = () =>
  document.activeElement === null || document.activeElement === document.body;

/**
 * Keeps the focus of a window in hand: remembers where on the page it was, and when what has it leaves
 * the page (a dialog or menu closes, a write replaces a button by another one) gives it at once to that
 * place, or to the nearest one around it that is still there. It acts on the change of the document
 * itself, never by time. Where somebody clicks on nothing, nothing is what has the focus.
 */
class FocusKeeper {
  #places: readonly HTMLElement[] | null = null;
  #pointerIsDown = false;
  readonly #changes = new MutationObserver(() => this.#giveBack());

  start(): () => void {
    const listening = new AbortController();
    const options = { capture: true, signal: listening.signal };
    document.addEventListener('focusin', (event) => this.#remember(event), options);
    document.addEventListener('focusout', (event) => this.#leave(event), options);
    document.addEventListener('pointerdown', () => this.#point(true), options);
    document.addEventListener('pointerup', () => this.#point(false), options);
    if (!nothingHasFocus() && document.activeElement) this.#keep(document.activeElement);
    this.#changes.observe(document.body, {
      childList: true,
      subtree: true,
      attributeFilter: ['disabled'],
    });
    return () => {
      listening.abort();
      this.#changes.disconnect();
    };
  }

  #point(down: boolean): void {
    this.#pointerIsDown = down;
  }

  #remember({ target }: FocusEvent): void {
    if (target instanceof Element) this.#keep(target);
  }

  #keep(element: Element): void {
    if (!element.closest(overlays)) this.#places = placesFrom(element);
  }

  #leave({ target, relatedTarget }: FocusEvent): void {
    const clickedAway = this.#pointerIsDown && relatedTarget === null;
    if (clickedAway && target instanceof Element && !target.closest(overlays)) this.#places = null;
  }

  #giveBack(): void {
    if (this.#places === null || !nothingHasFocus()) return;
    if (document.querySelector('[aria-modal="true"]') !== null) return;
    const home = document.querySelector<HTMLElement>(homes);
    for (const place of [...this.#places, ...(home ? [home] : [])]) {
      if (takesFocus(place)) return;
    }
  }
}

/** Keeps the focus from getting lost while the caller is mounted. */
export function useFocusKeeper(): void {
  useEffect(() => new FocusKeeper().start(), []);
}
