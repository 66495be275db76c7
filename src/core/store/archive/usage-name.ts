import { parseUsageObjectName } from '../../gateway/requests/usage.ts';

/** What the name of a statistics object says. Times in whole seconds since the Unix epoch. */
export interface UsageName {
  name: string;
  serviceId: string;
  start: number;
  /** Length of the period that the gateway meant to count; it may have counted another. */
  nominal: number;
}

/** Before this no ostor gateway existed: an earlier date is a clock at its start, 1970. */
const earliest = Date.UTC(2010, 0, 1) / 1000;
const day = 86_400;

/**
 * Reads `s3-usage-<service id>-<ISO start>-<period>`. Null for any other name, and for a time that
 * cannot be true: such an object is neither collected nor deleted, nor is its name asked `after`.
 * @param now Unix seconds
 */
export function parseUsageName(name: string, now: number): UsageName | null {
  const parts = parseUsageObjectName(name);
  if (!parts || !(parts.startTs >= earliest && parts.startTs <= now + 2 * day)) return null;
  return { name, serviceId: parts.serviceId, start: parts.startTs, nominal: parts.period };
}

/**
 * Seconds that lie at least between the end of a period and the moment it counts as settled, beside
 * one whole period: the difference of clocks that gateways put up with.
 */
export const settlingMargin = 15 * 60;

/** When the period of an object is over, by the longer of its two lengths: Unix seconds. */
export function endsAt(start: number, nominal: number, period = 0): number {
  return start + Math.max(nominal, period);
}

/** When an object can change no more: a whole period and a margin after its end; Unix seconds. */
export function settlesAt(start: number, nominal: number, period = 0): number {
  return endsAt(start, nominal, period) + Math.max(nominal, period) + settlingMargin;
}
