import { storedUnitOf } from '#shared/billing/charges.ts';
import { gigabyteWords, type SourceLine } from '../../../changes/statements/line-source.ts';
import { useCluster } from '../../../kit/cluster-context.tsx';
import { useCall } from '../../../kit/rpc/use-call.ts';

/** The unit in which a bill counts what was stored. */
export interface BillUnit extends Pick<SourceLine, 'unit' | 'gigabyte'> {
  /** What it is and why: `1 GB is 1,000,000,000 bytes, as Standard charges`. */
  words: string;
}

/**
 * Returns the unit of a statement's line, or of the cluster's first tariff by its newest prices; without
 * one GB-months.
 */
export function useBillUnit(line: SourceLine | null = null): BillUnit {
  const cluster = useCluster();
  const tariffs = useCall('tariffs.list', { connectionId: cluster.id }, { enabled: line === null });
  if (line?.item === 'stored') return unitOf(line, 'as the statement counts');
  const tariff = tariffs.data?.[0];
  const prices = tariff?.prices.at(-1);
  if (!tariff || !prices) {
    return unitOf({ unit: 'GB-month', gigabyte: 'decimal' }, 'since no tariff says otherwise');
  }
  const { gigabyte, name } = tariff;
  return unitOf({ unit: storedUnitOf(prices), gigabyte }, `as the tariff ${name} charges`);
}

function unitOf({ unit, gigabyte }: Pick<SourceLine, 'unit' | 'gigabyte'>, why: string): BillUnit {
  return { unit, gigabyte, words: `1 GB is ${gigabyteWords({ gigabyte })}, ${why}` };
}
