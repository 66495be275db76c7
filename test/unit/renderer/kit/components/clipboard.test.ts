import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  clearClipboard,
  clipboardKeptFor,
  copySecret,
  keepClipboard,
  useClipboardClearing,
} from '#renderer/kit/components/secret-field.tsx';

/** A clipboard that can be made to refuse, as a browser does while its window has not the focus. */
class FakeClipboard {
  text = '';
  refuses = false;
  async writeText(text: string): Promise<void> {
    if (this.refuses) throw new DOMException('Document is not focused.', 'NotAllowedError');
    this.text = text;
  }
}

let clipboard: FakeClipboard;

beforeEach(() => {
  vi.useFakeTimers();
  clipboard = new FakeClipboard();
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: clipboard });
});

afterEach(() => {
  keepClipboard();
  vi.useRealTimers();
});

test('a secret is cleared from the clipboard after a minute', async () => {
  await copySecret('not-a-real-secret');
  expect(clipboard.text).toBe('not-a-real-secret');
  await vi.advanceTimersByTimeAsync(clipboardKeptFor - 1);
  expect(clipboard.text).toBe('not-a-real-secret');
  await vi.advanceTimersByTimeAsync(1);
  expect(clipboard.text).toBe('');
  expect(useClipboardClearing.getState().dueAt).toBeNull();
});

test('it stays where the operator keeps it', async () => {
  await copySecret('not-a-real-secret');
  keepClipboard();
  await vi.advanceTimersByTimeAsync(clipboardKeptFor * 2);
  expect(clipboard.text).toBe('not-a-real-secret');
});

test('a window without the focus clears as soon as it has it again', async () => {
  await copySecret('not-a-real-secret');
  clipboard.refuses = true;
  await vi.advanceTimersByTimeAsync(clipboardKeptFor);
  expect(clipboard.text).toBe('not-a-real-secret');
  clipboard.refuses = false;
  window.dispatchEvent(new Event('focus'));
  await vi.advanceTimersByTimeAsync(0);
  expect(clipboard.text).toBe('');
});

test('nothing of the secret is remembered', async () => {
  await copySecret('not-a-real-secret');
  expect(JSON.stringify(useClipboardClearing.getState())).not.toContain('not-a-real-secret');
  await clearClipboard();
});
