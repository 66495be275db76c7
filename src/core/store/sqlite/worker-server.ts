import { parentPort } from 'node:worker_threads';
import { type AppErrorData, toAppError } from '#shared/errors.ts';

/** What a worker offers: named methods, each with one input. Inputs and outputs are cloned. */
export type WorkerMethods = Record<string, (input: never, call: WorkerCall) => unknown>;

/** What a method in a worker knows of the call beside its input. */
export interface WorkerCall {
  /** Tells the caller how far the work is. */
  progress(update: unknown): void;
}

/** From the owner to the worker. */
export interface WorkerRequest {
  id: number;
  method: string;
  input: unknown;
}

/** From the worker to its owner. */
export type WorkerReply =
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
