import { AppError, toAppError } from '#shared/errors.ts';
import type { Cluster } from '../clusters.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { SyncService } from './sync-service.ts';

/** How long a page waits for the gateway before it shows what was last seen. */
const patience = 2000;

/** What the gateway said, or why it said nothing. */
export type GatewayAnswer<Value> = { value: Value } | { error: AppError };

/**
 * Asks the gateway one quick question and keeps `sync` informed whether it answered.
 * @param ask is handed a signal that ends the request when it takes too long or the caller goes away
 */
export async function askGateway<Value>(
  { cluster, sync, signal }: { cluster: Cluster; sync: SyncService; signal: AbortSignal },
  ask: (gateway: Gateway, signal: AbortSignal) => Promise<Value>,
): Promise<GatewayAnswer<Value>> {
  const connectionId = cluster.connection.id;
  const limit = AbortSignal.timeout(patience);
  try {
    const gateway = await cluster.gateway();
    const value = await ask(gateway, AbortSignal.any([signal, limit]));
    await sync.noteAnswer(connectionId);
    return { value };
  } catch (thrown) {
    // A gateway that is slow for a page may well be quick enough for a refresh: it is not noted.
    if (limit.aborted) return { error: tooSlow() };
    const error = toAppError(thrown);
    if (error.status !== undefined && error.status < 500) await sync.noteAnswer(connectionId);
    else await sync.noteFailure(connectionId, error);
    return { error };
  }
}

function tooSlow(): AppError {
  return new AppError({
    code: 'TIMED_OUT',
    message: `The gateway did not answer within ${patience / 1000} seconds.`,
    hint: 'Try again in a moment; test the connection if it stays slow.',
    retryable: true,
  });
}
