import { hourToIso } from '#shared/billing/charges.ts';
import { AppError, invalidInput } from '#shared/errors.ts';

/** A period in whole hours since the Unix epoch, the last not included. */
export interface HourPeriod {
  fromHour: number;
  toHour: number;
}

const hourMilliseconds = 3_600_000;
/** Hours in a bit more than ten years. */
const longest = 24 * 3660;

/**
 * The whole hours that a period touches.
 * @throws `INPUT_INVALID` where it ends before it begins, or lasts more than ten years
 */
export function hoursOf({ from, to }: { from: string; to: string }): HourPeriod {
  const fromHour = Math.floor(Date.parse(from) / hourMilliseconds);
  const toHour = Math.ceil(Date.parse(to) / hourMilliseconds);
  if (toHour > fromHour && toHour - fromHour <= longest) return { fromHour, toHour };
  throw invalidInput(
    toHour > fromHour
      ? 'The period lasts more than ten years.'
      : 'The period ends before it begins.',
    'Set an end after the beginning, by ten years at most.',
  );
}

/** The ends of the whole hours that a period touches, as registers keep them. @throws as {@link hoursOf} */
export function boundsOf(period: { from: string; to: string }): { from: string; to: string } {
  const { fromHour, toHour } = hoursOf(period);
  return { from: hourToIso(fromHour), to: hourToIso(toHour) };
}

/** Unix seconds as ISO 8601 in UTC. */
export function secondsToIso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/** Unix milliseconds as ISO 8601 in UTC. */
export function millisecondsToIso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** For each hour of a period, the hour with which its local day begins within the period. */
type DayOfHour = (hour: number) => number;

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
