import { formatBytes, fromWireInteger, type WireInteger } from '#shared/units.ts';

/** Which clock a time on screen follows. */
export type Clock = 'local' | 'utc';

const zone = (clock: Clock) => (clock === 'utc' ? { timeZone: 'UTC' } : {});

const two = (value: number) => String(value).padStart(2, '0');

/** A count with its thousands separated: `12,300`. */
export function formatCount(count: number | bigint): string {
  return count.toLocaleString('en-US');
}

/** A count with its noun: `1 bucket`, `12,300 buckets`. */
export function formatCounted(count: number | bigint, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${BigInt(count) === 1n ? one : many}`;
}

/** A size that travelled, in binary units. */
export function formatWireBytes(value: WireInteger): string {
  return formatBytes(fromWireInteger(value));
}

/** Clock time to the second, `12:03:20`. */
export function formatClockTime(iso: string, clock: Clock): string {
  return new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    ...zone(clock),
  }).format(new Date(iso));
}

/** Date and time to the minute, `21 Nov 2026, 12:03`. */
export function formatDateTime(iso: string, clock: Clock): string {
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...zone(clock),
  }).format(new Date(iso));
}

/** The whole truth for a hover, `2026-11-21 12:03:20 UTC`. */
export function formatUtc(iso: string): string {
  const time = new Date(iso);
  const date = `${time.getUTCFullYear()}-${two(time.getUTCMonth() + 1)}-${two(time.getUTCDate())}`;
  return `${date} ${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())} UTC`;
}

const ages: readonly [limit: number, size: number, one: string][] = [
  [3600, 60, 'min'],
  [48 * 3600, 3600, 'hour'],
  [60 * 86_400, 86_400, 'day'],
  [730 * 86_400, 30.44 * 86_400, 'month'],
  [Number.POSITIVE_INFINITY, 365.25 * 86_400, 'year'],
];

/**
 * How long ago, in words: `just now`, `4 min`, `3 hours`, `12 days`.
 * @param milliseconds the age; below a minute it is `just now`
 */
export function formatAge(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 60) return 'just now';
  const [, size, unit] = ages.find(([limit]) => seconds < limit) ?? [0, 1, 'second'];
  const count = Math.max(1, Math.floor(seconds / size));
  return unit === 'min' || count === 1 ? `${count} ${unit}` : `${count} ${unit}s`;
}

/** An id shortened in the middle where it is long: `2f0a91…c71e`. */
export function shortenMiddle(text: string, length = 12): string {
  if (text.length <= length + 1) return text;
  const tail = Math.floor(length / 3);
  return `${text.slice(0, length - tail)}…${text.slice(-tail)}`;
}
