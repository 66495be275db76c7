import type { CallInput, CallOutput } from '#shared/contract/index.ts';
import { currencyDecimals } from '#shared/currency.ts';
import { type NumberRules, readEnteredNumber } from '#shared/entered-number.ts';
import { inCurrency, inMinorUnits } from './money.ts';

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

/** Prices in the currency as they are typed. */
export type PriceValues = Record<PriceField, string> & { validFrom: string };

/** A tariff as it is typed. */
export interface TariffValues {
  name: string;
  currency: string;
  minorDigits: number;
  gigabyte: TariffBody['gigabyte'];
  longestSampleGapHours: string;
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
    minorDigits: currencyDecimals('EUR'),
    gigabyte: 'decimal',
    longestSampleGapHours: '24',
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
    longestSampleGapHours: String(longestSampleGapHours),
    prices: tariff.prices.map((prices) => ({
      ...pricesOf(prices, (price) => inCurrency(price, minorDigits)),
      validFrom: dateOf(prices.validFrom),
    })),
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
    longestSampleGapHours: Number(
      readEnteredNumber(values.longestSampleGapHours, sampleGapRules).value,
    ),
    prices: [...values.prices]
      .sort((one, other) => (one.validFrom < other.validFrom ? -1 : 1))
      .map((prices) => ({
        ...pricesOf(prices, (price) => toPrice(price, values)),
        validFrom: prices.validFrom,
      })),
    free: Object.fromEntries(
      freeFields.map(([field]) => [field, toWhole(values.free[field])]),
    ) as TariffBody['free'],
  };
}

function pricesOf(
  prices: Record<PriceField, string>,
  convert: (price: string) => string,
): Record<PriceField, string> {
  return Object.fromEntries(
    priceFields.map(([field]) => [field, convert(prices[field])]),
  ) as Record<PriceField, string>;
}

function toPrice(text: string, { currency, minorDigits }: TariffValues): string {
  return inMinorUnits(
    readEnteredNumber(text, priceRules(currency, minorDigits)).value ?? '',
    minorDigits,
  );
}

function toWhole(text: string): number | string {
  const { value = '' } = readEnteredNumber(text, freeRules);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** How a price in the currency is read; in minor units it has 15 digits before and after the point. */
export function priceRules(currency: string, minorDigits: number): NumberRules {
  return {
    unit: currency,
    decimals: 15 + minorDigits,
    most: 10n ** BigInt(15 - minorDigits) - 1n,
    pointIsDecimal: true,
  };
}

/** How an allowance is read. */
export const freeRules = { most: 10n ** 30n - 1n } satisfies NumberRules;
/** How long sizes may go unsampled, in hours. */
export const sampleGapRules = { unit: 'h', least: 1, most: 8784 } satisfies NumberRules;

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
      const rules = priceRules(values.currency, values.minorDigits);
      const { error } = readEnteredNumber(prices[field], rules);
      if (error !== undefined) faults[`prices.${index}.${field}`] = error;
    }
  });
  for (const [field] of freeFields) {
    const { error } = readEnteredNumber(values.free[field], freeRules);
    if (error !== undefined) faults[`free.${field}`] = error;
  }
  const gap = readEnteredNumber(values.longestSampleGapHours, sampleGapRules).error;
  if (gap !== undefined) faults.longestSampleGapHours = gap;
  return faults;
}
