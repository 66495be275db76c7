import type { CallOutput } from '../contract/index.ts';
import { toWireInteger } from '../units.ts';
import {
  hourToIso,
  isFree,
  monthParts,
  type PriceSegment,
  pricePeriods,
  type Tariff,
} from './charges.ts';
import { addFractions, type Fraction, inUnits, parseDecimal, roundHalfEven } from './money.ts';

/** A charge for no usage. */
export type StatementFee = NonNullable<CallOutput<'statements.make'>['fees']>[number];

/** How many calendar months a period is, exactly. */
function monthsOf({ fromHour, toHour }: PriceSegment): Fraction {
  return addFractions(
    monthParts(fromHour, toHour).map((part) => ({
      numerator: BigInt(part.toHour - part.fromHour),
      denominator: BigInt(part.monthHours),
    })),
  );
}

function costOf(price: string, minorDigits: number, months: Fraction): Fraction {
  const each = parseDecimal(price);
  return {
    numerator: each.numerator * months.numerator * 10n ** BigInt(minorDigits),
    denominator: each.denominator * months.denominator,
  };
}

/**
 * Returns what a payer owes besides its usage: the base fee, and what is missing to the minimum. Each line
 * is rounded once, with banker’s rounding; the minimum of a period is the sum of its months'.
 * @param usage what was charged for usage, minor units
 */
export function feesOf(
  tariff: Tariff,
  { fromHour, toHour }: { fromHour: number; toHour: number },
  usage: bigint,
): StatementFee[] {
  const periods = pricePeriods(tariff, fromHour, toHour).map((period) => ({
    ...period,
    months: monthsOf(period),
  }));
  const feeOf = (kind: StatementFee['kind'], period: (typeof periods)[number], amount: bigint) => ({
    kind,
    from: hourToIso(period.fromHour),
    to: hourToIso(period.toHour),
    price: (kind === 'base' ? period.prices.baseFee : period.prices.minimum) ?? '0',
    months: inUnits(period.months.numerator, period.months.denominator),
    amount: toWireInteger(amount),
  });
  let charged = usage;
  const base = periods.flatMap((period) => {
    const { baseFee = '0' } = period.prices;
    if (isFree(baseFee)) return [];
    const amount = roundHalfEven(costOf(baseFee, tariff.minorDigits, period.months));
    charged += amount;
    return [feeOf('base', period, amount)];
  });
  const minimum = roundHalfEven(
    addFractions(
      periods.map(({ prices, months }) =>
        costOf(prices.minimum ?? '0', tariff.minorDigits, months),
      ),
    ),
  );
  const last = periods.findLast(({ prices }) => !isFree(prices.minimum));
  if (!last || minimum <= charged) return base;
  const whole = { ...last, fromHour, toHour };
  return [...base, feeOf('minimum', { ...whole, months: monthsOf(whole) }, minimum - charged)];
}
