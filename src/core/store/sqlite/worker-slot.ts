import { AppError } from '#shared/errors.ts';
import type { Ask, WorkerClient } from './worker-client.ts';
import type { WorkerMethods } from './worker-server.ts';

/** Where a worker thread runs; when it died, the next call starts another. */
export class WorkerSlot<Methods extends WorkerMethods> {
  readonly #start: () => WorkerClient<Methods>;
  #worker: WorkerClient<Methods> | null = null;
  readonly #pending = new Set<Promise<unknown>>();
  #terminated = false;

  constructor(start: () => WorkerClient<Methods>) {
    this.#start = start;
  }

  /** Calls one method of the worker. */
  readonly ask: Ask<Methods> = async (method, ...asked) => {
    const answer = this.#running().ask(method, ...asked);
    const settled: Promise<unknown> = answer
      .catch(() => undefined)
      .then(() => this.#pending.delete(settled));
    this.#pending.add(settled);
    return answer;
  };

  /** Whether a thread is there: a call would not have to start one. */
  get started(): boolean {
    return this.#worker !== null && !this.#worker.ended;
  }

  /** Ends the thread once no call is under way, and frees its memory; the next call starts another. */
  async release(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
    const worker = this.#worker;
    this.#worker = this.#terminated ? worker : null;
    await worker?.terminate();
  }

  /** Ends the thread, if there is one, for good. */
  async terminate(): Promise<void> {
    this.#terminated = true;
    await this.#worker?.terminate();
  }

  #running(): WorkerClient<Methods> {
    if (this.#worker && (this.#terminated || !this.#worker.ended)) return this.#worker;
    if (this.#terminated) throw closed();
    this.#worker = this.#start();
    return this.#worker;
  }
}

function closed(): AppError {
  return new AppError({
    code: 'INTERNAL',
    message: 'The snapshot was asked after it had been closed.',
    hint: 'Open the cluster again.',
    retryable: true,
  });
}
