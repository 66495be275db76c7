import { type AppError, toAppError } from '#shared/errors.ts';
import type { Gateway } from '../../gateway/model/gateway.ts';
import { asOffline } from '../../gateway/outcome.ts';
import type { EventBus } from '../../platform/events.ts';
import type { Snapshot } from '../../store/snapshot/snapshot.ts';
import type { TargetValue } from '../../store/snapshot/writes/save-values.ts';
import type { Clusters } from '../clusters.ts';

interface DatedValue<Value> {
  value: Value;
  asOf: string;
  source: 'gateway' | 'snapshot';
}

const answeredForGood = new Set(['NOT_FOUND', 'ACCESS_DENIED', 'INPUT_INVALID', 'CANCELLED']);

interface ValueReading<Value> {
  /** Asks the gateway: the value, and what of it is kept. */
  read(gateway: Gateway): Promise<{ value: Value; kept: TargetValue }>;
  last(snapshot: Snapshot): Promise<(Value & { asOf: string }) | null>;
}

/**
 * Reads a value from the gateway and keeps it; where the gateway can't be reached, yields what was
 * last kept.
 * @throws AppError of the gateway where it said no, or where nothing was ever kept
 */
export async function readOrCached<Value>(
  { clusters, events }: { clusters: Clusters; events: EventBus },
  connectionId: string,
  { read, last }: ValueReading<Value>,
): Promise<DatedValue<Value>> {
  const cluster = await clusters.get(connectionId);
  const snapshot = await cluster.snapshot();
  let error: AppError;
  try {
    const { value, kept } = await read(await cluster.gateway());
    await snapshot.change('save', [kept]);
    events.emit('data.changed', { connectionId, topics: ['inventory'] });
    return { value, asOf: new Date().toISOString(), source: 'gateway' };
  } catch (thrown) {
    error = toAppError(thrown);
  }
  if (answeredForGood.has(error.code)) throw error;
  const cached = await last(snapshot);
  if (!cached) throw asOffline(error, 'this cannot be read, and it was never seen before');
  return { value: cached, asOf: cached.asOf, source: 'snapshot' };
}
