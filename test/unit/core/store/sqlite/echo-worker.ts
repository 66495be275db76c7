import { serveWorker, type WorkerCall } from '#core/store/sqlite/worker.ts';
import { AppError } from '#shared/errors.ts';

/** Methods of the worker that the tests of the protocol talk to. */
export const methods = {
  double: (input: { value: bigint }) => input.value * 2n,
  length: (input: { bytes: Uint8Array }) => input.bytes.byteLength,
  steps: async (input: { count: number }, call: WorkerCall) => {
    for (let step = 1; step <= input.count; step += 1) call.progress({ step });
    return input.count;
  },
  refuse: (_input: Record<never, never>): never => {
    throw new AppError({ code: 'CONFLICT', message: 'No.', hint: 'Stop.', requestId: 'r1' });
  },
  stumble: (_input: Record<never, never>): never => {
    throw new Error('internal text with a detail');
  },
  die: (_input: Record<never, never>): never => process.exit(3),
};

serveWorker(methods);
