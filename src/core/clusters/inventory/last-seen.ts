import { type AppError, toAppError } from '#shared/errors.ts';
import type { Gateway } from '../../gateway/model/gateway.ts';
import { asOffline } from '../../gateway/outcome.ts';
import type { Clusters } from '../clusters.ts';
import type { SweepStore, Sweeps } from './inventories.ts';
import type { SweepValue } from './save-values.ts';

/** A value, where it is from and how old it is. */
export interface SeenValue<Value> {
  value: Value;
  asOf: string;
  source: 'gateway' | 'snapshot';
}

const answeredForGood = new Set(['NOT_FOUND', 'ACCESS_DENIED', 'INPUT_INVALID', 'CANCELLED']);

/** Where values of single targets are read, and kept. */
export interface SeenSources {
  clusters: Clusters;
  sweeps: Sweeps;
}

/** How one value is read, and found again among those that were kept. */
export interface SeenReading<Value> {
  /** Asks the gateway: the value, and what of it is kept. */
  read(gateway: Gateway): Promise<{ value: Value; kept: SweepValue }>;
  /** What was last kept, or null. */
  last(store: SweepStore): Promise<(Value & { asOf: string }) | null>;
}

/**
 * Reads a value from the gateway and keeps it; where the gateway can't be reached, yields what was
 * last kept.
 * @throws AppError of the gateway where it said no, or where nothing was ever kept
 */
export async function readOrLastSeen<Value>(
  { clusters, sweeps }: SeenSources,
  connectionId: string,
  { read, last }: SeenReading<Value>,
): Promise<SeenValue<Value>> {
  const cluster = await clusters.get(connectionId);
  const store = await sweeps.store(connectionId);
  let error: AppError;
  try {
    const { value, kept } = await read(await cluster.gateway());
    await store.ask('save', [kept]);
    return { value, asOf: new Date().toISOString(), source: 'gateway' };
  } catch (thrown) {
    error = toAppError(thrown);
  }
  if (answeredForGood.has(error.code)) throw error;
  const seen = await last(store);
  if (!seen) throw asOffline(error, 'this cannot be read, and it was never seen before');
  return { value: seen, asOf: seen.asOf, source: 'snapshot' };
}
