import { IconPointer } from '@tabler/icons-react';
import type { PaletteEntry } from './palette-entry.ts';

/** What can be clicked on the page and in its panel; actions on a row are verbs of the palette. */
const buttons = 'main button, main a[data-variant], aside button';
const elsewhere = '[role="row"], [role="tablist"], [role="dialog"], [aria-hidden="true"]';

const nameOf = (button: HTMLElement): string =>
  (button.getAttribute('aria-label') ?? button.textContent ?? '').replaceAll(/\s+/g, ' ').trim();

/** The usable buttons on screen by their names, each name once. */
function buttonsOnScreen(): Map<string, HTMLElement> {
  const found = [...document.querySelectorAll<HTMLElement>(buttons)].filter(
    (button) =>
      button.tabIndex >= 0 &&
      !button.matches(':disabled, [aria-disabled="true"]') &&
      button.closest(elsewhere) === null,
  );
  const named = found.map((button) => [nameOf(button), button] as const);
  return new Map(named.filter(([name]) => name !== '').reverse());
}

/**
 * Every button of the page on screen.
 * @param others what else the palette offers: a button that does the same is left out
 */
export function buttonEntries(others: readonly PaletteEntry[]): PaletteEntry[] {
  const isOffered = (name: string): boolean =>
    others.some(
      ({ label }) => label.startsWith(name) && /^(?:[ :]|$)/.test(label.slice(name.length)),
    );
  return [...buttonsOnScreen()]
    .reverse()
    .filter(([name]) => !isOffered(name))
    .map(([name, button]) => ({
      id: `button-${name}`,
      group: 'On this page',
      label: name,
      icon: <IconPointer size={16} />,
      // what was rendered again meanwhile has the same name
      run: () => (button.isConnected ? button : buttonsOnScreen().get(name))?.click(),
    }));
}
