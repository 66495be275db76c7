/** One piece of work. */
export type Job = () => Promise<void>;

/**
 * Runs jobs side by side, at most `width` at once; jobs may add jobs, at once or after a pause. Ends
 * when none is left, or with the first error that a job throws.
 */
export class WorkLanes {
  readonly #width: number;
  readonly #before: () => Promise<void>;
  readonly #queue: Job[] = [];
  readonly #urgent: Job[] = [];
  #next = 0;
  #running = 0;
  #held = 0;
  #failure: { thrown: unknown } | null = null;
  #wake: (() => void) | null = null;

  /**
   * @param width jobs at once
   * @param before awaited before each job: where a pause or a cancellation takes hold
   */
  constructor(width: number, before: () => Promise<void>) {
    this.#width = width;
    this.#before = before;
  }

  /** Jobs that have not begun. */
  get waiting(): number {
    return this.#urgent.length + this.#queue.length - this.#next;
  }

  /** Adds a job to the end. */
  add(job: Job): void {
    this.#queue.push(job);
    this.#start();
  }

  /** Adds a job that goes before all that {@link add} added. */
  addUrgent(job: Job): void {
    this.#urgent.push(job);
    this.#start();
  }

  /** Adds a job after a pause; {@link finished} waits for it. */
  addLater(job: Job, milliseconds: number): void {
    const release = this.hold();
    setTimeout(() => {
      this.add(job);
      release();
    }, milliseconds);
  }

  /** Keeps {@link finished} waiting until the returned function is called. */
  hold(): () => void {
    this.#held += 1;
    return () => {
      this.#held -= 1;
      this.#settle();
    };
  }

  /** Ends with an error: what runs is finished, the rest is dropped. */
  fail(thrown: unknown): void {
    this.#failure ??= { thrown };
    this.#settle();
  }

  /** Resolves when nothing is left to do; rejects with the error that ended the work. */
  async finished(): Promise<void> {
    while (!this.#isDone()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#failure) throw this.#failure.thrown;
  }

  #isDone(): boolean {
    if (this.#running > 0) return false;
    return this.#failure !== null || (this.#held === 0 && this.waiting === 0);
  }

  #settle(): void {
    if (!this.#isDone()) return;
    this.#wake?.();
    this.#wake = null;
  }

  #start(): void {
    while (!this.#failure && this.#running < this.#width && this.waiting > 0) {
      const job = this.#take();
      if (!job) return;
      this.#running += 1;
      void this.#run(job);
    }
  }

  /** From the front, without moving the rest each time. */
  #take(): Job | undefined {
    const urgent = this.#urgent.shift();
    if (urgent) return urgent;
    const job = this.#queue[this.#next++];
    if (this.#next > 1000 && this.#next * 2 > this.#queue.length) {
      this.#queue.splice(0, this.#next);
      this.#next = 0;
    }
    return job;
  }

  async #run(job: Job): Promise<void> {
    try {
      await this.#before();
      await job();
    } catch (thrown) {
      this.#failure ??= { thrown };
    } finally {
      this.#running -= 1;
      this.#start();
      this.#settle();
    }
  }
}
