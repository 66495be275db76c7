/** What the name of a statistics object says. Times in whole seconds since the Unix epoch. */
export interface UsageName {
  name: string;
  serviceId: string;
  start: number;
  /** Length of the period that the gateway meant to count; it may have counted another. */
  nominal: number;
}

const pattern =
  /^s3-usage-([0-9A-Za-z]+)-(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z)-(\d{1,9})$/;

/** Before this no ostor gateway existed: an earlier date is a clock at its start, 1970. */
const earliest = Date.UTC(2010, 0, 1) / 1000;
const day = 86_400;

/**
 * Reads `s3-usage-<service id>-<ISO start>-<period>`. Null for any other name, and for a time that
 * cannot be true: such an object is neither collected nor deleted, nor is its name asked `after`.
 * @param now Unix seconds
 */
export function parseUsageName(name: string, now: number): UsageName | null {
  const match = pattern.exec(name);
  if (!match) return null;
  const [, serviceId = '', iso = '', period = ''] = match;
  const start = Math.floor(Date.parse(iso) / 1000);
  if (!(start >= earliest && start <= now + 2 * day)) return null;
  return { name, serviceId, start, nominal: Number(period) };
}

/**
 * Seconds after the end of its period until an object counts as closed. A gateway refuses requests
 * whose clock differs by 15 minutes, so no clock that it talks to can be further off.
 */
export const closingMargin = 15 * 60;

/** When an object can grow no more: Unix seconds. */
export function closesAt(start: number, nominal: number, period = 0): number {
  return start + Math.max(nominal, period) + closingMargin;
}
