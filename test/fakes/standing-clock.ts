import { vi } from 'vitest';

/**
 * A clock for time-outs that a test wants to elapse: it stays where it is, however busy the machine is,
 * until it is moved on.
 */
export class StandingClock implements Disposable {
  constructor() {
    vi.useFakeTimers({
      toFake: ['setTimeout', 'clearTimeout', 'performance'],
      shouldClearNativeTimers: true,
    });
  }

  /** Lets so much time go by once something is so. */
  async elapse(milliseconds: number, once: () => boolean): Promise<void> {
    while (!once()) await new Promise(setImmediate);
    vi.advanceTimersByTime(milliseconds);
  }

  [Symbol.dispose](): void {
    vi.useRealTimers();
  }
}
