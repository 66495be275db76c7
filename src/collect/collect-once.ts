import { setTimeout as pause } from 'node:timers/promises';
import type { Core } from '#core/create-core.ts';
import type { CollectResult } from '#core/usage/collect-service.ts';
import type { CallInput, CallName, CallOutput } from '#shared/contract/index.ts';
import { AppError, type AppErrorData } from '#shared/errors.ts';
import type { CollectorOptions } from './options.ts';

/** What the collector prints, beside `ok`. */
export type CollectorReport = CollectResult & { connection: string; connectionId: string };

/** A `production` connection is unlocked for this long at a time, minutes. */
const unlockMinutes = 480;

/**
 * Collects once. Ends early, with what was done kept, when `signal` says so.
 * @throws AppError whatever kept it from ending well
 */
export async function collectOnce(
  core: Core,
  options: Pick<CollectorOptions, 'connection' | 'remove'>,
  signal: AbortSignal,
): Promise<CollectorReport> {
  const call = callsOf(core, signal);
  const connections = await call('connections.list', {});
  const connection = connections.find(
    ({ id, name }) => name === options.connection || id === options.connection,
  );
  if (!connection) throw unknownConnection(connections.map(({ name }) => name));
  const { id: connectionId, name, environment } = connection;
  // `--remove` is the operator's word for this one process, as unlocking is in the window.
  if (options.remove && environment === 'production') {
    await call('connections.unlock', { id: connectionId, minutes: unlockMinutes });
  }
  const { taskId } = await call('usage.collect', { connectionId, removeCollected: options.remove });
  const cancel = (): void => void call('tasks.cancel', { taskId });
  signal.addEventListener('abort', cancel, { once: true });
  const result = await taskResult(call, taskId);
  return { connection: name, connectionId, ...result };
}

type Call = <Name extends CallName>(
  name: Name,
  input: CallInput<Name>,
) => Promise<CallOutput<Name>>;

function callsOf(core: Core, signal: AbortSignal): Call {
  return async (name, input) => {
    const reply = await core.dispatch(name, input, { signal });
    if (!reply.ok) throw AppError.fromData(reply.error);
    return reply.value as CallOutput<typeof name>;
  };
}

async function taskResult(call: Call, taskId: string): Promise<CollectResult> {
  for (;;) {
    const task = await call('tasks.get', { taskId });
    if (task.error) throw AppError.fromData(task.error as AppErrorData);
    if (task.state === 'succeeded') return task.result as CollectResult;
    await pause(50);
  }
}

function unknownConnection(names: readonly string[]): AppError {
  return new AppError({
    code: 'CONNECTION_NOT_FOUND',
    message: 'No saved connection has that name.',
    hint:
      names.length === 0
        ? 'Save a connection in the console first, or name its data directory with --data-dir.'
        : `Name one of these: ${names.join(', ')}.`,
  });
}
