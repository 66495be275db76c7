/** Slower than this, in bytes a second, an answer is not on its way but held up. */
const leastPace = 256;

/** Notices an answer that keeps its connection busy with next to nothing: each byte begins the wait for the next anew. */
export class PaceGuard {
  readonly #span: number;
  #waited = 0;
  #bytes = 0;

  /** @param span over which the pace is taken, milliseconds */
  constructor(span: number) {
    this.#span = span;
  }

  /**
   * Notes bytes and how long was waited for them.
   * @returns whether they come too slowly
   */
  isTooSlow(bytes: number, milliseconds: number): boolean {
    this.#bytes += bytes;
    this.#waited += milliseconds;
    if (this.#waited < this.#span) return false;
    const least = (leastPace * this.#waited) / 1000;
    const tooSlow = this.#bytes < least;
    this.#waited = 0;
    this.#bytes = 0;
    return tooSlow;
  }
}
