import { describe, expect, it } from 'vitest';
import { pauseAfter, withRetry } from '#core/gateway/transport/retry.ts';
import { AppError, type AppErrorData } from '#shared/errors.ts';

const policy = { attempts: 3, attemptsOnTimeout: 2, firstPause: 1, longestPause: 4 };
const failing = (data: Partial<AppErrorData>) =>
  new AppError({ code: 'GATEWAY_FAILED', message: 'm', hint: 'h', retryable: true, ...data });

async function attempts(errors: AppError[]): Promise<{ made: number; outcome: unknown }> {
  let made = 0;
  const outcome = await withRetry(async () => {
    made += 1;
    const error = errors[made - 1];
    if (error) throw error;
    return 'done';
  }, policy).catch((error: unknown) => error);
  return { made, outcome };
}

describe('withRetry', () => {
  it('repeats what can pass', async () => {
    expect(await attempts([failing({}), failing({ code: 'CONNECTION_RESET' })])).toEqual({
      made: 3,
      outcome: 'done',
    });
  });

  it('gives up with the last error', async () => {
    const last = failing({ message: 'last' });
    expect(await attempts([failing({}), failing({}), last, failing({})])).toEqual({
      made: 3,
      outcome: last,
    });
  });

  it('repeats a time-out once only', async () => {
    const error = failing({ code: 'TIMED_OUT' });
    expect((await attempts([error, error, error])).made).toBe(2);
  });

  it.each<Partial<AppErrorData>>([
    { code: 'NOT_FOUND', retryable: false },
    { code: 'CONNECTION_REFUSED' },
    { code: 'CANCELLED' },
    { code: 'ANSWER_TRUNCATED', status: 200 },
  ])('does not repeat %j', async (data) => {
    expect((await attempts([failing(data)])).made).toBe(1);
  });

  it('ends its pause when cancelled', async () => {
    const controller = new AbortController();
    const waiting = withRetry(
      async () => {
        controller.abort();
        throw failing({});
      },
      { ...policy, firstPause: 60_000, longestPause: 60_000 },
      { signal: controller.signal },
    );
    await expect(waiting).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('pauseAfter', () => {
  it('doubles up to the longest and is jittered by half', () => {
    const steps = { ...policy, firstPause: 100, longestPause: 350 };
    expect([1, 2, 3, 4].map((made) => pauseAfter(made, steps, () => 1))).toEqual([
      100, 200, 350, 350,
    ]);
    expect(pauseAfter(1, steps, () => 0)).toBe(50);
  });
});
