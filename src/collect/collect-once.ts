import type { Core } from '#core/core.ts';
import type { CollectResult } from '#core/usage/collect/collect-options.ts';
import { type AppErrorData, toAppError } from '#shared/errors.ts';
import { type Call, callsOf, findConnection, taskResult, unlockMinutes } from './headless-calls.ts';
import type { CollectorOptions } from './options.ts';
import { type RefreshReport, refreshCluster } from './refresh-once.ts';

/** What the collector prints, besides `ok`. */
type CollectorReport = CollectResult & {
  connection: string;
  connectionId: string;
  /** The refresh before it, which samples sizes; or why there was none. */
  refresh: RefreshReport | { error: AppErrorData };
};

/**
 * Refreshes, so that sizes are sampled, and collects once. A refresh that fails is reported and keeps
 * nothing from being collected. Ends early, with what was done kept, when `signal` says so.
 * @throws AppError if it fails
 */
export async function collectOnce(
  core: Core,
  options: Pick<CollectorOptions, 'connection' | 'remove'>,
  signal: AbortSignal,
): Promise<CollectorReport> {
  const call = callsOf(core, signal);
  const { id: connectionId, name, environment } = await findConnection(call, options.connection);
  const refresh = await tryRefresh(call, connectionId, signal);
  // `--remove` is the operator's word for this one process, as unlocking is in the window.
  if (options.remove && environment === 'production') {
    await call('connections.unlock', { id: connectionId, minutes: unlockMinutes });
  }
  const { taskId } = await call('usage.collect', { connectionId, removeCollected: options.remove });
  const result = (await taskResult(call, taskId, signal)) as CollectResult;
  return { connection: name, connectionId, refresh, ...result };
}

async function tryRefresh(
  call: Call,
  connectionId: string,
  signal: AbortSignal,
): Promise<CollectorReport['refresh']> {
  try {
    return await refreshCluster(call, connectionId, signal);
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    return { error: toAppError(thrown).toData() };
  }
}
