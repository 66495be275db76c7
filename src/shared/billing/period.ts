interface Period {
  from: string;
  to: string;
}

const minuteOf = (at: string): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ');

/** Returns the month (UTC) that a period is, as `2026-10`; null where it is another one. */
function monthOf({ from, to }: Period): string | null {
  const [begin, end] = [new Date(from), new Date(to)];
  const [year, month] = [begin.getUTCFullYear(), begin.getUTCMonth()];
  const isMonth =
    begin.getTime() === Date.UTC(year, month) && end.getTime() === Date.UTC(year, month + 1);
  return isMonth ? begin.toISOString().slice(0, 7) : null;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function monthFormat(language: string): Intl.DateTimeFormat {
  const parts = { month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  const format = formats.get(language) ?? new Intl.DateTimeFormat(language, parts);
  formats.set(language, format);
  return format;
}

/** Returns the name of a period that is one month (UTC), `October 2026`; null for any other. */
export function monthName(period: Period, language = 'en'): string | null {
  return monthOf(period) === null ? null : monthFormat(language).format(new Date(period.from));
}

/** Returns both ends of a period: `2026-10-01 00:00 to 2026-11-01 00:00 UTC`. */
export const periodBounds = ({ from, to }: Period): string =>
  `${minuteOf(from)} to ${minuteOf(to)} UTC`;

/** Returns a period in words: `October 2026`, or both ends where it is no month of UTC. */
export function periodWords(period: Period): string {
  return monthName(period) ?? periodBounds(period);
}

/** Returns a period as names of files carry it: `2026-10`, else `20261001T0000Z-20261016T0000Z`. */
export function periodFileName(period: Period): string {
  const stamp = (at: string): string =>
    `${minuteOf(at).replaceAll(/[-:]/g, '').replace(' ', 'T')}Z`;
  return monthOf(period) ?? `${stamp(period.from)}-${stamp(period.to)}`;
}
