import { AppError } from '#shared/errors.ts';

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
  throw new AppError({
    code: 'INPUT_INVALID',
    message:
      toHour > fromHour
        ? 'The period lasts more than ten years.'
        : 'The period ends before it begins.',
    hint: 'Choose an end that is after the beginning, by ten years at most.',
  });
}

/** When an hour begins, ISO 8601 in UTC. */
export function hourToIso(hour: number): string {
  return new Date(hour * hourMilliseconds).toISOString();
}

/** Unix seconds as ISO 8601 in UTC. */
export function secondsToIso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}

/** Unix milliseconds as ISO 8601 in UTC. */
export function millisecondsToIso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
