import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SecretClipboard, type TextClipboard } from '../../../src/main/secret-clipboard.ts';

class FakeClipboard implements TextClipboard {
  text = '';
  async readText(): Promise<string> {
    return this.text;
  }
  async writeText(text: string): Promise<void> {
    this.text = text;
  }
  clear(): void {
    this.text = '';
  }
}

describe('SecretClipboard', () => {
  let system: FakeClipboard;
  let clipboard: SecretClipboard;
  beforeEach(async () => {
    vi.useFakeTimers();
    system = new FakeClipboard();
    clipboard = new SecretClipboard(system);
    await clipboard.do('copy', 'not-a-real-secret');
  });
  afterEach(() => vi.useRealTimers());

  it('clears a secret after a minute', async () => {
    await vi.advanceTimersByTimeAsync(59_999);
    expect(system.text).toBe('not-a-real-secret');
    await vi.advanceTimersByTimeAsync(1);
    expect(system.text).toBe('');
  });

  it('leaves alone what was copied meanwhile', async () => {
    system.text = 'a shopping list';
    await vi.advanceTimersByTimeAsync(60_000);
    await clipboard.clear();
    expect(system.text).toBe('a shopping list');
  });

  it('keeps a secret for good when asked to', async () => {
    await clipboard.do('keep');
    await vi.advanceTimersByTimeAsync(60_000);
    await clipboard.clear();
    expect(system.text).toBe('not-a-real-secret');
  });

  it('clears a secret at once when asked to', async () => {
    await clipboard.do('clear');
    expect(system.text).toBe('');
  });
});
