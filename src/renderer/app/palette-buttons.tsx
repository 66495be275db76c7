import { notifications } from '@mantine/notifications';
import { IconPointer } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import type { PaletteEntry } from './palette-entry.ts';

/** What can be clicked on the page and in its panel; actions on a row are verbs of the palette. */
const buttons =
  'main button, main a[data-variant], main :is([role="radiogroup"][aria-label] [type="radio"], [role="switch"]):not(form *), aside button';
const elsewhere = '[role="row"], [role="tablist"], [role="dialog"], [aria-hidden="true"]';

/** A button in a field that Tab passes over. */
const inField = '.mantine-PasswordInput-visibilityToggle';

/** A heading that sorts its list. */
const sorting = '[role="columnheader"] button, th[aria-sort] button';

function nameOf(button: HTMLElement): string {
  const { labels, checked } = button as HTMLInputElement;
  const words = (labels?.[0] ?? button).textContent ?? '';
  const name = (button.getAttribute('aria-label') ?? words).replaceAll(/\s+/g, ' ').trim();
  const group = button.closest('[role="radiogroup"]')?.getAttribute('aria-label');
  if (group) return `${group}: ${name}`;
  if (button.matches('[role="switch"]')) return `Turn ${checked ? 'off' : 'on'}: ${name}`;
  return button.matches(sorting) ? `Sort by ${name.replace(/ [↓↑]$/, '')}` : name;
}

const isUsable = (button: HTMLElement): boolean =>
  !button.matches(':disabled, [aria-disabled="true"], [type="radio"]:checked');

interface Named {
  name: string;
  button: HTMLElement;
  /** Whether other buttons have the same name: the number is valid on this screen only. */
  isNumbered: boolean;
}

/** The buttons on screen, enabled or not. Buttons of the same name are numbered. */
export function buttonsOnScreen(): Named[] {
  const found = [...document.querySelectorAll<HTMLElement>(buttons)].filter(
    (button) =>
      (button.tabIndex >= 0 || button.matches(inField)) &&
      (button.matches(sorting) || button.closest(elsewhere) === null),
  );
  return [...Map.groupBy(found, nameOf)].flatMap(([name, same]) =>
    same.flatMap((button, place) => {
      if (name === '') return [];
      const isNumbered = same.length > 1;
      const number = isNumbered ? ` (${place + 1} of ${same.length})` : '';
      return { name: `${name}${number}`, button, isNumbered };
    }),
  );
}

/** Attributes that name a button, switch it off or hide it. */
const attributeFilter = 'aria-label disabled aria-disabled aria-hidden tabindex role'.split(' ');

/** The buttons of the page, searched once and again when the page changes, not at each key. */
export function useButtonsOnScreen(): readonly Named[] {
  const [found, setFound] = useState(buttonsOnScreen);
  useEffect(() => {
    const page = document.querySelector('main')?.closest('body > *');
    const observer = new MutationObserver(() => setFound(buttonsOnScreen()));
    const content = { subtree: true, childList: true, characterData: true };
    if (page) observer.observe(page, { ...content, attributeFilter });
    return () => observer.disconnect();
  }, []);
  return found;
}

/** Presses the button that has the name now: the element may have been reused. */
function press({ name, button, isNumbered }: Named): void {
  const now = buttonsOnScreen().find((one) => one.name === name);
  const isOther = isNumbered && now?.button !== button;
  if (!now || isOther) {
    notifications.show({ color: 'yellow', message: `"${name}" is no longer on this page.` });
  } else if (!isUsable(now.button)) {
    notifications.show({ color: 'yellow', message: `"${name}" can't be used now.` });
  } else now.button.click();
}

/**
 * Every button of the page on screen.
 * @param others what else the palette offers: a button that does the same is left out
 */
export function buttonEntries(
  found: readonly Named[],
  others: readonly PaletteEntry[],
): PaletteEntry[] {
  const offered = new Set(others.flatMap(namesOf));
  return found
    .filter(({ name, button }) => isUsable(button) && !offered.has(withoutDots(name)))
    .map((named) => ({
      id: `button-${named.name}`,
      group: 'On this page',
      label: named.name,
      icon: <IconPointer size={16} />,
      run: () => press(named),
    }));
}

const withoutDots = (label: string): string => label.replace(/ ?…$/, '');

/** The names of a button that does what an entry does: its label, without the subject after a colon too. */
function namesOf({ label, button }: PaletteEntry): string[] {
  const verb = label.split(': ', 1);
  return [withoutDots(label), ...verb, ...(button === undefined ? [] : [button])];
}
