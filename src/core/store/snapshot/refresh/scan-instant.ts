import { day } from '#shared/durations.ts';

const dash = 0x2d;
const colon = 0x3a;
const dot = 0x2e;
const letterT = 0x54;
const letterZ = 0x5a;
const monthDays = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Reads `2018-05-25T17:12:00.000Z` or the same without milliseconds from its bytes.
 * @returns milliseconds since the Unix epoch, or NaN for any other form and for days there are not
 */
export function scanInstant(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length === 20 ? bytes[start + 19] !== letterZ : !hasMilliseconds(bytes, start, length)) {
    return Number.NaN;
  }
  if (bytes[start + 4] !== dash || bytes[start + 7] !== dash || bytes[start + 10] !== letterT) {
    return Number.NaN;
  }
  if (bytes[start + 13] !== colon || bytes[start + 16] !== colon) return Number.NaN;
  const year = twoDigits(bytes, start) * 100 + twoDigits(bytes, start + 2);
  const month = twoDigits(bytes, start + 5);
  const date = twoDigits(bytes, start + 8);
  const hour = twoDigits(bytes, start + 11);
  const minute = twoDigits(bytes, start + 14);
  const second = twoDigits(bytes, start + 17);
  const milliseconds = length === 20 ? 0 : threeDigits(bytes, start + 20);
  if (!(year >= 1970 && date >= 1 && date <= daysOfMonth(year, month))) return Number.NaN;
  if (!(hour <= 23 && minute <= 59 && second <= 59)) return Number.NaN;
  const seconds = (hour * 60 + minute) * 60 + second;
  return daysSinceEpoch(year, month, date) * day + seconds * 1000 + milliseconds;
}

function hasMilliseconds(bytes: Uint8Array, start: number, length: number): boolean {
  return length === 24 && bytes[start + 19] === dot && bytes[start + 23] === letterZ;
}

function digit(byte: number | undefined): number {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : Number.NaN;
}

function twoDigits(bytes: Uint8Array, start: number): number {
  return digit(bytes[start]) * 10 + digit(bytes[start + 1]);
}

function threeDigits(bytes: Uint8Array, start: number): number {
  return digit(bytes[start]) * 100 + twoDigits(bytes, start + 1);
}

/** How many days a month has; 0 for a month there is not. */
function daysOfMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return monthDays[month] ?? 0;
}

/** Days of the Gregorian calendar, counted in years that begin in March. */
function daysSinceEpoch(year: number, month: number, date: number): number {
  const shifted = month > 2 ? year : year - 1;
  const monthFromMarch = month > 2 ? month - 3 : month + 9;
  const leaps = Math.floor(shifted / 4) - Math.floor(shifted / 100) + Math.floor(shifted / 400);
  return shifted * 365 + leaps + Math.floor((153 * monthFromMarch + 2) / 5) + date - 1 - 719_468;
}
