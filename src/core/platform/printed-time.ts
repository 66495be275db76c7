/** Returns a moment to the minute as messages print it: `2026-10-01 13:00 UTC`. */
export function printedMinute(at: string | number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Returns a moment to the millisecond as names of files carry it: `20261001T130000000Z`. */
export function fileStamp(at = new Date()): string {
  return at.toISOString().replaceAll(/[-:.]/g, '');
}
