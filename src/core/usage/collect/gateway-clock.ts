import type { z } from 'zod';
import type { collectResult } from '#shared/contract/usage-objects.ts';
import { describeSkew, measureSkew } from '../../gateway/answers/clock-skew.ts';

/** A larger difference of the two clocks is said and added to the margin; seconds. */
const worthSaying = 60;

/** What a run learned of the two clocks; part of its result. */
type ClockFindings = z.output<typeof collectResult>['clock'];

/**
 * The time as the earlier of this computer's clock and the gateway's tells it. Neither alone is
 * trusted: with a clock that is ahead, what still grows would count as past all change.
 */
export class GatewayClock {
  #dated = 0;
  #undated = 0;
  #ahead = 0;

  /**
   * Takes the `Date` of an answer in.
   * @param receivedAt by this computer's clock, Unix milliseconds
   * @returns the time of the answer by the earlier clock, or null where the gateway gave none
   */
  heard(date: string | undefined, receivedAt: number): number | null {
    const ahead = measureSkew(date, new Date(receivedAt));
    if (ahead === null) {
      this.#undated += 1;
      return null;
    }
    this.#dated += 1;
    if (Math.abs(ahead) > Math.abs(this.#ahead)) this.#ahead = ahead;
    return Math.min(receivedAt, Date.parse(date as string));
  }

  /** A time of this computer's clock, or an earlier one if the gateway's was found to be behind. */
  earlierOf(now: number): number {
    return now - Math.max(0, this.#ahead) * 1000;
  }

  /** How much longer than usual an object has to rest, milliseconds. */
  get margin(): number {
    return Math.abs(this.findings().aheadSeconds ?? 0) * 1000;
  }

  findings(): ClockFindings {
    const dates = this.#dated === 0 ? 'none' : this.#undated === 0 ? 'all' : 'some';
    const aheadSeconds = Math.abs(this.#ahead) > worthSaying ? this.#ahead : null;
    return { dates, aheadSeconds, words: wordsOf(dates, aheadSeconds) };
  }
}

function wordsOf(dates: ClockFindings['dates'], aheadSeconds: number | null): string | null {
  const words: string[] = [];
  if (dates !== 'all') {
    const answers = dates === 'none' ? 'No answer' : 'Not every answer';
    words.push(
      `${answers} of the gateway had a Date. What comes without one is archived, but neither settles nor is deleted: nobody can tell whether it still grows. Check for a proxy that removes the header.`,
    );
  }
  if (aheadSeconds !== null) {
    words.push(
      `This computer's clock is ${describeSkew(aheadSeconds)}. The earlier of the two counts, and the difference was added to the time that objects rest before they are deleted. Set the clock right.`,
    );
  }
  return words.length === 0 ? null : words.join(' ');
}
