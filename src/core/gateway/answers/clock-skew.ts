import { formatCounted } from '#shared/counted.ts';

/** Beyond this difference S3 gateways refuse a request: 15 minutes, in seconds. */
export const toleratedSkewSeconds = 15 * 60;

/**
 * Returns how many seconds this machine's clock is ahead of the gateway's, by the `Date` of an answer;
 * null where the answer has none that can be read.
 */
export function measureSkew(dateHeader: string | undefined, now: Date): number | null {
  const theirs = dateHeader === undefined ? Number.NaN : Date.parse(dateHeader);
  return Number.isNaN(theirs) ? null : Math.round((now.getTime() - theirs) / 1000);
}

/** From here on a clock difference is shown, and corrected for. */
export const notableSkewSeconds = 60;

/** The time that requests are signed with: this machine's, until a gateway refuses it. */
export class SigningClock {
  readonly #clock: () => Date;
  #aheadSeconds = 0;

  constructor(clock: () => Date) {
    this.#clock = clock;
  }

  /** This machine's time. */
  machine(): Date {
    return this.#clock();
  }

  /** @param aheadSeconds by which the machine was taken to be ahead when a request was signed */
  now(aheadSeconds: number = this.#aheadSeconds): Date {
    return new Date(this.#clock().getTime() - aheadSeconds * 1000);
  }

  /** Seconds by which this machine is ahead of the time that is signed with; 0: it is that time. */
  get corrected(): number {
    return this.#aheadSeconds;
  }

  /**
   * Takes the time of a refusal.
   * @param signedAhead what was corrected for when the refused request was signed; other requests may
   * have learned better since
   * @returns whether requests are signed with another time than that one was
   */
  follow(dateHeader: string | undefined, signedAhead: number): boolean {
    const ahead = measureSkew(dateHeader, this.#clock());
    const isNews = ahead !== null && Math.abs(ahead - this.#aheadSeconds) >= notableSkewSeconds;
    if (isNews) this.#aheadSeconds = Math.abs(ahead) < notableSkewSeconds ? 0 : ahead;
    return this.#aheadSeconds !== signedAhead;
  }
}

/** A difference in words: "1 hour ahead of the gateway's". */
export function describeSkew(seconds: number): string {
  const magnitude = Math.abs(seconds);
  if (magnitude < 2) return "the same as the gateway's";
  return `${describeDuration(magnitude)} ${seconds > 0 ? 'ahead of' : 'behind'} the gateway's`;
}

function describeDuration(seconds: number): string {
  const units = [
    [86_400, 'day'],
    [3600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ] as const;
  const first = units.findIndex(([size]) => seconds >= size);
  let rest = seconds;
  return units
    .slice(first, first + 2)
    .map(([size, name]) => {
      const count = Math.floor(rest / size);
      rest -= count * size;
      return count === 0 ? '' : formatCounted(count, name);
    })
    .filter((part) => part !== '')
    .join(' ');
}
