import type { Core } from '#core/core.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { AppError, type AppErrorData } from '#shared/errors.ts';
import { type Call, callsOf, findConnection } from './headless-calls.ts';

export type RefreshReport = CallOutput<'sync.refresh'> & { sampledAt: string };

/** What `npm run refresh` prints, besides `ok`. */
type RefreshOnceReport = RefreshReport & { connection: string; connectionId: string };

/** Returns whether every row of the lists could be read. */
export function isWholeRefresh({ setAside = 0 }: RefreshReport): boolean {
  return setAside === 0;
}

/** Refreshes once and samples sizes. @throws AppError if it fails */
export async function refreshOnce(
  core: Core,
  options: { connection: string },
  signal: AbortSignal,
): Promise<RefreshOnceReport> {
  const call = callsOf(core, signal);
  const { id: connectionId, name } = await findConnection(call, options.connection);
  return { connection: name, connectionId, ...(await refreshCluster(call, connectionId, signal)) };
}

/**
 * Fetches the lists and waits until the sizes in them are in the archive: storage is billed from these
 * samples. @throws AppError also where the sample could not be kept
 */
export async function refreshCluster(
  call: Call,
  connectionId: string,
  signal: AbortSignal,
): Promise<RefreshReport> {
  const cancel = (): void => void cancelRefresh(call, connectionId);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const refreshed = await call('sync.refresh', { connectionId });
    const { sampledAt, error } = await call('storage.lastSample', { connectionId });
    if (error) throw AppError.fromData(error as AppErrorData);
    if (sampledAt === null || sampledAt < refreshed.asOf) throw notSampled();
    return { ...refreshed, sampledAt };
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

async function cancelRefresh(call: Call, connectionId: string): Promise<void> {
  const { refreshing } = await call('sync.status', { connectionId });
  if (refreshing) await call('tasks.cancel', { taskId: refreshing.taskId });
}

function notSampled(): AppError {
  return new AppError({
    code: 'INTERNAL',
    message: 'The lists were read, and the sizes in them were not kept.',
    hint: 'Run it again; if it persists, look at the log of the console.',
  });
}
