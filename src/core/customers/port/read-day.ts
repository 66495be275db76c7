/** Reads a calendar day, `YYYY-MM-DD` with or without a time; null: it is none, or written otherwise. */
export function readDay(text: string): string | null {
  const [day] = /^\d{4}-\d{2}-\d{2}(?=$|[ T])/.exec(text.trim()) ?? [];
  const time = Date.parse(`${day}T00:00:00Z`);
  const isDay = !Number.isNaN(time) && new Date(time).toISOString().slice(0, 10) === day;
  return isDay && day ? day : null;
}
