import { AppError } from '#shared/errors.ts';
import type { HourPeriod } from './report-period.ts';

/** For each hour of a period, the hour with which its local day begins within the period. */
export type DayOfHour = (hour: number) => number;

/** Formats moments in a zone, digits and order as ISO 8601 has them. @throws `INPUT_INVALID` */
export function zonedFormat(
  timeZone: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-CA', { ...options, timeZone });
  } catch (cause) {
    throw new AppError({
      code: 'INPUT_INVALID',
      message: `There is no time zone "${timeZone}".`,
      hint: 'Name one as the IANA list does: Europe/Berlin.',
      cause,
    });
  }
}

/**
 * Maps hours to the days of a zone. An hour belongs to the day in which it begins: where a zone is half
 * an hour off, its midnight falls into the middle of an hour, which stays undivided.
 */
export function localDays({ fromHour, toHour }: HourPeriod, timeZone: string): DayOfHour {
  const format = zonedFormat(timeZone, { dateStyle: 'short' });
  const dayOf = new Map<number, number>();
  let date = '';
  let first = fromHour;
  for (let hour = fromHour; hour < toHour; hour += 1) {
    const current = format.format(hour * 3_600_000);
    if (current !== date) {
      date = current;
      first = hour;
    }
    dayOf.set(hour, first);
  }
  return (hour) => dayOf.get(hour) ?? hour;
}
