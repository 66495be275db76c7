import { inCurrency } from '#shared/billing/money.ts';
import { nounOf } from '#shared/counted.ts';
import {
  formatBytes as formatBytesIn,
  formatExactBytes as formatExactBytesIn,
  fromWireInteger,
  numberFormat,
  type WireInteger,
} from '#shared/units.ts';
import { locale } from './locale.ts';

export type Clock = 'local' | 'utc';

/** Formatters by clock and parts: making one costs more than a page of times. */
const dateFormats = new Map<string, Intl.DateTimeFormat>();

export function dateFormat(
  clock: Clock,
  parts: Intl.DateTimeFormatOptions,
  language = locale.dates,
): Intl.DateTimeFormat {
  const key = `${language} ${clock} ${JSON.stringify(parts)}`;
  const timeZone = clock === 'utc' ? 'UTC' : locale.timeZone;
  const format = dateFormats.get(key) ?? new Intl.DateTimeFormat(language, { timeZone, ...parts });
  dateFormats.set(key, format);
  return format;
}

/** The day without its year: `21 Nov`. */
export function formatDay(time: string | number, clock: Clock): string {
  return dateFormat(clock, { day: 'numeric', month: 'short' }).format(new Date(time));
}

const two = (value: number) => String(value).padStart(2, '0');

const counts = new Intl.NumberFormat(locale.numbers);

/** A count with its thousands separated: `12,300`. */
export function formatCount(count: number | bigint): string {
  return counts.format(count);
}

/** A number with a maximum of decimals: `1,234.5`. */
export function formatNumber(value: number, decimals: number): string {
  return numberFormat(locale.numbers, { maximumFractionDigits: decimals }).format(value);
}

/** A number with exactly so many decimals: `12.500000`. */
export function formatFixed(value: number, decimals: number): string {
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return numberFormat(locale.numbers, digits).format(value);
}

/** A size in binary units: `44.5 MiB`. */
export function formatBytes(bytes: bigint): string {
  return formatBytesIn(bytes, locale.numbers);
}

/** The exact byte count with thousands separated: `46,700,160 bytes`. */
export function formatExactBytes(bytes: bigint): string {
  return formatExactBytesIn(bytes, locale.numbers);
}

/** A count with its noun, the number in the person's locale: `1 bucket`, `12,300 entries`. */
export function formatCounted(count: number | bigint, one: string, many?: string): string {
  return `${formatCount(count)} ${nounOf(count, one, many)}`;
}

/** A size that travelled, in binary units. */
export function formatWireBytes(value: WireInteger): string {
  return formatBytes(fromWireInteger(value));
}

const clockParts = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
const secondParts = { ...clockParts, second: '2-digit' } as const;
/** Date and time to the minute. */
export const minuteParts = {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  ...clockParts,
} as const;

/** Clock time to the second, `12:03:20`. */
export function formatClockTime(iso: string, clock: Clock): string {
  return dateFormat(clock, secondParts).format(new Date(iso));
}

/** Date and time to the minute, `21 Nov 2026, 12:03`. */
export function formatDateTime(iso: string, clock: Clock): string {
  return dateFormat(clock, minuteParts).format(new Date(iso));
}

/** Date and time to the second in UTC, for hovers: `2026-11-21 12:03:20 UTC`. */
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
 * Returns how long ago, in words: `just now`, `4 min`, `3 hours`, `12 days`.
 * @param milliseconds the age; below a minute it is `just now`
 */
export function formatAge(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 60) return 'just now';
  const [, size, unit] = ages.find(([limit]) => seconds < limit) ?? [0, 1, 'second'];
  const count = Math.max(1, Math.floor(seconds / size));
  return unit === 'min' ? `${count} min` : formatCounted(count, unit);
}

/** An id shortened in the middle where it is long: `2f0a91…c71e`. */
export function shortenMiddle(text: string, length = 12): string {
  if (text.length <= length + 1) return text;
  const tail = Math.floor(length / 3);
  return `${text.slice(0, length - tail)}…${text.slice(-tail)}`;
}

/** The host of an endpoint, with its port where it has one; the text itself where it is no URL. */
export function endpointHost(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).host : endpoint;
}

/** Returns the name of a user: the e-mail where it is known, else the id. */
export function userWords(email: string | null, userId: string | null): string {
  if (email !== null && email !== '') return email;
  return userId === null || userId === '' ? 'Unattributed' : userId;
}

const decimalMark = formatNumber(1.5, 1).slice(1, -1);

/** An amount in minor units as people write it: `1,234.56 EUR`. */
export function formatMoney(amount: WireInteger, currency: string, minorDigits: number): string {
  const minor = fromWireInteger(amount);
  const scale = 10n ** BigInt(minorDigits);
  const whole = formatCount(minor / scale);
  if (minorDigits === 0) return `${whole} ${currency}`;
  return `${whole}${decimalMark}${(minor % scale).toString().padStart(minorDigits, '0')} ${currency}`;
}

/** A price in the currency, times a whole number, as people write it: `0.0315`. */
export function formatPrice(price: string, times = 1n): string {
  return inCurrency(price, 0, times).replace('.', decimalMark);
}

/** A price of a statement's line: issued ones may have theirs in minor units. */
export function formatLinePrice(
  price: string,
  { pricesIn, minorDigits }: { pricesIn?: 'currency' | undefined; minorDigits: number },
): string {
  return inCurrency(price, pricesIn ? 0 : minorDigits).replace('.', decimalMark);
}

/** A difference with its sign: `+50.00 EUR`. */
export function signedMoney(amount: WireInteger, currency: string, minorDigits: number): string {
  const minor = fromWireInteger(amount);
  const sign = minor > 0n ? '+' : minor < 0n ? '−' : '';
  const size = minor < 0n ? -minor : minor;
  return `${sign}${formatMoney(size.toString(), currency, minorDigits)}`;
}
