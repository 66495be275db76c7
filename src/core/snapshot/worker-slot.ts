import type { WorkerCallOptions, WorkerClient } from '../sqlite/worker-client.ts';
import type { MethodInput, MethodOutput, WorkerMethods } from '../sqlite/worker-protocol.ts';

/** Where a worker thread runs; when it died, the next call starts another. */
export class WorkerSlot<Methods extends WorkerMethods> {
  readonly #start: () => WorkerClient<Methods>;
  #worker: WorkerClient<Methods> | null = null;
  #terminated = false;

  constructor(start: () => WorkerClient<Methods>) {
    this.#start = start;
  }

  /** Calls one method of the worker. */
  call<Name extends keyof Methods & string>(
    method: Name,
    input: MethodInput<Methods[Name]>,
    options?: WorkerCallOptions,
  ): Promise<MethodOutput<Methods[Name]>> {
    const restarts = this.#worker?.ended === true && !this.#terminated;
    if (!this.#worker || restarts) this.#worker = this.#start();
    return this.#worker.call(method, input, options);
  }

  /** Ends the thread, if there is one, for good. */
  async terminate(): Promise<void> {
    this.#terminated = true;
    await this.#worker?.terminate();
  }
}
