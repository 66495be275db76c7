import { describe, expect, it } from 'vitest';
import { endsTheRun, pauseBeforeRetry, readWithRetries } from '#core/usage/collect/retry-plan.ts';
import { AppError, type ErrorCode } from '#shared/errors.ts';

const plan = { attempts: 4, firstPause: 100, longestPause: 250 };

function failure(code: ErrorCode, retryable = false): AppError {
  return new AppError({ code, message: 'It failed.', hint: 'Nothing.', retryable });
}

describe('pauseBeforeRetry', () => {
  it('grows, and ends', () => {
    const again = (made: number) => pauseBeforeRetry(failure('GATEWAY_FAILED', true), made, plan);
    expect(again(1)).toBeLessThanOrEqual(100);
    expect(again(3)).toBeGreaterThan(100);
    expect(again(4)).toBeNull();
  });

  it('tries again what something in between answered, and not what the gateway refused', () => {
    expect(pauseBeforeRetry(failure('ANSWER_NOT_JSON'), 1, plan)).not.toBeNull();
    expect(pauseBeforeRetry(failure('REDIRECTED'), 1, plan)).not.toBeNull();
    expect(pauseBeforeRetry(failure('REQUEST_REFUSED'), 1, plan)).toBeNull();
  });
});

describe('endsTheRun', () => {
  it('knows what no other request would survive either', () => {
    expect(endsTheRun(failure('ACCESS_DENIED'))).toBe(true);
    expect(endsTheRun(failure('GATEWAY_FAILED'))).toBe(false);
    expect(endsTheRun(new Error('strange'))).toBe(false);
  });
});

describe('readWithRetries', () => {
  const quick = { attempts: 3, firstPause: 0, longestPause: 0 };

  it('yields the first answer', async () => {
    let asked = 0;
    const read = async (): Promise<number> => {
      asked += 1;
      if (asked < 3) throw failure('GATEWAY_FAILED', true);
      return asked;
    };
    expect(await readWithRetries(read, quick, new AbortController().signal)).toBe(3);
  });

  it('does not try again what ends the run', async () => {
    let asked = 0;
    const read = async (): Promise<never> => {
      asked += 1;
      throw failure('ACCESS_DENIED', true);
    };
    await expect(readWithRetries(read, quick, new AbortController().signal)).rejects.toMatchObject({
      code: 'ACCESS_DENIED',
    });
    expect(asked).toBe(1);
  });
});
