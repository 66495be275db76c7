import { type AppError, toAppError } from '#shared/errors.ts';
import type { Cluster } from '../clusters.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { asOffline } from '../operations/outcome.ts';

/** A value, where it is from and how old it is. */
export interface SeenValue<Value> {
  value: Value;
  asOf: string;
  source: 'gateway' | 'snapshot';
}

const answeredForGood = new Set(['NOT_FOUND', 'ACCESS_DENIED', 'INPUT_INVALID', 'CANCELLED']);

/**
 * Reads a value from the gateway; where that can't be reached, yields what was last seen.
 * @param last what was last seen, or null
 * @throws AppError of the gateway where it said no, or where nothing was ever seen
 */
export async function readOrLastSeen<Value>(
  cluster: Cluster,
  read: (gateway: Gateway) => Promise<Value>,
  last: () => Promise<{ value: Value; asOf: string } | null>,
): Promise<SeenValue<Value>> {
  let error: AppError;
  try {
    const value = await read(await cluster.gateway());
    return { value, asOf: new Date().toISOString(), source: 'gateway' };
  } catch (thrown) {
    error = toAppError(thrown);
  }
  if (answeredForGood.has(error.code)) throw error;
  const seen = await last();
  if (!seen) throw asOffline(error, 'this cannot be read, and it was never seen before');
  return { ...seen, source: 'snapshot' };
}
