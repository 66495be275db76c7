import { type Transferable, Worker } from 'node:worker_threads';
import { AppError } from '#shared/errors.ts';
import type { WorkerMethods, WorkerReply } from './worker-server.ts';

interface Waiting {
  resolve(value: unknown): void;
  reject(error: AppError): void;
  onProgress: ((update: unknown) => void) | undefined;
}

/** How one call to a worker may be steered. */
export interface WorkerCallOptions {
  /** Handed over instead of copied. */
  transfer?: Transferable[];
  onProgress?: (update: unknown) => void;
}

/** What follows a method's name: its input, if it takes one, and how to steer the call. */
export type Asked<Method> = Method extends () => unknown
  ? [input?: undefined, options?: WorkerCallOptions]
  : Method extends (input: infer Input, ...rest: never[]) => unknown
    ? [input: Input, options?: WorkerCallOptions]
    : never;

/** What a worker's method yields, awaited. */
export type Answer<Method> = Method extends (...all: never[]) => infer Output
  ? Awaited<Output>
  : never;

/** Calls one of a worker's methods by name; input and output are those of the method. */
export type Ask<Methods> = <Name extends keyof Methods & string>(
  name: Name,
  ...asked: Asked<Methods[Name]>
) => Promise<Answer<Methods[Name]>>;

/**
 * Where a worker's entry lies: beside the caller, as `.ts` when run from source and as `.js` in the
 * build, whose chunks and entries all lie in one folder.
 * @param callerUrl the caller's `import.meta.url`
 * @param entry the entry's name without ending, `snapshot-worker`
 */
export function workerEntry(callerUrl: string, entry: string): URL {
  return new URL(`./${entry}${callerUrl.endsWith('.ts') ? '.ts' : '.js'}`, callerUrl);
}

function gone(detail: string): AppError {
  return new AppError({
    code: 'INTERNAL',
    message: `A database worker ended unexpectedly (${detail}).`,
    hint: 'Open the cluster again; nothing that was reported as stored is lost.',
    retryable: true,
  });
}

/**
 * Owns one worker thread and calls its methods by name, typed. Errors of the worker arrive as
 * `AppError`; when the thread dies, every call under way rejects.
 */
export class WorkerClient<Methods extends WorkerMethods> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #ended: AppError | null = null;

  /**
   * @param entry from {@link workerEntry}
   * @param workerData handed to the worker at its start
   */
  constructor(entry: URL, workerData: unknown) {
    this.#worker = new Worker(entry, { workerData });
    this.#worker.on('message', (reply: WorkerReply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#end(gone(error instanceof Error ? error.name : '?')));
    this.#worker.on('exit', (code) => this.#end(gone(`exit code ${code}`)));
  }

  /** Whether the thread is gone: every further call rejects. */
  get ended(): boolean {
    return this.#ended !== null;
  }

  /** Calls one method. */
  readonly ask: Ask<Methods> = (method, ...[input, options = {}]) => {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const { onProgress } = options;
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject, onProgress });
      this.#worker.postMessage({ id, method, input }, options.transfer ?? []);
    });
  };

  /** Ends the thread at once; calls under way reject. Let the worker close its files by a call first. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(reply: WorkerReply): void {
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) return;
    if (reply.kind === 'progress') {
      waiting.onProgress?.(reply.update);
      return;
    }
    this.#waiting.delete(reply.id);
    if (reply.kind === 'value') waiting.resolve(reply.value);
    else waiting.reject(AppError.fromData(reply.error));
  }

  #end(error: AppError): void {
    this.#ended ??= error;
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
  }
}
