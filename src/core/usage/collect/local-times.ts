import { zonedFormat } from '../coverage/report-period.ts';

/** Writes moments as a clock in a zone shows them. */
export class LocalTimes {
  readonly timeZone: string;
  readonly #format: Intl.DateTimeFormat;

  /** @param timeZone as the IANA list names it */
  constructor(timeZone: string) {
    this.timeZone = timeZone;
    this.#format = zonedFormat(timeZone, {
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      timeZoneName: 'longOffset',
    });
  }

  /** `2026-10-01` */
  date(iso: string): string {
    const { year, month, day } = this.#parts(iso);
    return `${year}-${month}-${day}`;
  }

  /** `2026-10-01T14:00+02:00`: hours that a clock shows twice are told apart. */
  time(iso: string): string {
    const { hour, minute, timeZoneName = '' } = this.#parts(iso);
    const offset = timeZoneName.replace('GMT', '') || '+00:00';
    return `${this.date(iso)}T${hour}:${minute}${offset}`;
  }

  #parts(iso: string): Partial<Record<Intl.DateTimeFormatPartTypes, string>> {
    const parts = this.#format.formatToParts(new Date(iso));
    return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  }
}
