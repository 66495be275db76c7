import { createHash } from 'node:crypto';
import type { ClipboardDeed } from '#shared/contract/bridge.ts';

/** How long a secret stays on the clipboard, milliseconds; the interface counts down the same time. */
const keptFor = 60_000;

/** The part of Electron's clipboard that secrets need. */
export interface TextClipboard {
  readText(): Promise<string>;
  writeText(text: string): Promise<void>;
  clear(): void;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * Puts secrets on the clipboard and clears them after a minute, without a window too, unless something
 * else was copied meanwhile. Only a digest of the secret is remembered.
 */
export class SecretClipboard {
  readonly #clipboard: TextClipboard;
  #digest: string | null = null;
  #timer: NodeJS.Timeout | undefined;

  constructor(clipboard: TextClipboard) {
    this.#clipboard = clipboard;
  }

  /** Does what the page asks. */
  async do(deed: ClipboardDeed, secret?: string): Promise<void> {
    if (deed === 'copy' && secret !== undefined) await this.#copy(secret);
    if (deed === 'keep') this.#forget();
    if (deed === 'clear') await this.clear();
  }

  /** Clears the secret now, where it is still there. */
  async clear(): Promise<void> {
    const digest = this.#digest;
    this.#forget();
    if (digest === null) return;
    if (digestOf(await this.#clipboard.readText()) === digest) this.#clipboard.clear();
  }

  async #copy(secret: string): Promise<void> {
    this.#forget();
    await this.#clipboard.writeText(secret);
    this.#digest = digestOf(secret);
    this.#timer = setTimeout(() => void this.clear().catch(() => undefined), keptFor);
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#digest = null;
  }
}
