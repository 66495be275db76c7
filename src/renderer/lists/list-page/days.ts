import { dateFormat } from '../../kit/components/format.ts';

/** A range of days, both included, each as `2026-11-26` in the operator's own time zone. */
export interface Days {
  from: string;
  to: string;
}

const day = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Midnight at the beginning of a day of the operator's time zone; null for what is no day. */
export function midnight(text: string, later = 0): Date | null {
  const [, year, month, date] = day.exec(text) ?? [];
  if (year === undefined) return null;
  const start = new Date(Number(year), Number(month) - 1, Number(date) + later);
  return Number.isNaN(start.getTime()) ? null : start;
}

/** Reads `2026-11-01..2026-11-07`; null for what is no such range. */
export function readDays(text: string): Days | null {
  const [from = '', to = '', ...rest] = text.split('..');
  const isRange = rest.length === 0 && midnight(from) && midnight(to) && from <= to;
  return isRange ? { from, to } : null;
}

export function writeDays({ from, to }: Days): string {
  return `${from}..${to}`;
}

/** Returns what a range reads like on its chip: `1 Nov 2026 to 7 Nov 2026`. */
export function daysWords(text: string): string {
  const days = readDays(text);
  if (!days) return text;
  const format = dateFormat('local', { day: 'numeric', month: 'short', year: 'numeric' });
  const words = (of: string): string => format.format(midnight(of) ?? 0);
  return days.from === days.to ? words(days.from) : `${words(days.from)} to ${words(days.to)}`;
}

/** Choices of a period by local days; a filter adds what it wants of them. */
export const periodOptions = [
  { value: '0', label: 'Today' },
  { value: 'yesterday', label: 'Yesterday' },
  { value: '7', label: 'Last 7 days' },
  { value: '30', label: 'Last 30 days' },
] as const;

/**
 * The moments a period stands for: days of the operator's time zone, so that one choice asks the same
 * within a day. What is none, as an address may have it, matches nothing.
 */
export function momentsOf(period: string): { from: string; to?: string } {
  const days = readDays(period);
  if (days) return momentsOfDays(days);
  if (period === 'yesterday') {
    const yesterday = dayAgo(1);
    return momentsOfDays({ from: yesterday, to: yesterday });
  }
  if (!/^\d{1,5}$/.test(period)) return { from: '9999-12-31T00:00:00.000Z' };
  return { from: midnight(dayAgo(Number(period)))?.toISOString() ?? '' };
}

function momentsOfDays({ from, to }: Days): { from: string; to: string } {
  const end = midnight(to, 1)?.getTime() ?? 0;
  return { from: midnight(from)?.toISOString() ?? '', to: new Date(end - 1).toISOString() };
}

/** The day that many days ago, as `2026-11-26`. */
export function dayAgo(days: number): string {
  const now = new Date();
  const then = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(then.getFullYear()).padStart(4, '0')}-${two(then.getMonth() + 1)}-${two(then.getDate())}`;
}
