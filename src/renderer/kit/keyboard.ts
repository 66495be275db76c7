const fields = 'input:not([type="checkbox"]), textarea, select, [contenteditable="true"]';
const ownKeyboard =
  '[role="menu"], [role="listbox"], [role="dialog"], [role="radiogroup"], [role="separator"], [role="tablist"], [role="slider"]';

/**
 * Whether a key belongs to what has the focus (a field, a menu, a dialog) rather than to the page: then
 * no shortcut takes it.
 */
export function isBusyWithKeys(event: KeyboardEvent): boolean {
  if (event.isComposing) return true;
  if (document.querySelector('[aria-modal="true"]') !== null) return true;
  if (!(event.target instanceof Element)) return false;
  // A choice of one has no use for Escape.
  if (event.key === 'Escape' && event.target.closest('[role="radiogroup"]')) return false;
  return event.target.closest(`${fields}, ${ownKeyboard}`) !== null;
}
