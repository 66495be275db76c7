import { agreeing } from '#shared/counted.ts';

/**
 * Integers that can pass 2^53 (byte counts, `h_integral`, counters) are `bigint` in core and in the
 * interface, and travel between them as a JSON number while that is exact, as a decimal string beyond.
 */
export type WireInteger = number | string;

/** Returns a `bigint` in the form it travels in; null stays null: a figure that is not known. */
export function toWireInteger(value: bigint): WireInteger;
export function toWireInteger(value: bigint | null): WireInteger | null;
export function toWireInteger(value: bigint | null): WireInteger | null {
  if (value === null) return null;
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value.toString();
}

/** Returns the exact value of an integer that travelled; null stays null. */
export function fromWireInteger(value: WireInteger): bigint;
export function fromWireInteger(value: WireInteger | null): bigint | null;
export function fromWireInteger(value: WireInteger | null): bigint | null {
  return value === null ? null : BigInt(value);
}

const binaryUnits = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** How numbers are written in files, logs and messages of core. */
const fixedLocale = 'en-US';

/** Formatters by locale and options: making one costs more than a page of figures. */
const numberFormats = new Map<string, Intl.NumberFormat>();

export function numberFormat(
  locale: string,
  options: Intl.NumberFormatOptions = {},
): Intl.NumberFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const format = numberFormats.get(key) ?? new Intl.NumberFormat(locale, options);
  numberFormats.set(key, format);
  return format;
}

const decimalOptions = [0, 1, 2].map((decimals) => ({
  minimumFractionDigits: decimals,
  maximumFractionDigits: decimals,
  useGrouping: false,
}));

/**
 * A size in binary units with at most one decimal (two below 10): `44.5 MiB`.
 * @param bytes exact byte count
 * @param locale in which the number is written
 */
export function formatBytes(bytes: bigint, locale = fixedLocale): string {
  const magnitude = bytes < 0n ? -bytes : bytes;
  let unit = 0;
  let scale = 1n;
  while (unit < binaryUnits.length - 1 && magnitude >= scale * 1024n) {
    scale *= 1024n;
    unit += 1;
  }
  if (unit === 0) return `${bytes} ${agreeing(bytes, 'byte', 'bytes')}`;
  const value = Number((bytes * 1000n) / scale) / 1000;
  const decimals = Math.abs(value) < 10 ? 2 : 1;
  return `${numberFormat(locale, decimalOptions[decimals]).format(value)} ${binaryUnits[unit]}`;
}

/** The exact byte count with thousands separated: `46,700,160 bytes`. */
export function formatExactBytes(bytes: bigint, locale = fixedLocale): string {
  return `${numberFormat(locale).format(bytes)} ${agreeing(bytes, 'byte', 'bytes')}`;
}

/** Unit of bandwidth limits, as the guide prints it. */
export const bandwidthUnit = 'kbs/s';

/** What the guide leaves open about {@link bandwidthUnit}. */
export const bandwidthUnitNote =
  'Sent to the gateway as it is. The vendor’s S3 guide calls the unit kbs/s, without saying whether that is kilobits or kilobytes, of 1,000 or 1,024.';

/** What is known of a quota of 0. */
export const quotaZeroNote =
  'The vendor’s guide does not say what 0 means; older references say unlimited.';
