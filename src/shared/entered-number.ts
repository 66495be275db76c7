import { withoutInvisible } from './plain-text.ts';
import { bandwidthUnit } from './units.ts';

export interface NumberRules {
  /** Decimals at most; 0 for whole numbers. */
  decimals?: number;
  least?: number | bigint;
  most?: number | bigint;
  /** Unit of the value, which may be typed too: `GB` takes `5 TB` as 5000. */
  unit?: string;
  /** The field shows values with a point and three or more decimals: `1.234` is such a value. */
  pointIsDecimal?: boolean;
}

/** A parsed number, in digits and at most one point; or why it is invalid, in words. */
export type EnteredNumber = { value: string; error?: never } | { error: string; value?: never };

interface Fraction {
  over: bigint;
  under: bigint;
}

const steps = ['', 'k', 'M', 'G', 'T', 'P', 'E'];
const decimalSizes = new Map(steps.map((step, index) => [`${step}B`, 1000n ** BigInt(index)]));
const binarySizes = new Map(
  steps.slice(1).map((step, index) => [`${step.toUpperCase()}iB`, 1024n ** BigInt(index + 1)]),
);
const sizes = new Map([...decimalSizes, ...binarySizes, ['byte', 1n], ['bytes', 1n]]);
const perSecond = new Map([
  ...[...decimalSizes].map(([unit, factor]): [string, bigint] => [`${unit}/s`, factor]),
  [bandwidthUnit, 1000n],
]);

const rates = new Map(['ops/s', 'operations/s', '/s'].map((unit) => [unit, 1n]));

/** Units one may type by the unit of the field; each with how many of the smallest it is worth. */
const families: Record<string, ReadonlyMap<string, bigint>> = {
  GB: decimalSizes,
  GiB: sizes,
  [bandwidthUnit]: perSecond,
  'ops/s': rates,
  'operations/s': rates,
  days: new Map([
    ['days', 1n],
    ['day', 1n],
    ['d', 1n],
  ]),
  h: new Map([
    ['h', 1n],
    ['hour', 1n],
    ['hours', 1n],
  ]),
  s: new Map([
    ['s', 1n],
    ['second', 1n],
    ['seconds', 1n],
  ]),
  min: new Map([
    ['min', 1n],
    ['minute', 1n],
    ['minutes', 1n],
    ['h', 60n],
  ]),
};

/**
 * Reads a number as people type it: decimal comma or point, groups of three, a unit. What can be read in
 * two ways is refused; no character is ever passed over.
 */
export function readEnteredNumber(text: string, rules: NumberRules = {}): EnteredNumber {
  const entered = plainSigns(text);
  const parts = /^([-+]?)([\d.,'’_\s]*\d)\s*(\D*)$/.exec(entered);
  if (!parts)
    return { error: entered === '' ? 'Enter a number.' : `"${entered}" is not a number.` };
  const [, sign, digits = '', unit = ''] = parts;
  if (sign === '-') return { error: `Enter a number without a minus: "${entered}" is negative.` };
  const plain = plainDigits(digits, rules.pointIsDecimal ?? false);
  if (plain.error !== undefined) return plain;
  const factor = factorOf(unit, rules.unit);
  if ('error' in factor) return factor;
  return checked(plain.value, factor, rules);
}

/** Returns whether a text is a relative change, with a sign: `+10 %`, `-5 TB`. */
export function isChange(text: string): boolean {
  return /^[-+]\D*\d/.test(plainSigns(text));
}

/** Returns why a relative change is invalid, in words; undefined if it is valid. */
export function changeError(text: string, rules: NumberRules): string | undefined {
  const some = BigInt(rules.most ?? 1e12) / 1000n;
  return readNumberAgainst(text, some.toString(), rules).error;
}

function plainSigns(text: string): string {
  return withoutInvisible(text).normalize('NFKC').replaceAll('\u2212', '-');
}

/**
 * Reads a number, or a change of the value there is: `+10 %`, `-5 %`, `+5 TB`. Shares are rounded to the
 * decimals of the rules.
 * @param current in digits, in the unit of the rules; null where there is no value to change
 */
export function readNumberAgainst(
  text: string,
  current: string | null,
  rules: NumberRules = {},
): EnteredNumber {
  const entered = plainSigns(text);
  const [, sign, change = ''] = /^([-+])\s*(.*)$/.exec(entered) ?? [];
  if (sign === undefined || !/\d/.test(change)) return readEnteredNumber(text, rules);
  const isShare = change.endsWith('%');
  if (current === null) {
    if (!isShare) return readEnteredNumber(text, rules);
    return { error: `There is no value that "${entered}" could change: enter the new one.` };
  }
  const { decimals = 0, least: _least, most: _most, ...open } = rules;
  const read = isShare
    ? readEnteredNumber(change.slice(0, -1), { decimals: 3 })
    : readEnteredNumber(change, { ...open, decimals });
  if (read.error !== undefined) return read;
  const scaled = (digits: string, places: number): bigint => {
    const [whole = '', fraction = ''] = digits.split('.');
    return BigInt(whole + fraction.slice(0, places).padEnd(places, '0'));
  };
  const now = scaled(current, decimals);
  const by = isShare
    ? rounded(now * scaled(read.value, 3), 100_000n)
    : scaled(read.value, decimals);
  const next = sign === '-' ? now - by : now + by;
  if (next < 0n) return { error: `"${entered}" would be less than nothing.` };
  const digits = next.toString().padStart(decimals + 1, '0');
  const at = digits.length - decimals;
  const plain = decimals === 0 ? digits : trimZeros(`${digits.slice(0, at)}.${digits.slice(at)}`);
  return readEnteredNumber(plain, { ...rules, pointIsDecimal: true });
}

function rounded(over: bigint, under: bigint): bigint {
  return (over * 2n + under) / (under * 2n);
}

function plainDigits(digits: string, pointIsDecimal: boolean): EnteredNumber {
  const wrong = { error: `"${digits}" is not a number: check its separators.` };
  const marks = [...new Set(digits.replace(/\d/g, '').replace(/\s/g, ' '))];
  if (marks.length === 0) return { value: trimZeros(digits) };
  const normal = digits.replace(/\s/g, ' ');
  const last = normal.replace(/\d/g, '').at(-1) ?? '';
  const isDecimal = '.,'.includes(last) && normal.indexOf(last) === normal.lastIndexOf(last);
  const [whole = '', decimals = ''] = isDecimal ? normal.split(last) : [normal];
  const grouping = marks.filter((mark) => !isDecimal || mark !== last);
  if (grouping.length > 1) return wrong;
  const [group] = grouping;
  const grouped = group === undefined ? [whole] : whole.split(group);
  const sound = grouped.every((part, index) =>
    index === 0 ? /^\d{0,3}$/.test(part) || grouped.length === 1 : /^\d{3}$/.test(part),
  );
  if (!sound || (grouped.length > 1 && !/^[1-9]/.test(whole))) return wrong;
  const twofold =
    isDecimal && group === undefined && /^\d{3}$/.test(decimals) && /^[1-9]\d{0,2}$/.test(whole);
  if (twofold && !(pointIsDecimal && last === '.')) {
    return {
      error: `"${digits}" can mean ${whole}${decimals} or ${whole}.${decimals}0: enter the one you mean.`,
    };
  }
  return { value: trimZeros(`${grouped.join('') || '0'}${isDecimal ? `.${decimals}` : ''}`) };
}

function trimZeros(number: string): string {
  const [whole = '', decimals = ''] = number.split('.');
  const kept = decimals.replace(/0+$/, '');
  const leading = whole.replace(/^0+(?=\d)/, '');
  return kept === '' ? leading : `${leading}.${kept}`;
}

function factorOf(entered: string, own = ''): Fraction | { error: string } {
  const typed = entered.replace(/\s+/g, ' ').trim();
  if (typed === '' || isUnit(typed, own)) return { over: 1n, under: 1n };
  if (/^[.,'’_]/.test(typed)) return { error: `A number does not end in "${typed}".` };
  const family = families[own] ?? new Map<string, bigint>();
  const known = [...family].find(([unit]) => isUnit(typed, unit));
  if (known) return { over: known[1], under: family.get(own) ?? 1n };
  if (own === '') return { error: `Enter the number alone, without "${typed}".` };
  const instead = [...family.keys()].filter((unit) => unit !== own && unit.length > 1);
  const also = instead.length === 0 ? '' : ` (or ${instead.slice(-4).join(', ')})`;
  return { error: `"${typed}" can't be converted to ${own}: enter the number in ${own}${also}.` };
}

/** Case does not matter where it is the same throughout: `gb` is GB, `Gb` may be bits. */
function isUnit(typed: string, unit: string): boolean {
  return typed === unit || typed === unit.toLowerCase() || typed === unit.toUpperCase();
}

function checked(plain: string, factor: Fraction, rules: NumberRules): EnteredNumber {
  const { decimals = 0, least, most, unit = '' } = rules;
  const [whole = '', fraction = ''] = plain.split('.');
  if (whole.length + fraction.length > 60) return { error: 'The number is too long.' };
  const scale = 10n ** BigInt(decimals);
  const over = BigInt(whole + fraction) * factor.over * scale;
  const under = factor.under * 10n ** BigInt(fraction.length);
  const suffix = unit === '' ? '' : ` ${unit}`;
  if (over % under !== 0n) {
    return {
      error:
        decimals === 0
          ? `Enter a whole number${unit === '' ? '' : ` of ${unit}`}.`
          : `Enter at most ${decimals} decimals.`,
    };
  }
  const scaled = over / under;
  if (least !== undefined && scaled < scaledLimit(least, scale)) {
    return { error: `Enter ${least}${suffix} or more.` };
  }
  if (most !== undefined && scaled > scaledLimit(most, scale)) {
    return { error: `Enter at most ${most}${suffix}.` };
  }
  const digits = scaled.toString().padStart(decimals + 1, '0');
  const at = digits.length - decimals;
  return {
    value: decimals === 0 ? digits : trimZeros(`${digits.slice(0, at)}.${digits.slice(at)}`),
  };
}

function scaledLimit(limit: number | bigint, scale: bigint): bigint {
  return typeof limit === 'bigint' ? limit * scale : BigInt(Math.round(limit * Number(scale)));
}
