/** Returns a moment to the minute as messages print it: `2026-10-01 13:00 UTC`. */
export function printedMinute(at: string | number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Returns a moment to the millisecond as names of files carry it: `20261001T130000000Z`. */
export function fileStamp(at = new Date()): string {
  return at.toISOString().replaceAll(/[-:.]/g, '');
}

let months: Intl.DateTimeFormat | undefined;

/** Returns a period in words: `October 2026` where it is that month in UTC, else its two ends. */
export function printedPeriod(period: { from: string; to: string }): string {
  const [from, to] = [new Date(period.from), new Date(period.to)];
  const next = Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1);
  const isMonth =
    next === to.getTime() && from.getTime() === Date.UTC(from.getUTCFullYear(), from.getUTCMonth());
  if (!isMonth) return `${printedMinute(period.from)} to ${printedMinute(period.to)}`;
  months ??= new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });
  return months.format(from);
}
