/** Answers up to this many bytes never wait. */
const small = 1 << 20;

interface Share {
  bytes: number;
  waits: boolean;
  goOn(): void;
}

/**
 * Bounds what the answers that are being received hold together. An answer that would go beyond waits
 * until others were read. The one that has held bytes longest always continues, so that no two wait for
 * each other; the sum is the limit and the longest answer at most.
 */
export class ByteBudget {
  readonly #limit: number;
  /** In the order in which they began. */
  readonly #shares = new Map<object, Share>();
  #held = 0;

  /** @param limit bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes held by all answers together. */
  get held(): number {
    return this.#held;
  }

  /**
   * Adds bytes to what an answer holds.
   * @param goOn called when an answer that has to wait may continue
   * @returns whether it may continue now
   */
  take(answer: object, bytes: number, goOn: () => void): boolean {
    const share = this.#shares.get(answer) ?? { bytes: 0, waits: false, goOn };
    this.#shares.set(answer, share);
    share.bytes += bytes;
    this.#held += bytes;
    share.waits = !this.#mayGoOn(share);
    return !share.waits;
  }

  release(answer: object): void {
    const share = this.#shares.get(answer);
    if (!share) return;
    this.#shares.delete(answer);
    this.#held -= share.bytes;
    for (const waiting of [...this.#shares.values()]) {
      if (!waiting.waits || !this.#mayGoOn(waiting)) continue;
      waiting.waits = false;
      waiting.goOn();
    }
  }

  #mayGoOn(share: Share): boolean {
    if (this.#held <= this.#limit || share.bytes <= small) return true;
    for (const oldest of this.#shares.values()) if (oldest.bytes > small) return oldest === share;
    return true;
  }
}

/** The one budget of all requests of this process. */
export const processBudget: ByteBudget = new ByteBudget(128 << 20);
