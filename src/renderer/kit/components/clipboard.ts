import { create } from 'zustand';

/** How long a secret may lie on the clipboard, in milliseconds. */
export const clipboardKeptFor = 60_000;

interface ClipboardClearing {
  /** When the clipboard is going to be cleared, milliseconds since the Unix epoch; null: not at all. */
  dueAt: number | null;
}

/** Whether and when the clipboard is cleared. What lies there is not remembered. */
export const useClipboardClearing = create<ClipboardClearing>()(() => ({ dueAt: null }));

let timer: ReturnType<typeof setTimeout> | undefined;

/** Lets the clipboard be: the operator wants to keep what lies there. */
export function keepClipboard(): void {
  clearTimeout(timer);
  useClipboardClearing.setState({ dueAt: null });
  void window.ostorConsole?.clipboard('keep');
}

/** Empties the clipboard now; where the window has not the focus, as soon as it has it again. */
export async function clearClipboard(): Promise<void> {
  clearTimeout(timer);
  try {
    // the desktop shell clears only what is still there
    if (window.ostorConsole) await window.ostorConsole.clipboard('clear');
    else await navigator.clipboard.writeText('');
    useClipboardClearing.setState({ dueAt: null });
  } catch {
    window.addEventListener('focus', () => void clearClipboard(), { once: true });
  }
}

/**
 * Puts a secret on the clipboard and clears it again after a minute, unless told to keep it. The
 * clearing outlives the dialog; the secret does not.
 * @returns when it is going to be cleared, milliseconds since the Unix epoch
 */
export async function copySecret(secret: string): Promise<number> {
  if (window.ostorConsole) await window.ostorConsole.clipboard('copy', secret);
  else await navigator.clipboard.writeText(secret);
  clearTimeout(timer);
  timer = setTimeout(() => void clearClipboard(), clipboardKeptFor);
  const dueAt = Date.now() + clipboardKeptFor;
  useClipboardClearing.setState({ dueAt });
  return dueAt;
}
