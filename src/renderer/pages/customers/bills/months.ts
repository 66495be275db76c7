import { periodWords } from '#shared/billing/period.ts';

export interface Month {
  /** `2026-10`. */
  value: string;
  /** `October 2026`. */
  label: string;
  from: string;
  to: string;
  /** Why no statement can be made for it yet; null once it has ended. */
  notYet: string | null;
}

function monthOf(now: Date, before: number): Month {
  const at = (months: number): Date =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - before + months));
  const period = { from: at(0).toISOString(), to: at(1).toISOString() };
  const label = periodWords(period);
  const notYet = before > 0 ? null : `${label} has not ended yet (UTC).`;
  return { value: period.from.slice(0, 7), label, ...period, notYet };
}

/** The twelve months (UTC) before the one of `now`, newest first. */
export function lastMonths(now: Date): Month[] {
  return Array.from({ length: 12 }, (_, index) => monthOf(now, index + 1));
}

/** The month (UTC) of `now`, in which statements of cancellations may end. */
export const thisMonth = (now: Date): Month => monthOf(now, 0);
