import { setTimeout as sleep } from 'node:timers/promises';

/** Lets so many requests a second through, evenly, whoever asks. */
export class Pacer {
  readonly #interval: number;
  #next = 0;

  /** @param perSecond requests a second */
  constructor(perSecond: number) {
    this.#interval = 1000 / perSecond;
  }

  /** Resolves when the next request may be sent. */
  async turn(signal?: AbortSignal): Promise<void> {
    const now = performance.now();
    const at = Math.max(now, this.#next);
    this.#next = at + this.#interval;
    if (at - now >= 1) await sleep(at - now, undefined, signal ? { signal } : {});
  }
}
