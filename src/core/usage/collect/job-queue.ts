import PQueue from 'p-queue';

export type Job = () => Promise<void>;

/**
 * Runs jobs side by side, at most `width` at once; jobs may add jobs, at once or after a pause. Ends
 * when none is left, or with the first error that a job throws.
 */
export class JobQueue {
  readonly #queue: PQueue;
  readonly #before: () => Promise<void>;
  readonly #holds = new Set<Promise<void>>();
  readonly #failed = Promise.withResolvers<void>();
  #failure: { thrown: unknown } | null = null;

  /**
   * @param width jobs at once
   * @param before awaited before each job: where a pause or a cancellation takes hold
   */
  constructor(width: number, before: () => Promise<void>) {
    this.#queue = new PQueue({ concurrency: width });
    this.#before = before;
  }

  /** Jobs that have not begun. */
  get waiting(): number {
    return this.#queue.size;
  }

  add(job: Job): void {
    void this.#queue.add(() => this.#run(job));
  }

  /** Adds a job that goes before all that {@link add} added. */
  addUrgent(job: Job): void {
    void this.#queue.add(() => this.#run(job), { priority: 1 });
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
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#holds.add(promise);
    return () => {
      this.#holds.delete(promise);
      resolve();
    };
  }

  /** Ends with an error: what runs is finished, the rest is dropped. */
  fail(thrown: unknown): void {
    this.#failure ??= { thrown };
    this.#failed.resolve();
  }

  /** Resolves when nothing is left to do; rejects with the error that ended the work. */
  async finished(): Promise<void> {
    for (;;) {
      await this.#queue.onIdle();
      if (this.#failure) throw this.#failure.thrown;
      const [hold] = this.#holds;
      if (!hold) return;
      await Promise.race([hold, this.#failed.promise]);
    }
  }

  async #run(job: Job): Promise<void> {
    if (this.#failure) return;
    try {
      await this.#before();
      await job();
    } catch (thrown) {
      this.fail(thrown);
    }
  }
}
