import { setImmediate as nextTurn } from 'node:timers/promises';
import { chargeUser, noQuantities, priceSegments, type Tariff } from '#shared/billing/charges.ts';
import type { CallOutput } from '#shared/contract/index.ts';
import { hour } from '#shared/durations.ts';
import { fromWireInteger, toWireInteger } from '#shared/units.ts';
import type { TariffOf } from './customer-facts.ts';
import type { Stake } from './signal.ts';

type Row = CallOutput<'signals.list'>['rows'][number];
type Money = NonNullable<Row['money']>;

/** Charges made in one turn of the event loop. */
const chargedAtOnce = 100;

/**
 * Adds what is at stake in money, by the tariff of whoever pays: a calendar month (UTC) of what is
 * stored, or traffic once, as a statement with nothing else on it would charge it. Without a known
 * tariff there is no amount.
 */
export async function priceStakes<Found extends { stake?: Stake; weight?: number }>(
  found: readonly Found[],
  tariffOf: TariffOf,
  now: number,
): Promise<(Found & { money?: Money })[]> {
  const priced: (Found & { money?: Money })[] = [];
  for (const [index, one] of found.entries()) {
    if (index % chargedAtOnce === chargedAtOnce - 1) await nextTurn();
    const tariff = one.stake && tariffOf(one.stake.payer);
    if (!one.stake || !tariff) priced.push(one);
    else priced.push({ ...one, money: charge(tariff, one.stake.of, one.weight ?? 0, now) });
  }
  return priced;
}

function charge(tariff: Tariff, item: Stake['of'], bytes: number, now: number): Money {
  const at = Math.floor(now / hour);
  const isStored = item === 'stored';
  const [fromHour, toHour] = isStored ? monthOf(at) : [at, at + 1];
  const segments = priceSegments(tariff, fromHour, toHour);
  const whole = BigInt(Math.round(bytes));
  const quantities = segments.map((segment) => {
    const milliseconds = BigInt((segment.toHour - segment.fromHour) * hour);
    return { ...noQuantities(), [item]: isStored ? whole * milliseconds : whole };
  });
  const lines = chargeUser(tariff, segments, quantities);
  const amount = lines.reduce((sum, line) => sum + fromWireInteger(line.amount), 0n);
  const { currency, minorDigits, name } = tariff;
  const per = isStored ? 'month' : 'once';
  return { amount: toWireInteger(amount), currency, minorDigits, per, tariffName: name };
}

function monthOf(at: number): [fromHour: number, toHour: number] {
  const date = new Date(at * hour);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return [Date.UTC(year, month) / hour, Date.UTC(year, month + 1) / hour];
}

/**
 * Returns how much is at stake in each row, to sort by: in one currency their amounts. Rows
 * without an amount, and other currencies, are compared by bytes at the average price of the amounts
 * that are known: an unknown price does not count as zero.
 */
export function stakesOf(rows: readonly Pick<Row, 'money' | 'weight'>[]): (row: Row) => number {
  const sums = new Map<string, { amount: number; bytes: number }>();
  for (const { money, weight } of rows) {
    if (!money) continue;
    const sum = sums.get(money.currency) ?? { amount: 0, bytes: 0 };
    sum.amount += Number(money.amount);
    sum.bytes += weight;
    sums.set(money.currency, sum);
  }
  return ({ money, weight }) => {
    const sum = money && sums.get(money.currency);
    return sum && sum.amount > 0 ? (Number(money.amount) / sum.amount) * sum.bytes : weight;
  };
}
