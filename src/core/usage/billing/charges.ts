import type { CallOutput } from '#shared/contract/index.ts';
import { fromWireInteger, toWireInteger } from '#shared/units.ts';
import { hourToIso } from '../coverage/report-period.ts';
import { inUnits, parseDecimal, roundHalfEven } from './money.ts';

/** A tariff as it was saved. */
export type Tariff = CallOutput<'tariffs.get'>;
/** One charge of a statement. */
export type StatementLine = CallOutput<'statements.make'>['users'][number]['lines'][number];

/** What is charged for, in the order of a statement's lines. */
export const chargedItems = [
  'stored',
  'downloaded',
  'uploaded',
  'put',
  'get',
  'list',
  'other',
] as const;

/** One of {@link chargedItems}. */
export type ChargedItem = (typeof chargedItems)[number];

/** What one user used: byte-milliseconds, bytes, operations. */
export type Quantities = Record<ChargedItem, bigint>;

/** A part of the period in which one set of prices holds. Hours since the Unix epoch. */
export interface PriceSegment {
  fromHour: number;
  toHour: number;
  prices: Tariff['prices'][number];
}

const hourMilliseconds = 3_600_000;

/** Cuts a period where prices change; the first prices also hold before their time. */
export function priceSegments(tariff: Tariff, fromHour: number, toHour: number): PriceSegment[] {
  const sorted = tariff.prices
    .map((prices) => ({
      prices,
      hour: Math.floor(Date.parse(prices.validFrom) / hourMilliseconds),
    }))
    .sort((left, right) => left.hour - right.hour);
  return sorted.flatMap(({ prices }, index) => {
    const begins = index === 0 ? fromHour : Math.max(fromHour, sorted[index]?.hour ?? fromHour);
    const ends = Math.min(toHour, sorted[index + 1]?.hour ?? toHour);
    return begins < ends ? [{ fromHour: begins, toHour: ends, prices }] : [];
  });
}

interface ItemRule {
  unit: StatementLine['unit'];
  /** Base units in one unit of the price. */
  size: bigint;
  /** Base units in one of the free allowance. */
  freeSize: bigint;
  free: keyof Tariff['free'];
  price: Exclude<keyof Tariff['prices'][number], 'validFrom'>;
}

function rulesOf(tariff: Tariff): Record<ChargedItem, ItemRule> {
  const gigabyte = tariff.gigabyte === 'decimal' ? 1_000_000_000n : 2n ** 30n;
  const gigabyteHour = gigabyte * BigInt(hourMilliseconds);
  const operations = (item: 'put' | 'get' | 'list' | 'other'): ItemRule => ({
    unit: 'thousand operations',
    size: 1000n,
    freeSize: 1n,
    free: item,
    price: `${item}PerThousand`,
  });
  return {
    stored: {
      unit: 'GB-hour',
      size: gigabyteHour,
      freeSize: gigabyteHour,
      free: 'storedGbHours',
      price: 'storedPerGbHour',
    },
    downloaded: {
      unit: 'GB',
      size: gigabyte,
      freeSize: gigabyte,
      free: 'downloadedGb',
      price: 'downloadedPerGb',
    },
    uploaded: {
      unit: 'GB',
      size: gigabyte,
      freeSize: gigabyte,
      free: 'uploadedGb',
      price: 'uploadedPerGb',
    },
    put: operations('put'),
    get: operations('get'),
    list: operations('list'),
    other: operations('other'),
  };
}

/**
 * The charges of one user. What is free is used up in the order of time; each line is rounded once,
 * half to even, to whole minor units.
 * @param quantities what was used in each segment, in the same order
 */
export function chargeUser(
  tariff: Tariff,
  segments: readonly PriceSegment[],
  quantities: readonly Quantities[],
): StatementLine[] {
  const rules = rulesOf(tariff);
  return chargedItems.flatMap((item) => {
    const rule = rules[item];
    let freeLeft = fromWireInteger(tariff.free[rule.free]) * rule.freeSize;
    return segments.flatMap((segment, index) => {
      const quantity = quantities[index]?.[item] ?? 0n;
      if (quantity === 0n) return [];
      const free = quantity < freeLeft ? quantity : freeLeft;
      freeLeft -= free;
      return [lineOf(item, rule, segment, quantity, free)];
    });
  });
}

function lineOf(
  item: ChargedItem,
  { unit, size, price: priceName }: ItemRule,
  { fromHour, toHour, prices }: PriceSegment,
  quantity: bigint,
  free: bigint,
): StatementLine {
  const price = prices[priceName];
  const { numerator, denominator } = parseDecimal(price);
  const billable = quantity - free;
  const amount = roundHalfEven({
    numerator: billable * numerator,
    denominator: size * denominator,
  });
  return {
    item,
    from: hourToIso(fromHour),
    to: hourToIso(toHour),
    quantity: toWireInteger(quantity),
    free: toWireInteger(free),
    billable: toWireInteger(billable),
    billableUnits: inUnits(billable, size),
    unit,
    price,
    amount: toWireInteger(amount),
  };
}
