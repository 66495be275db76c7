import type { ChargedItem } from '../charged-items.ts';
import { fromWireInteger } from '../units.ts';
import {
  chargeUser,
  gigabyteOf,
  noQuantities,
  priceSegments,
  type StatementLine,
  type Tariff,
} from './charges.ts';
import { feesOf, type StatementFee } from './fees.ts';

/** Assumed monthly usage of a customer with one user: GB all month, GB, operations. */
type SampleUsage = Record<ChargedItem, bigint>;

export interface SampleBill {
  lines: StatementLine[];
  fees: StatementFee[];
  /** Minor units. */
  total: bigint;
}

const hourMilliseconds = 3_600_000;

/** The bill of one user for a whole month, as a statement computes it. */
export function sampleBill(tariff: Tariff, usage: SampleUsage, month: Date): SampleBill {
  const at = (months: number): number =>
    Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + months) / hourMilliseconds;
  const period = { fromHour: at(0), toHour: at(1) };
  const segments = priceSegments(tariff, period.fromHour, period.toHour);
  const hours = period.toHour - period.fromHour;
  const quantities = segments.map(({ fromHour, toHour }, index) => {
    const isLast = index === segments.length - 1;
    const share = (whole: bigint): bigint => {
      const until = (whole * BigInt(toHour - period.fromHour)) / BigInt(hours);
      const before = (whole * BigInt(fromHour - period.fromHour)) / BigInt(hours);
      return (isLast ? whole : until) - before;
    };
    const gigabyte = gigabyteOf(tariff);
    return {
      ...noQuantities(),
      stored: usage.stored * gigabyte * BigInt((toHour - fromHour) * hourMilliseconds),
      downloaded: share(usage.downloaded * gigabyte),
      uploaded: share(usage.uploaded * gigabyte),
      put: share(usage.put),
      get: share(usage.get),
      list: share(usage.list),
      other: share(usage.other),
    };
  });
  const lines = chargeUser(tariff, segments, quantities);
  const charged = lines.reduce((sum, { amount }) => sum + fromWireInteger(amount), 0n);
  const fees = feesOf(tariff, period, charged);
  const total = fees.reduce((sum, { amount }) => sum + fromWireInteger(amount), charged);
  return { lines, fees, total };
}
