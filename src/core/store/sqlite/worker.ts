import { parentPort, type ResourceLimits, type Transferable, Worker } from 'node:worker_threads';
import { AppError, type AppErrorData, toAppError } from '#shared/errors.ts';

/** What a worker offers: named methods, each with one input. Inputs and outputs are cloned. */
export type WorkerMethods = Record<string, (input: never, call: WorkerCall) => unknown>;

export interface WorkerCall {
  progress(update: unknown): void;
}

interface WorkerRequest {
  id: number;
  method: string;
  input: unknown;
}

type WorkerReply =
  | { id: number; kind: 'value'; value: unknown }
  | { id: number; kind: 'error'; error: AppErrorData }
  | { id: number; kind: 'progress'; update: unknown };

type OnResource = (resource: never, ...asked: never[]) => unknown;

/** Methods as they are asked for from outside: without the file or database they work on. */
export type WithoutFirst<Methods extends Record<string, OnResource>> = {
  [Name in keyof Methods]: Methods[Name] extends (first: never, ...rest: infer Rest) => infer Output
    ? (...rest: Rest) => Output
    : never;
};

/**
 * Returns methods that work on a file or database as methods of a worker.
 * @param lend hands the file or database to whoever asks, and takes it back
 */
export function methodsOn<Resource, Methods extends Record<string, OnResource>>(
  methods: Methods,
  lend: (use: (resource: Resource) => unknown) => unknown,
): WithoutFirst<Methods> {
  const entries = Object.entries(methods).map(([name, method]) => [
    name,
    (...asked: never[]) => lend((resource) => method(resource as never, ...asked)),
  ]);
  return Object.fromEntries(entries) as WithoutFirst<Methods>;
}

type LooseMethod = (input: unknown, call: WorkerCall) => unknown;

/**
 * Answers the calls of the thread's owner with the given methods. Names are looked up as own keys.
 * Call it once, at the end of a worker's entry.
 */
export function serveWorker(methods: WorkerMethods): void {
  const port = parentPort;
  if (!port) throw new Error('serveWorker runs in a worker thread only.');
  const reply = (message: WorkerReply): void => port.postMessage(message);
  port.on('message', async ({ id, method, input }: WorkerRequest) => {
    try {
      if (!Object.hasOwn(methods, method)) throw new Error(`No method ${method}.`);
      const run = methods[method] as unknown as LooseMethod;
      const progress = (update: unknown): void => reply({ id, kind: 'progress', update });
      reply({ id, kind: 'value', value: await run(input, { progress }) });
    } catch (thrown) {
      reply({ id, kind: 'error', error: toAppError(thrown).toData() });
    }
  });
}

/** Where a worker thread runs; when it died, the next call starts another. */
export class WorkerSlot<Methods extends WorkerMethods> {
  readonly #start: () => WorkerClient<Methods>;
  #worker: WorkerClient<Methods> | null = null;
  readonly #pending = new Set<Promise<unknown>>();
  #terminated = false;

  constructor(start: () => WorkerClient<Methods>) {
    this.#start = start;
  }

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

interface Waiting {
  resolve(value: unknown): void;
  reject(error: AppError): void;
  onProgress: ((update: unknown) => void) | undefined;
}

interface WorkerCallOptions {
  /** Handed over instead of copied. */
  transfer?: Transferable[];
  onProgress?: (update: unknown) => void;
}

/** What follows a method's name: its input, if it takes one, and how to steer the call. */
type Asked<Method> = Method extends () => unknown
  ? [input?: undefined, options?: WorkerCallOptions]
  : Method extends (input: infer Input, ...rest: never[]) => unknown
    ? [input: Input, options?: WorkerCallOptions]
    : never;

type Answer<Method> = Method extends (...all: never[]) => infer Output ? Awaited<Output> : never;

/** Calls one of a worker's methods by name; input and output are those of the method. */
export type Ask<Methods> = <Name extends keyof Methods & string>(
  name: Name,
  ...asked: Asked<Methods[Name]>
) => Promise<Answer<Methods[Name]>>;

/**
 * Returns where a worker's entry is: next to the caller, as `.ts` when run from source and as `.js` in
 * the build, whose chunks and entries all are in one folder.
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
   * @param resourceLimits what its heap may take; a worker that needs more ends
   */
  constructor(entry: URL, workerData: unknown, resourceLimits: ResourceLimits = {}) {
    this.#worker = new Worker(entry, { workerData, resourceLimits });
    this.#worker.on('message', (reply: WorkerReply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#end(gone(error instanceof Error ? error.name : '?')));
    this.#worker.on('exit', (code) => this.#end(gone(`exit code ${code}`)));
  }

  /** Whether the thread is gone: every further call rejects. */
  get ended(): boolean {
    return this.#ended !== null;
  }

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
