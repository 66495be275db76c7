import { periodWords } from '#shared/billing/period.ts';

export interface Month {
  /** `2026-10`. */
  value: string;
  /** `October 2026`. */
  label: string;
  from: string;
  to: string;
}

/** The twelve months (UTC) before the one of `now`, newest first. */
export function lastMonths(now: Date): Month[] {
  return Array.from({ length: 12 }, (_, index) => {
    const at = (months: number): Date =>
      new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - index - 1 + months));
    const period = { from: at(0).toISOString(), to: at(1).toISOString() };
    return { value: period.from.slice(0, 7), label: periodWords(period), ...period };
  });
}
