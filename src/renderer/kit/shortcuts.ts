import { useWindowEvent } from '@mantine/hooks';
import { useRef } from 'react';

/** What the list of shortcuts (`?`) shows in addition to the pages' own keys, grouped. */
export const shortcutList: readonly {
  group: string;
  items: readonly [keys: string, does: string][];
}[] = [
  {
    group: 'Anywhere',
    items: [
      ['Ctrl K', 'Command palette: pages, clusters, users, buckets, actions'],
      ['Ctrl 1 … 9', 'Another cluster, on the page that is open'],
      ['/', 'Search the list'],
      ['R', 'Refresh from the gateway'],
      ['L', 'Journal entry of the last change made here'],
      ['?', 'This list'],
      ['Esc', 'Close what is open'],
    ],
  },
  {
    group: 'In a list',
    items: [
      ['J K', 'Next and previous row (or arrows), also with the detail open'],
      ['Home End', 'First and last row; Page Up and Page Down move by pages'],
      ['Enter', 'Open the detail'],
      ['Ctrl Enter', 'Open the detail as a page'],
      ['Space', 'Select the row'],
      ['Shift ↑ ↓', 'Select a range'],
      ['Ctrl A', 'Select all that match'],
      ['M', 'Actions on the row; also Shift F10 and the Menu key'],
      ['F6', 'To the open detail, and back to the list'],
      ['E', 'Edit what is open'],
      ['Alt ← →', 'On a heading: change the width; with Shift: move the column'],
    ],
  },
];

/**
 * Returns whether an event is of a key, by its letter; on a layout without Latin letters, by where that
 * letter is on the usual one.
 * @param key as `KeyboardEvent.key`; letters in lower case
 */
export function isKey(event: KeyboardEvent, key: string): boolean {
  return letterOf(event) === key;
}

function letterOf({ key, code }: KeyboardEvent): string {
  return isForeignLetter(key) && code.startsWith('Key')
    ? code.slice(3).toLowerCase()
    : key.toLowerCase();
}

const isForeignLetter = (key: string) => /^[^\p{Script=Latin}\p{ASCII}]$/u.test(key);

/**
 * Calls `run` when the key is pressed and nothing else (a field, a menu, a dialog) wants it.
 * @param key as `KeyboardEvent.key`; letters in lower case; no modifier but Shift where the key needs it
 */
export function useShortcut(key: string, run: () => void, enabled = true): void {
  useWindowEvent('keydown', (event) => {
    if (!enabled || event.defaultPrevented) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!isKey(event, key.toLowerCase()) || isBusyWithKeys(event)) return;
    event.preventDefault();
    run();
  });
}

/** Milliseconds that the second key may take: whoever types with one finger needs two or more. */
const chordWithin = 3000;

/**
 * Calls `run` with the second key of a chord that begins with G: `G` then `U`.
 * @param run gets the second key, in lower case
 */
export function useGoChord(run: (key: string) => void): void {
  const pressedAt = useRef(Number.NEGATIVE_INFINITY);
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isBusyWithKeys(event)) return;
    const key = letterOf(event);
    const armed = event.timeStamp - pressedAt.current < chordWithin;
    pressedAt.current = key === 'g' && !armed ? event.timeStamp : Number.NEGATIVE_INFINITY;
    if (!armed) return;
    event.preventDefault();
    event.stopPropagation();
    run(key);
  };
  // Before the list's own J and K: in a chord they name a page.
  useWindowEvent('keydown', onKey, { capture: true });
}

const fields = 'input:not([type="checkbox"]), textarea, select, [contenteditable="true"]';
const ownKeyboard =
  '[role="menu"], [role="listbox"], [role="dialog"], [role="radiogroup"], [role="separator"], [role="tablist"], [role="slider"]';

/**
 * Returns whether a key belongs to what has the focus (a field, a menu, a dialog) rather than to the page:
 * then no shortcut takes it.
 */
export function isBusyWithKeys(event: KeyboardEvent): boolean {
  if (event.isComposing) return true;
  if (document.querySelector('[aria-modal="true"]') !== null) return true;
  if (!(event.target instanceof Element)) return false;
  // A choice of one has no use for Escape.
  if (event.key === 'Escape' && event.target.closest('[role="radiogroup"]')) return false;
  return event.target.closest(`${fields}, ${ownKeyboard}`) !== null;
}
