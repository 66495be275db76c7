import { app, powerMonitor, type WebContents } from 'electron';
import type { Core } from '#core/core.ts';
import type { CallOutput } from '#shared/contract/index.ts';

/** How often it is looked whether the console is still used, milliseconds. */
const lookEvery = 15_000;

interface IdleLockOptions {
  core: Pick<Core, 'dispatch' | 'policy'>;
  /** Clears a secret that is still on the clipboard. */
  clearClipboard(): Promise<void>;
  now?: () => number;
}

/**
 * Secures the console when its screen is locked, when the computer sleeps, and when nobody has used its
 * windows for as many minutes as the administrator allows: what others could do or read at an unattended
 * desk ends. Changes in progress continue, and what they hold up is secured once they have ended, unless
 * somebody uses the console by then.
 */
export class IdleLock {
  readonly #options: Required<IdleLockOptions>;
  #usedAt: number;
  #secured = false;
  /** Changes in progress held something up. */
  #left = false;
  readonly #timer: NodeJS.Timeout;

  constructor(options: IdleLockOptions) {
    this.#options = { now: Date.now, ...options };
    this.#usedAt = this.#options.now();
    app.on('web-contents-created', (_event, contents) => this.#follow(contents));
    powerMonitor.on('lock-screen', () => this.#secure());
    powerMonitor.on('suspend', () => this.#secure());
    powerMonitor.on('resume', () => this.#look()); // no timer runs while the computer sleeps
    this.#timer = setInterval(() => this.#look(), lookEvery);
    this.#timer.unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #follow(contents: WebContents): void {
    contents.on('input-event', () => {
      this.#usedAt = this.#options.now();
      this.#secured = false;
      this.#left = false;
    });
  }

  #look(): void {
    if (this.#left) void this.#askCore();
    const minutes = this.#options.core.policy?.settings.idleMinutes;
    const idle = this.#options.now() - this.#usedAt;
    const isUnused = minutes !== undefined && idle >= minutes * 60_000;
    // On Linux no event tells of a locked screen, but its state can be asked for.
    if (isUnused || powerMonitor.getSystemIdleState(60) === 'locked') this.#secure();
  }

  /** Once, until somebody uses the console again. */
  #secure(): void {
    if (this.#secured) return;
    this.#secured = true;
    void this.#options.clearClipboard().catch(() => undefined);
    void this.#askCore();
  }

  async #askCore(): Promise<void> {
    this.#left = false;
    const { signal } = new AbortController();
    const reply = await this.#options.core.dispatch('app.secure', {}, { signal });
    // A call that failed is made again too; but not for whoever is back meanwhile.
    this.#left =
      this.#secured && (!reply.ok || (reply.value as CallOutput<'app.secure'>).inProgress > 0);
  }
}
