import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { secureDeserted } from '../../../src/web/secure-deserted.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a deserted console is secured until no change holds anything up, or a browser is back', async () => {
  const reply = (inProgress: number) => ({ ok: true, value: { locked: 0, inProgress } }) as never;
  let deserted = true;
  const dispatch = vi.fn(async () => reply(1)).mockResolvedValueOnce(reply(1));
  secureDeserted({ dispatch }, () => deserted);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(dispatch).toHaveBeenCalledTimes(2);
  dispatch.mockResolvedValueOnce(reply(0));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(dispatch).toHaveBeenCalledTimes(3);

  secureDeserted({ dispatch }, () => deserted);
  deserted = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(dispatch).toHaveBeenCalledTimes(4);
});
