import { isFree, type Tariff } from '#shared/billing/charges.ts';
import { currencyDecimals, inCurrency } from '#shared/billing/money.ts';
import { type ChargedItem, chargedItems } from '#shared/charged-items.ts';
import type { CallInput } from '#shared/contract/index.ts';
import { type NumberRules, readEnteredNumber } from '#shared/entered-number.ts';

export type { Tariff };
export type TariffBody = CallInput<'tariffs.save'>['tariff'];
type Prices = TariffBody['prices'][number];

/** What is charged for with its label, the unit of its price and that of its tiers, in the form's order. */
export const priceFields = [
  ['stored', 'Stored', 'GB-hour', 'GB'],
  ['downloaded', 'Out', 'GB', 'GB'],
  ['uploaded', 'In', 'GB', 'GB'],
  ['get', 'Get', '1,000 operations', 'operations'],
  ['put', 'Put', '1,000 operations', 'operations'],
  ['list', 'List', '1,000 operations', 'operations'],
  ['other', 'Other', '1,000 operations', 'operations'],
] as const;

/** The charges of a payer for a calendar month, whatever it used. */
export const feeFields = [
  ['baseFee', 'Base fee'],
  ['minimum', 'Minimum'],
] as const;

/** The free allowances with their units, in the order of the form. */
export const freeFields = [
  ['storedGb', 'Stored all the time', 'GB'],
  ['storedGbHours', 'Stored', 'GB-hours'],
  ['downloadedGb', 'Out', 'GB'],
  ['uploadedGb', 'In', 'GB'],
  ['get', 'Get', 'operations'],
  ['put', 'Put', 'operations'],
  ['list', 'List', 'operations'],
  ['other', 'Other', 'operations'],
] as const;

type FreeField = (typeof freeFields)[number][0];

export interface TierValues {
  above: string;
  price: string;
}

export type PriceValues = Record<ChargedItem | (typeof feeFields)[number][0], string> & {
  validFrom: string;
  storedPer: 'hour' | 'month';
  tiers: Record<ChargedItem, TierValues[]>;
};

export interface TariffValues {
  name: string;
  currency: string;
  minorDigits: number;
  gigabyte: TariffBody['gigabyte'];
  /** BCP 47. */
  language: string;
  longestSampleGapHours: string;
  prices: PriceValues[];
  free: Record<FreeField, string>;
  /** Who shares what is included, and the tiers. */
  countPer: NonNullable<TariffBody['countPer']>;
}

const priceNames = {
  stored: 'storedPerGbHour',
  downloaded: 'downloadedPerGb',
  uploaded: 'uploadedPerGb',
  put: 'putPerThousand',
  get: 'getPerThousand',
  list: 'listPerThousand',
  other: 'otherPerThousand',
} as const;

function record<Name extends string, Value>(
  names: readonly Name[],
  value: (name: Name) => Value,
): Record<Name, Value> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, Value>;
}

const freeNames = freeFields.map(([field]) => field);

function noPriceValues(validFrom: string): PriceValues {
  return {
    ...record(chargedItems, () => '0'),
    ...{ baseFee: '0', minimum: '0', storedPer: 'month', validFrom },
    tiers: record(chargedItems, () => []),
  };
}

export function newTariffValues(now: Date): TariffValues {
  return {
    name: '',
    currency: 'EUR',
    minorDigits: currencyDecimals('EUR'),
    gigabyte: 'decimal',
    language: 'en-GB',
    longestSampleGapHours: '24',
    prices: [noPriceValues(`${now.getUTCFullYear()}-01-01`)],
    free: record(freeNames, () => '0'),
    countPer: 'customer',
  };
}

export function priceOf(prices: Tariff['prices'][number], item: ChargedItem): [string, string] {
  const { storedPerGbMonth = '0' } = prices;
  if (item === 'stored' && !isFree(storedPerGbMonth)) return [storedPerGbMonth, 'GB-month'];
  const unit = priceFields.find(([name]) => name === item)?.[2] ?? '';
  return [prices[priceNames[item]], unit];
}

function toPriceValues(prices: Tariff['prices'][number]): PriceValues {
  const { baseFee = '0', minimum = '0', storedPerGbMonth, storedPerGbHour, tiers } = prices;
  const isHourly = isFree(storedPerGbMonth) && !isFree(storedPerGbHour);
  return {
    ...record(chargedItems, (item) => inCurrency(priceOf(prices, item)[0], 0)),
    baseFee,
    minimum,
    storedPer: isHourly ? 'hour' : 'month',
    validFrom: dateOf(prices.validFrom),
    tiers: record(chargedItems, (item) =>
      (tiers?.[item] ?? []).map(({ above, price }) => ({ above: String(above), price })),
    ),
  };
}

/** A saved tariff as the form shows it. */
export function toTariffValues(tariff: Tariff): TariffValues {
  const { name, currency, gigabyte, longestSampleGapHours, free, prices } = tariff;
  return {
    ...{ name, currency, minorDigits: currencyDecimals(currency), gigabyte },
    language: tariff.language ?? 'en-GB',
    longestSampleGapHours: String(longestSampleGapHours),
    prices: prices.map(toPriceValues),
    free: record(freeNames, (field) => String(free[field] ?? 0)),
    countPer: tariff.countPer ?? 'user',
  };
}

/** A validity that begins with a day as its date; one within a day stays as it is. */
function dateOf(time: string): string {
  return time.replace(/T00:00:00(\.000)?Z$/, '');
}

function toPrices(values: PriceValues, rules: NumberRules): Prices {
  const read = (text: string): string => readEnteredNumber(text, rules).value ?? '0';
  const { storedPer } = values;
  const tiers = chargedItems.flatMap((item) => {
    const list = values.tiers[item].map(({ above, price }) => ({
      above: toWhole(above),
      price: read(price),
    }));
    return list.length === 0 ? [] : [[item, list]];
  });
  const { stored, ...others } = record(chargedItems, (item) => read(values[item]));
  return {
    validFrom: values.validFrom,
    storedPerGbHour: storedPer === 'hour' ? stored : '0',
    storedPerGbMonth: storedPer === 'month' ? stored : '0',
    downloadedPerGb: others.downloaded,
    uploadedPerGb: others.uploaded,
    putPerThousand: others.put,
    getPerThousand: others.get,
    listPerThousand: others.list,
    otherPerThousand: others.other,
    baseFee: read(values.baseFee),
    minimum: read(values.minimum),
    ...(tiers.length === 0 ? {} : { tiers: Object.fromEntries(tiers) }),
  };
}

/** Returns the form's values as they are saved. Valid only where {@link tariffFaults} finds nothing. */
export function toTariffBody(values: TariffValues): TariffBody {
  const rules = priceRules(values.currency);
  return {
    ...values,
    name: values.name.trim(),
    pricesIn: 'currency',
    longestSampleGapHours: Number(
      readEnteredNumber(values.longestSampleGapHours, sampleGapRules).value,
    ),
    prices: [...values.prices]
      .sort((one, other) => (one.validFrom < other.validFrom ? -1 : 1))
      .map((prices) => toPrices(prices, rules)),
    free: record(freeNames, (field) => toWhole(values.free[field])),
  };
}

function toWhole(text: string): number | string {
  const { value = '0' } = readEnteredNumber(text, freeRules);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

export function priceRules(currency: string): NumberRules {
  return { unit: currency, decimals: 15, most: 10n ** 15n - 1n, pointIsDecimal: true };
}

/** How an allowance, or where a tier begins, is read. */
export const freeRules = { most: 10n ** 30n - 1n } satisfies NumberRules;
/** How long sizes may go unsampled, in hours. */
export const sampleGapRules = { unit: 'h', least: 1, most: 8784 } satisfies NumberRules;

const timePattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(\.\d+)?Z)?$/;

type Faults = Record<string, string>;

function noteNumber(faults: Faults, field: string, text: string, rules: NumberRules): void {
  const { error } = readEnteredNumber(text, rules);
  if (error !== undefined) faults[field] = error;
}

function noteTiers(faults: Faults, field: string, tiers: TierValues[], rules: NumberRules): void {
  tiers.forEach(({ above, price }, index) => {
    noteNumber(faults, `${field}.${index}.price`, price, rules);
    noteNumber(faults, `${field}.${index}.above`, above, { ...freeRules, least: 1 });
    const { value, error } = readEnteredNumber(above, freeRules);
    const before = index === 0 ? '0' : readEnteredNumber(tiers[index - 1]?.above ?? '', freeRules);
    const lower = typeof before === 'string' ? before : before.value;
    if (error === undefined && lower !== undefined && BigInt(value) <= BigInt(lower)) {
      faults[`${field}.${index}.above`] ??= 'Has to be above the tier before.';
    }
  });
}

/**
 * Returns what is wrong with the form, by field: `name`, `prices.0.put`, `prices.0.tiers.put.1.above`,
 * `free.get`.
 */
export function tariffFaults(values: TariffValues): Faults {
  const faults: Faults = {};
  if (values.name.trim() === '') faults.name = 'A tariff needs a name.';
  if (!/^[A-Z]{3}$/.test(values.currency)) faults.currency = 'Three letters, as EUR.';
  const rules = priceRules(values.currency);
  const seen = new Set<string>();
  values.prices.forEach((prices, index) => {
    const at = `prices.${index}`;
    const { validFrom } = prices;
    if (!timePattern.test(validFrom) || Number.isNaN(Date.parse(validFrom)))
      faults[`${at}.validFrom`] = 'A date.';
    if (seen.has(validFrom)) faults[`${at}.validFrom`] = 'This date is there twice.';
    seen.add(validFrom);
    for (const item of chargedItems) {
      noteNumber(faults, `${at}.${item}`, prices[item], rules);
      noteTiers(faults, `${at}.tiers.${item}`, prices.tiers[item], rules);
    }
    for (const [field] of feeFields) noteNumber(faults, `${at}.${field}`, prices[field], rules);
  });
  for (const [field] of freeFields) {
    noteNumber(faults, `free.${field}`, values.free[field], freeRules);
  }
  noteNumber(faults, 'longestSampleGapHours', values.longestSampleGapHours, sampleGapRules);
  return faults;
}
