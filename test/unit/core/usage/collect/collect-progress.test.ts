import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TaskControls } from '#core/platform/tasks/task-registry.ts';
import { CollectProgress, rateWords } from '#core/usage/collect/collect-progress.ts';

describe('the rate of a collection', () => {
  it.each([
    [0, '0 objects/s'],
    [0.4, '0.4 objects/s'],
    [1, '1 object/s'],
    [2, '2 objects/s'],
    [9.96, '10 objects/s'],
    [1234.4, '1,234 objects/s'],
  ])('of %d is said as %s', (rate, words) => {
    expect(rateWords(rate)).toBe(words);
  });
});

describe('how far a collection is', () => {
  afterEach(() => vi.useRealTimers());

  it('has no total and no time left before the list is read to its end', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const reported: Parameters<TaskControls['progress']>[0][] = [];
    const progress = new CollectProgress({ progress: (update) => reported.push(update) });
    const work = (steps: number) => {
      for (let step = 0; step < steps; step += 1) {
        vi.advanceTimersByTime(10);
        progress.step();
      }
    };
    progress.expect(1000);
    work(758);
    progress.expect(1788);
    expect(reported.every(({ total }) => total === null)).toBe(true);
    expect(reported.at(-1)?.stage).toBe('100 objects/s, still listing');
    expect(reported.some(({ stage }) => stage?.includes('left'))).toBe(false);
    progress.listed();
    work(242);
    expect(reported.at(-1)).toMatchObject({
      done: 1000,
      total: 2788,
      stage: '100 objects/s, 18 s left',
    });
  });
});
