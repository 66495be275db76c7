export interface Month {
  /** `2026-10`. */
  value: string;
  /** `October 2026`. */
  label: string;
  from: string;
  to: string;
}

const names = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** The twelve months (UTC) before the one of `now`, newest first. */
export function lastMonths(now: Date): Month[] {
  return Array.from({ length: 12 }, (_, index) => {
    const at = (months: number): Date =>
      new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - index - 1 + months));
    const from = at(0).toISOString();
    return {
      value: from.slice(0, 7),
      label: names.format(at(0)),
      from,
      to: at(1).toISOString(),
    };
  });
}
