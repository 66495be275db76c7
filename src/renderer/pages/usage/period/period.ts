import { day, hour } from '#shared/durations.ts';
import { type Clock, dateFormat, minuteParts } from '../../../kit/components/format.ts';
import { locale } from '../../../kit/components/locale.ts';

/** How a period was selected; `collected` is everything that the archive holds. */
export const periodPresets = [
  'collected',
  'last-month',
  'this-month',
  'last-7-days',
  'last-30-days',
  'custom',
] as const;

export type PeriodPreset = (typeof periodPresets)[number];

/** From one moment (included) to another (not included), ISO 8601 in UTC. */
export interface Span {
  from: string;
  to: string;
}

export const presetLabels: Record<PeriodPreset, string> = {
  collected: 'All that is collected',
  'last-month': 'Last month',
  'this-month': 'This month',
  'last-7-days': 'Last 7 days',
  'last-30-days': 'Last 30 days',
  custom: 'Selected dates',
};

export function isPreset(word: string | null): word is PeriodPreset {
  return (periodPresets as readonly string[]).includes(word ?? '');
}

function startOfMonth(now: Date, monthsLater: number, clock: Clock): number {
  return clock === 'utc'
    ? Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + monthsLater, 1)
    : new Date(now.getFullYear(), now.getMonth() + monthsLater, 1).getTime();
}

function span(from: number, to: number): Span {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/**
 * The span of a choice that follows from the clock alone. Months begin where the clock on screen says
 * so; "last 7 days" ends with the hour under way.
 * @param now milliseconds since the Unix epoch
 */
export function presetSpan(
  preset: Exclude<PeriodPreset, 'collected' | 'custom'>,
  now: number,
  clock: Clock,
): Span {
  const date = new Date(now);
  const end = Math.ceil((now + 1) / hour) * hour;
  switch (preset) {
    case 'last-month':
      return span(startOfMonth(date, -1, clock), startOfMonth(date, 0, clock));
    case 'this-month':
      return span(startOfMonth(date, 0, clock), end);
    case 'last-7-days':
      return span(end - 7 * day, end);
    case 'last-30-days':
      return span(end - 30 * day, end);
  }
}

/** The whole hours around a span, so that no part of an hour is cut off. */
export function wholeHours({ from, to }: Span): Span {
  return span(Math.floor(Date.parse(from) / hour) * hour, Math.ceil(Date.parse(to) / hour) * hour);
}

/** The dates of a span as the clock on screen has them: `2026-10-01`, the last one included. */
export function datesOf({ from, to }: Span, clock: Clock): [first: string, last: string] {
  return [dateOf(Date.parse(from), clock), dateOf(Date.parse(to) - 1, clock)];
}

function dateOf(time: number, clock: Clock): string {
  const date = new Date(time);
  if (clock === 'utc') return date.toISOString().slice(0, 10);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The span of whole days from one date to another, both included; null where they are none. */
export function spanOfDates(first: string, last: string, clock: Clock): Span | null {
  const from = startOfDate(first, 0, clock);
  const to = startOfDate(last, 1, clock);
  return from !== null && to !== null && from < to ? span(from, to) : null;
}

function startOfDate(text: string, daysLater: number, clock: Clock): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return null;
  const [year, month, date] = [Number(match[1]), Number(match[2]) - 1, Number(match[3])];
  const time =
    clock === 'utc'
      ? Date.UTC(year, month, date + daysLater)
      : new Date(year, month, date + daysLater).getTime();
  return Number.isNaN(time) ? null : time;
}

/** When the day of a moment ends, by a clock; with the period at the latest. */
export function endOfDay(at: string, clock: Clock, { to }: Span): string {
  const [date] = datesOf({ from: at, to: new Date(Date.parse(at) + 1).toISOString() }, clock);
  const end = spanOfDates(date, date, clock)?.to ?? to;
  return end < to ? end : to;
}

/** A month by its name: `October 2026`. */
export function monthName(iso: string, clock: Clock): string {
  return dateFormat(clock, { month: 'long', year: 'numeric' }).format(new Date(iso));
}

/**
 * A span in words, as short as it can be exact: `October 2026`, `1–21 Nov 2026`,
 * `17 Nov 2026, 18:00 – 21 Nov 2026, 20:00`.
 */
export function spanWords(period: Span, clock: Clock): string {
  const [first, last] = datesOf(period, clock);
  const whole = spanOfDates(first, last, clock);
  const [from, to] = [new Date(period.from), new Date(period.to)];
  if (whole?.from !== period.from || whole.to !== period.to) {
    return dateFormat(clock, minuteParts).formatRange(from, to);
  }
  const month = presetSpan('last-month', nextMonth(from, clock), clock);
  if (month.from === period.from && month.to === period.to) return monthName(period.from, clock);
  const lastDay = new Date(Date.parse(period.to) - 1);
  return dateFormat(clock, { day: 'numeric', month: 'short', year: 'numeric' }).formatRange(
    from,
    lastDay,
  );
}

function nextMonth(date: Date, clock: Clock): number {
  return startOfMonth(date, 1, clock) + 12 * hour;
}

/** The operator's time zone as the archive's calls take it; nothing for UTC. */
export function timeZoneOf(clock: Clock): { timeZone?: string } {
  return clock === 'utc' ? {} : { timeZone: locale.timeZone };
}
