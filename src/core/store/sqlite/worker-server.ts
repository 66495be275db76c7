import { parentPort } from 'node:worker_threads';
import { toAppError } from '#shared/errors.ts';
import type { WorkerCall, WorkerMethods, WorkerReply, WorkerRequest } from './worker-protocol.ts';

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
