const day = 86_400_000;

/**
 * The start of the day so many days ago, for filters by age: days, not moments, so that the same choice
 * makes the same question within a day.
 * @returns ISO 8601, midnight in UTC
 */
export function startOfDay(daysAgo: number): string {
  return new Date(Math.floor(Date.now() / day) * day - daysAgo * day).toISOString();
}
