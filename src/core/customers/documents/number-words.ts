import { amountDecimal } from '#shared/billing/money.ts';
import { monthName } from '#shared/billing/period.ts';
import type { WireInteger } from '#shared/units.ts';

/** Numbers and dates as they are written in one language. */
export interface NumberWords {
  /** `1.234,50`: exact, whatever its size. */
  money(amount: WireInteger | bigint, minorDigits: number): string;
  /** A decimal text, its trailing zeros omitted: `0,0315`. */
  decimal(text: string): string;
  date(time: string): string;
  /** With the hour, where it is not midnight. */
  moment(time: string): string;
  /** `Oktober 2026`, or both ends with their hours where it is no month of UTC. */
  period(period: { from: string; to: string }): string;
}

const knownWords = new Map<string, NumberWords>();

/** Returns the formats of numbers and dates in a language (BCP 47); English if unknown. */
export function numberWords(language = 'en-GB'): NumberWords {
  const known = knownWords.get(language) ?? makeWords(supported(language));
  knownWords.set(language, known);
  return known;
}

function supported(language: string): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf(language)[0] ?? 'en-GB';
  } catch {
    return 'en-GB';
  }
}

// narrow spaces between groups are in no font of documents
const plain = (text: string): string => text.replaceAll('\u202f', '\u00a0');

function makeWords(language: string): NumberWords {
  const whole = new Intl.NumberFormat(language, { numberingSystem: 'latn' });
  const mark = plain(whole.formatToParts(1.5).find(({ type }) => type === 'decimal')?.value ?? '.');
  const decimal = (text: string): string => {
    const [digits = '0', fraction = ''] = text.replace('-', '').split('.');
    const words = plain(whole.format(BigInt(digits)));
    return `${text.startsWith('-') ? '\u2212' : ''}${words}${fraction === '' ? '' : mark + fraction}`;
  };
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
  const hour = new Intl.DateTimeFormat(language, {
    ...{ dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' },
  });
  return {
    money: (amount, minorDigits) => decimal(amountDecimal(amount, minorDigits)),
    decimal: (text) =>
      decimal(text.includes('.') ? text.replace(/0+$/, '').replace(/\.$/, '') : text),
    date: (time) => plain(day.format(new Date(time))),
    period: (period) =>
      plain(
        monthName(period, language) ??
          `${hour.format(new Date(period.from))} to ${hour.format(new Date(period.to))}`,
      ),
    moment: (time) => plain((/T00:00:00(\.000)?Z$/.test(time) ? day : hour).format(new Date(time))),
  };
}
