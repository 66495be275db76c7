import { setTimeout as pause } from 'node:timers/promises';
import type { Core } from '#core/core.ts';
import type { CallInput, CallName, CallOutput } from '#shared/contract/index.ts';
import { AppError, type AppErrorData } from '#shared/errors.ts';

/** Calls the console; rejects with its `AppError`. */
export type Call = <Name extends CallName>(
  name: Name,
  input: CallInput<Name>,
) => Promise<CallOutput<Name>>;

/** The calls of a console, ended by `signal`. */
export function callsOf(core: Core, signal: AbortSignal): Call {
  return async (name, input) => {
    const reply = await core.dispatch(name, input, { signal });
    if (!reply.ok) throw AppError.fromData(reply.error);
    return reply.value as CallOutput<typeof name>;
  };
}

/** The saved connection of that name or id. @throws `CONNECTION_NOT_FOUND` */
export async function findConnection(
  call: Call,
  nameOrId: string,
): Promise<CallOutput<'connections.list'>[number]> {
  const connections = await call('connections.list', {});
  const found = connections.find(({ id, name }) => name === nameOrId || id === nameOrId);
  if (found) return found;
  if (connections.length === 0) throw nothingSaved();
  throw new AppError({
    code: 'CONNECTION_NOT_FOUND',
    message: 'No saved connection has that name.',
    hint: `Name one of these: ${connections.map(({ name }) => name).join(', ')}.`,
  });
}

/** A `production` connection is unlocked for this long at a time, minutes. */
export const unlockMinutes = 480;

/** The error for no saved connection, usually a wrong data directory. */
export function nothingSaved(): AppError {
  return new AppError({
    code: 'CONNECTION_NOT_FOUND',
    message: 'No connection is saved in this data directory.',
    hint: 'Save a connection in the console first, or name its data directory with --data-dir.',
  });
}

/** The result of a task once it has ended; cancels it when `signal` says so. */
export async function taskResult(
  call: Call,
  taskId: string,
  signal: AbortSignal,
): Promise<unknown> {
  const cancel = (): void => void call('tasks.cancel', { taskId });
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    for (;;) {
      const task = await call('tasks.get', { taskId });
      if (task.error) throw AppError.fromData(task.error as AppErrorData);
      if (task.state === 'succeeded') return task.result;
      await pause(50);
    }
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
