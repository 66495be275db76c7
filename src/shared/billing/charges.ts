import { type ChargedItem, chargedItems } from '../charged-items.ts';
import type { CallOutput } from '../contract/index.ts';
import { fromWireInteger, toWireInteger, type WireInteger } from '../units.ts';
import { addFractions, inUnits, parseDecimal, roundHalfEven } from './money.ts';

export type Tariff = CallOutput<'tariffs.get'>;
export type Prices = Tariff['prices'][number];
export type StatementLine = CallOutput<'statements.make'>['users'][number]['lines'][number];

/** What one user used: byte-milliseconds, bytes, operations. */
export type Quantities = Record<ChargedItem, bigint>;

export function noQuantities(): Quantities {
  return { stored: 0n, downloaded: 0n, uploaded: 0n, put: 0n, get: 0n, list: 0n, other: 0n };
}

/** A part of the period in which one set of prices holds. Hours since the Unix epoch. */
export interface PriceSegment {
  fromHour: number;
  toHour: number;
  prices: Prices;
}

const hourMilliseconds = 3_600_000;

export function isFree(price = '0'): boolean {
  return /^[0.]+$/.test(price);
}

/** The parts of a period by the date from which prices hold; the first prices also hold before it. */
export function pricePeriods(tariff: Tariff, fromHour: number, toHour: number): PriceSegment[] {
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

/** Cuts a period where prices change, and into months where storage is charged by the month. */
export function priceSegments(tariff: Tariff, fromHour: number, toHour: number): PriceSegment[] {
  return pricePeriods(tariff, fromHour, toHour).flatMap((period) =>
    isFree(period.prices.storedPerGbMonth)
      ? [period]
      : monthParts(period.fromHour, period.toHour).map((part) => ({
          fromHour: part.fromHour,
          toHour: part.toHour,
          prices: period.prices,
        })),
  );
}

interface ItemRule {
  unit: StatementLine['unit'];
  price: string;
  /** Base units in one unit of the price. */
  size: bigint;
  /** Base units in one unit of the tiers. */
  tierSize: bigint;
}

/** In what storage is charged. */
export type StoredUnit = Extract<StatementLine['unit'], 'GB-hour' | 'GB-month'>;

/** Returns in what unit prices charge storage. */
export function storedUnitOf({ storedPerGbMonth }: Pick<Prices, 'storedPerGbMonth'>): StoredUnit {
  return isFree(storedPerGbMonth) ? 'GB-hour' : 'GB-month';
}

function storageRule(gigabyte: bigint, { prices, fromHour, toHour }: PriceSegment): ItemRule {
  const hours = (count: number): bigint => gigabyte * BigInt(count * hourMilliseconds);
  const tierSize = hours(toHour - fromHour);
  const { storedPerGbHour, storedPerGbMonth = '0' } = prices;
  const unit = storedUnitOf(prices);
  const price = unit === 'GB-hour' ? storedPerGbHour : storedPerGbMonth;
  return { unit, price, size: unitSize(unit, gigabyte, fromHour), tierSize };
}

/** Base units in one unit of the price; a month is the one that the hour is in. */
function unitSize(unit: StatementLine['unit'], gigabyte: bigint, hour: number): bigint {
  if (unit === 'thousand operations') return 1000n;
  if (unit === 'GB') return gigabyte;
  const [month] = monthParts(hour, hour + 1);
  const hours = unit === 'GB-hour' ? 1 : (month?.monthHours ?? 1);
  return gigabyte * BigInt(hours * hourMilliseconds);
}

/** An exact quantity in base units, from a moment on: of storage, within one calendar month (UTC). */
export interface QuantityPart {
  from: string;
  quantity: WireInteger;
}

/** Returns what parts come to in a unit of the bill, six decimals, rounded down once. */
export function quantityInUnits(
  parts: readonly QuantityPart[],
  unit: StatementLine['unit'],
  of: Pick<Tariff, 'gigabyte'>,
): string {
  const bySize = new Map<bigint, bigint>();
  for (const { from, quantity } of parts) {
    const size = unitSize(unit, gigabyteOf(of), Math.floor(Date.parse(from) / hourMilliseconds));
    bySize.set(size, (bySize.get(size) ?? 0n) + fromWireInteger(quantity));
  }
  const sums = [...bySize].map(([denominator, numerator]) => ({ numerator, denominator }));
  const { numerator, denominator } = addFractions(sums);
  return inUnits(numerator, denominator);
}

/** Returns what a line used and had included, in the unit of its price, six decimals, rounded down. */
export function lineUnits(
  { unit, from, quantity, free }: StatementLine,
  of: Pick<Tariff, 'gigabyte'>,
): { used: string; included: string } {
  const units = (value: WireInteger): string =>
    quantityInUnits([{ from, quantity: value }], unit, of);
  return { used: units(quantity), included: units(free) };
}

/** Returns `499.392 GB used, 10 GB included`; nothing of a line of which all is charged. */
export function includedWords(
  line: StatementLine,
  of: Pick<Tariff, 'gigabyte'>,
  decimal: (text: string) => string,
): string {
  if (fromWireInteger(line.free) === 0n) return '';
  const { used, included } = lineUnits(line, of);
  return `${decimal(used)} ${line.unit} used, ${decimal(included)} ${line.unit} included`;
}

const trafficPrices = { downloaded: 'downloadedPerGb', uploaded: 'uploadedPerGb' } as const;

function ruleOf(tariff: Tariff, item: ChargedItem, segment: PriceSegment): ItemRule {
  const gigabyte = gigabyteOf(tariff);
  if (item === 'stored') return storageRule(gigabyte, segment);
  if (item === 'downloaded' || item === 'uploaded') {
    const price = segment.prices[trafficPrices[item]];
    return { unit: 'GB', price, size: gigabyte, tierSize: gigabyte };
  }
  const price = segment.prices[`${item}PerThousand`];
  return { unit: 'thousand operations', price, size: 1000n, tierSize: 1n };
}

/** Bytes in a GB of the tariff. */
export function gigabyteOf({ gigabyte }: Pick<Tariff, 'gigabyte'>): bigint {
  return gigabyte === 'decimal' ? 1_000_000_000n : 2n ** 30n;
}

/** What is free of an item in a whole statement, in base units. */
function freeInStatement(tariff: Tariff, item: ChargedItem): bigint {
  const { free } = tariff;
  const gigabyte = gigabyteOf(tariff);
  if (item === 'stored') {
    return fromWireInteger(free.storedGbHours) * gigabyte * BigInt(hourMilliseconds);
  }
  if (item === 'downloaded') return fromWireInteger(free.downloadedGb) * gigabyte;
  if (item === 'uploaded') return fromWireInteger(free.uploadedGb) * gigabyte;
  return fromWireInteger(free[item]);
}

const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);

/**
 * The charges of one user alone; see {@link chargeUsers}.
 * @param quantities what was used in each segment, in the same order
 */
export function chargeUser(
  tariff: Tariff,
  segments: readonly PriceSegment[],
  quantities: readonly Quantities[],
): StatementLine[] {
  return chargeUsers(tariff, segments, [quantities])[0] ?? [];
}

/**
 * The charges of users who share what is free and the tiers, each user's lines on its own. What is free
 * is used up in the order of time, then of users; tiers count what exceeds it, of storage the average
 * of each part of the period, of all else what was used so far. Each line is rounded once, half to
 * even, to whole minor units.
 * @param users what each used in each segment, in the same order
 */
export function chargeUsers(
  tariff: Tariff,
  segments: readonly PriceSegment[],
  users: readonly (readonly Quantities[])[],
): StatementLine[][] {
  const charges = chargedItems.map((item) => chargeItem(tariff, item, segments, users));
  return users.map((_, user) => charges.flatMap((lines) => lines[user] ?? []));
}

function chargeItem(
  tariff: Tariff,
  item: ChargedItem,
  segments: readonly PriceSegment[],
  users: readonly (readonly Quantities[])[],
): StatementLine[][] {
  const isStorage = item === 'stored';
  const lines = users.map((): StatementLine[] => []);
  let freeLeft = freeInStatement(tariff, item);
  let charged = 0n;
  for (const [index, segment] of segments.entries()) {
    const rule = ruleOf(tariff, item, segment);
    let alwaysLeft = isStorage ? fromWireInteger(tariff.free.storedGb ?? 0) * rule.tierSize : 0n;
    if (isStorage) charged = 0n;
    for (const [user, quantities] of users.entries()) {
      const quantity = quantities[index]?.[item] ?? 0n;
      if (quantity === 0n) continue;
      const always = least(quantity, alwaysLeft);
      const more = least(quantity - always, freeLeft);
      alwaysLeft -= always;
      freeLeft -= more;
      const free = always + more;
      lines[user]?.push(...tierLines({ tariff, item, rule, segment, quantity, free, charged }));
      charged += quantity - free;
    }
  }
  return lines;
}

interface Charge {
  tariff: Tariff;
  item: ChargedItem;
  rule: ItemRule;
  segment: PriceSegment;
  quantity: bigint;
  free: bigint;
  /** Amount charged before, in the unit of the tiers. */
  charged: bigint;
}

/** One line for each tier that is reached; the free part is on the first. */
function tierLines(charge: Charge): StatementLine[] {
  const { item, rule, segment, quantity, free, charged } = charge;
  const tiers = segment.prices.tiers?.[item] ?? [];
  if (tiers.length === 0) return [lineOf(charge, rule.price, quantity, free)];
  const bounds = tiers.map(({ above }) => fromWireInteger(above) * rule.tierSize);
  const ends = charged + quantity - free;
  const prices = [rule.price, ...tiers.map(({ price }) => price)];
  const lines = prices.flatMap((price, at) => {
    const lower = at === 0 ? 0n : (bounds[at - 1] ?? 0n);
    const upper = bounds[at] ?? ends;
    const from = charged > lower ? charged : lower;
    const part = least(upper, ends) - from;
    if (part <= 0n) return [];
    return [lineOf(charge, price, part, 0n, tiers[at - 1]?.above ?? 0)];
  });
  const [first, ...others] = lines;
  if (!first) return [lineOf(charge, rule.price, quantity, free)];
  const whole = fromWireInteger(first.quantity) + free;
  return [{ ...first, quantity: toWireInteger(whole), free: toWireInteger(free) }, ...others];
}

function lineOf(
  { tariff, item, rule: { unit, size }, segment: { fromHour, toHour } }: Charge,
  price: string,
  quantity: bigint,
  free: bigint,
  above?: StatementLine['above'],
): StatementLine {
  const { numerator, denominator } = parseDecimal(price);
  const billable = quantity - free;
  const amount = roundHalfEven({
    numerator: billable * numerator * 10n ** BigInt(tariff.minorDigits),
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
    ...(above === undefined ? {} : { above }),
    amount: toWireInteger(amount),
  };
}

/** Hours in one calendar month (UTC) out of a period. Hours are whole ones since the Unix epoch. */
interface MonthPart {
  fromHour: number;
  toHour: number;
  /** Hours of the whole month. */
  monthHours: number;
}

/** Cuts a period where calendar months (UTC) begin. */
export function monthParts(fromHour: number, toHour: number): MonthPart[] {
  const parts: MonthPart[] = [];
  for (let at = fromHour; at < toHour; ) {
    const date = new Date(at * hourMilliseconds);
    const monthAt = (months: number): number =>
      Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months) / hourMilliseconds;
    const ends = Math.min(toHour, monthAt(1));
    parts.push({ fromHour: at, toHour: ends, monthHours: monthAt(1) - monthAt(0) });
    at = ends;
  }
  return parts;
}

/** Returns when an hour begins, ISO 8601 in UTC. */
export function hourToIso(hour: number): string {
  return new Date(hour * hourMilliseconds).toISOString();
}
