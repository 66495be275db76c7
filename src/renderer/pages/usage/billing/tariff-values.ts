import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { isDecimal } from './money.ts';

/** A tariff as it was saved. */
export type Tariff = CallOutput<'tariffs.get'>;
/** What a tariff says, to be saved. */
export type TariffBody = CallInput<'tariffs.save'>['tariff'];

/** The prices of a tariff with what they are for, in the order of the form. */
export const priceFields = [
  ['storedPerGbHour', 'Stored', 'GB-hour'],
  ['downloadedPerGb', 'Out', 'GB'],
  ['uploadedPerGb', 'In', 'GB'],
  ['getPerThousand', 'Get', '1,000 operations'],
  ['putPerThousand', 'Put', '1,000 operations'],
  ['listPerThousand', 'List', '1,000 operations'],
  ['otherPerThousand', 'Other', '1,000 operations'],
] as const;

/** Name of a price. */
export type PriceField = (typeof priceFields)[number][0];

/** The free allowances with their units, in the order of the form. */
export const freeFields = [
  ['storedGbHours', 'Stored', 'GB-hours'],
  ['downloadedGb', 'Out', 'GB'],
  ['uploadedGb', 'In', 'GB'],
  ['get', 'Get', 'operations'],
  ['put', 'Put', 'operations'],
  ['list', 'List', 'operations'],
  ['other', 'Other', 'operations'],
] as const;

/** Name of an allowance. */
export type FreeField = (typeof freeFields)[number][0];

/** Prices as they are typed. */
export type PriceValues = Record<PriceField, string> & { validFrom: string };

/** A tariff as it is typed. */
export interface TariffValues {
  name: string;
  currency: string;
  minorDigits: number;
  gigabyte: TariffBody['gigabyte'];
  longestSampleGapHours: number;
  prices: PriceValues[];
  free: Record<FreeField, string>;
}

const noPrices = Object.fromEntries(priceFields.map(([field]) => [field, '0'])) as Record<
  PriceField,
  string
>;

const noFree = Object.fromEntries(freeFields.map(([field]) => [field, '0'])) as Record<
  FreeField,
  string
>;

/** What the form of a new tariff begins with. */
export function newTariffValues(now: Date): TariffValues {
  return {
    name: '',
    currency: 'EUR',
    minorDigits: 2,
    gigabyte: 'decimal',
    longestSampleGapHours: 24,
    prices: [{ ...noPrices, validFrom: `${now.getUTCFullYear()}-01-01` }],
    free: { ...noFree },
  };
}

/** A saved tariff as the form shows it. */
export function toTariffValues(tariff: Tariff): TariffValues {
  const { name, currency, minorDigits, gigabyte, longestSampleGapHours, free } = tariff;
  return {
    name,
    currency,
    minorDigits,
    gigabyte,
    longestSampleGapHours,
    prices: tariff.prices.map((prices) => ({ ...prices, validFrom: dateOf(prices.validFrom) })),
    free: Object.fromEntries(
      freeFields.map(([field]) => [field, String(free[field])]),
    ) as TariffValues['free'],
  };
}

/** A validity that begins with a day as its date; one within a day stays as it is. */
function dateOf(time: string): string {
  return time.replace(/T00:00:00(\.000)?Z$/, '');
}

/** What the form holds, as it is saved. Valid only where {@link tariffFaults} finds nothing. */
export function toTariffBody(values: TariffValues): TariffBody {
  return {
    ...values,
    name: values.name.trim(),
    prices: [...values.prices].sort((one, other) => (one.validFrom < other.validFrom ? -1 : 1)),
    free: Object.fromEntries(
      freeFields.map(([field]) => [field, toWhole(values.free[field])]),
    ) as TariffBody['free'],
  };
}

function toWhole(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}

const timePattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(\.\d+)?Z)?$/;

/** What is wrong with the form, by field: `name`, `prices.0.putPerThousand`, `free.get`. */
export function tariffFaults(values: TariffValues): Record<string, string> {
  const faults: Record<string, string> = {};
  if (values.name.trim() === '') faults.name = 'A tariff needs a name.';
  if (!/^[A-Z]{3}$/.test(values.currency)) faults.currency = 'Three letters, as EUR.';
  const seen = new Set<string>();
  values.prices.forEach((prices, index) => {
    if (!timePattern.test(prices.validFrom) || Number.isNaN(Date.parse(prices.validFrom)))
      faults[`prices.${index}.validFrom`] = 'A date.';
    if (seen.has(prices.validFrom))
      faults[`prices.${index}.validFrom`] = 'This date is there twice.';
    seen.add(prices.validFrom);
    for (const [field] of priceFields) {
      if (!isDecimal(prices[field])) faults[`prices.${index}.${field}`] = 'A number, as 0.25.';
    }
  });
  for (const [field] of freeFields) {
    if (!/^\d{1,30}$/.test(values.free[field])) faults[`free.${field}`] = 'A whole number.';
  }
  return faults;
}
