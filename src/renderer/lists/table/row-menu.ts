/** Marks the button in a row that opens the row's menu: the list's keyboard presses it. */
export const rowMenuMark = 'data-row-menu';

/** Whether a key asks for the menu of the row: the Menu key, Shift F10, or M where there is neither. */
export function asksForRowMenu(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  if (event.key === 'ContextMenu' || event.key.toLowerCase() === 'm') return true;
  return event.key === 'F10' && event.shiftKey;
}

/** Opens the menu of the row that the keyboard is on, where its rows have one. */
export function openRowMenu(list: HTMLElement | null): void {
  const button = list?.querySelector<HTMLElement>(`[data-active] [${rowMenuMark}]`);
  // a menu is hidden as long as its button is out of sight
  button?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  button?.click();
}
