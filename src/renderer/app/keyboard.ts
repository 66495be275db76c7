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
  return (
    event.target instanceof Element && event.target.closest(`${fields}, ${ownKeyboard}`) !== null
  );
}
