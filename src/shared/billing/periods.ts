/** Hours in one calendar month (UTC) out of a period. Hours are whole ones since the Unix epoch. */
export interface MonthPart {
  fromHour: number;
  toHour: number;
  /** Hours of the whole month. */
  monthHours: number;
}

const hourMilliseconds = 3_600_000;

/** Cuts a period where calendar months (UTC) begin. */
export function monthParts(fromHour: number, toHour: number): MonthPart[] {
  const parts: MonthPart[] = [];
  for (let at = fromHour; at < toHour; ) {
    const date = new Date(at * hourMilliseconds);
    const monthAt = (months: number): number =>
      Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months) / hourMilliseconds;
    const ends = Math.min(toHour, monthAt(1));
    parts.push({ fromHour: at, toHour: ends, monthHours: monthAt(1) - monthAt(0) });
    at = ends;
  }
  return parts;
}

/** When an hour begins, ISO 8601 in UTC. */
export function hourToIso(hour: number): string {
  return new Date(hour * hourMilliseconds).toISOString();
}
